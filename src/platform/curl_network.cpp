#include "platform/curl_network.h"

#include <curl/curl.h>

#include "base/ensure.h"
#include "base/text.h"
#include "platform/curl_transport.h"
#include "platform/disk_files.h"

namespace zonepin {
namespace {

constexpr std::size_t kMaxCaFile = std::size_t{16} << 20;  // the system's whole bundle takes about 0.2 MiB

void start_curl_once() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  ensure(started == CURLE_OK, "libcurl can't be started");
}

Result<void> check_ca_file(const std::string& path, Signals& signals) {
  Result<std::string> text = DiskFiles(signals).read(path, kMaxCaFile);
  if (!text) {
    Error error = std::move(text.error());
    error.message = "CA file " + error.message;
    return fail(std::move(error));
  }
  if (text->find("-----BEGIN ") != std::string::npos && text->find("CERTIFICATE-----") != std::string::npos)
    return {};
  return fail(Trouble::usage, "CA file " + escape(path) + ": holds no certificate",
              "it must be a PEM file, with lines that say BEGIN CERTIFICATE");
}

}  // namespace

Result<std::unique_ptr<Transport>> CurlNetwork::open(const TransportOptions& options) {
  if (!options.ca_file.empty()) {
    // "-" would be standard input here and a file of that name for libcurl.
    if (options.ca_file == "-") return fail(Trouble::usage, "the CA file can't be read from standard input");
    if (const Result<void> good = check_ca_file(options.ca_file, signals_); !good) return fail(good.error());
  }
  start_curl_once();
  return open_curl_transport(options, clock_, signals_);
}

}  // namespace zonepin
