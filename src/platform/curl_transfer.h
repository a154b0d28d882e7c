// One request of the transport: an easy handle, set up for it, and what has come back so far.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/world.h"

struct curl_slist;

namespace zonepin {

struct TransferSettings {
  TransportOptions options;
  // Whether one file holds all certificates: libcurl keeps it in memory only when it needs no folder of them
  // besides.
  bool certificates_in_one_file = false;
  std::optional<Milliseconds> end_by;  // no transfer that begins lasts beyond this
};

// libcurl must have been started.
TransferSettings transfer_settings(const TransportOptions& options);

// Why a request can't be sent as it stands (an address, target or header that would be read as something
// else, plain HTTP to a host that is not this machine), or none.
std::optional<TransportError> unsendable(const Endpoint& endpoint, const HttpRequest& request,
                                         const Secret& authorization);

// Made once, used for many requests in turn: begin(), then either end() or give_up().
class Transfer {
 public:
  Transfer();
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void* handle() const { return easy_; }  // CURL*

  // REQUIRES: unsendable() had nothing to say.
  void begin(RequestId id, const TransferSettings& settings, Endpoint endpoint, HttpRequest request,
             Secret authorization, Milliseconds now);
  // `code`: the CURLcode that the multi handle gave.
  Completion end(int code, Milliseconds now);
  Completion give_up(Milliseconds now);

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static int on_sending(void* self, char* peer, char* local, int peer_port, int local_port) noexcept;

  void set_request(Secret authorization);
  void set_body();
  void set_connection();
  void set_trust(const TransferSettings& settings);
  void set_callbacks();
  void add_header(std::string line);
  HttpResponse response();
  TransportError error(int code);
  void forget();

  void* easy_;
  RequestId id_ = 0;
  TransportOptions options_;
  Endpoint endpoint_;
  HttpRequest request_;
  curl_slist* headers_ = nullptr;
  std::vector<char> reason_;  // libcurl's own words for an error
  Milliseconds begun_{0};
  std::string body_;
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  bool sent_ = false;  // The request was handed to a connection: from then on it may have been carried out.
  bool repeat_refused_ = false;  // libcurl wanted to send it once more.
};

}  // namespace zonepin
