#include "platform/curl_transfer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/ensure.h"
#include "base/text.h"
#include "platform/curl_fault.h"

namespace zonepin {
namespace {

constexpr long kUploadBufferBytes = 16 << 10;
constexpr std::size_t kMaxHeaderBytes = std::size_t{256} << 10;  // of one answer, interim ones included

// curl_easy_setopt without its macro: an option that this libcurl refuses is our mistake.
template <class Value>
void set(void* easy, CURLoption option, Value value) {
  const CURLcode code = (curl_easy_setopt)(easy, option, value);
  ensure(code == CURLE_OK, curl_easy_strerror(code));
}

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool is_this_machine(const std::string& host) {
  if (host == "localhost" || (is_ipv4(host) && host.starts_with("127."))) return true;
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1 && IN6_IS_ADDR_LOOPBACK(&address);
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_';
}

bool is_target_character(char c) {
  return c > ' ' && c < 0x7f && c != '#';
}

bool is_header_name_character(char c) {
  return is_host_character(c) || std::string_view("!#$%&'*+^`|~").find(c) != std::string_view::npos;
}

bool breaks_a_line(char c) {
  return c == '\r' || c == '\n' || c == '\0';
}

bool is_sendable_header(std::string_view name, std::string_view value) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_header_name_character) &&
         std::none_of(value.begin(), value.end(), breaks_a_line);
}

std::string reason_not_to_send(const Endpoint& endpoint, const HttpRequest& request,
                               const Secret& authorization) {
  const std::string& host = endpoint.host;
  const bool good_name = !host.empty() && std::all_of(host.begin(), host.end(), is_host_character);
  if (!good_name && !is_ipv6(host)) return "the host name has characters that no host name has";
  if (endpoint.port < 1 || endpoint.port > 65535) return "there is no port " + std::to_string(endpoint.port);
  if (endpoint.scheme != "https" && endpoint.scheme != "http") return "only https is spoken here";
  if (endpoint.scheme == "http" && !is_this_machine(host)) return "plain HTTP is for loopback addresses only";
  const std::string& target = request.target;
  if (!target.starts_with('/') || !std::all_of(target.begin(), target.end(), is_target_character)) {
    return "the path has characters that must be percent-encoded";
  }
  for (const HttpHeader& each : request.headers) {
    if (!is_sendable_header(each.name, each.value))
      return "the header " + in_quotes(each.name) + " is malformed";
  }
  if (!is_sendable_header("Authorization", authorization.reveal()))
    return "the credential has a line break inside";
  return "";
}

bool has_body(const HttpRequest& request) {
  // RFC 9110, 8.6: these methods give a body a meaning, so that even an empty one has its Content-Length.
  return !request.body.empty() || request.method == HttpMethod::put || request.method == HttpMethod::post;
}

void wipe_and_free(curl_slist*& list) {
  for (curl_slist* each = list; each != nullptr; each = each->next)
    explicit_bzero(each->data, strlen(each->data));
  curl_slist_free_all(list);
  list = nullptr;
}

}  // namespace

TransferSettings transfer_settings(const TransportOptions& options) {
  TransferSettings settings{options, !options.ca_file.empty(), std::nullopt};
  if (settings.certificates_in_one_file) return settings;
  CURL* const easy = curl_easy_init();
  ensure(easy != nullptr, "libcurl gives no easy handle");
  const char* bundle = nullptr;  // the file that this libcurl was built to trust
  curl_easy_getinfo(easy, CURLINFO_CAINFO, &bundle);
  settings.certificates_in_one_file = bundle != nullptr && access(bundle, R_OK) == 0;
  curl_easy_cleanup(easy);
  return settings;
}

std::optional<TransportError> unsendable(const Endpoint& endpoint, const HttpRequest& request,
                                         const Secret& authorization) {
  const std::string reason = reason_not_to_send(endpoint, request, authorization);
  if (reason.empty()) return std::nullopt;
  return TransportError{TransportFault::refused,
                        escape(authority_of(endpoint)) + ": nothing was sent: " + reason};
}

Transfer::Transfer() : easy_(curl_easy_init()), reason_(CURL_ERROR_SIZE, '\0') {
  ensure(easy_ != nullptr, "libcurl gives no easy handle");
}

Transfer::~Transfer() {
  curl_easy_cleanup(easy_);
  wipe_and_free(headers_);
  wipe(request_.body);
}

void Transfer::begin(RequestId id, const TransferSettings& settings, Endpoint endpoint, HttpRequest request,
                     Secret authorization, Milliseconds now) {
  id_ = id;
  options_ = settings.options;
  if (settings.end_by) {
    const Milliseconds left = std::max(*settings.end_by - now, Milliseconds(1));
    options_.total_timeout = std::min(options_.total_timeout, left);
  }
  endpoint_ = std::move(endpoint);
  request_ = std::move(request);
  begun_ = now;
  set_request(std::move(authorization));
  set_connection();
  set_trust(settings);
  set_callbacks();
}

void Transfer::set_request(Secret authorization) {
  const std::string url = endpoint_.scheme + "://" + authority_of(endpoint_) + request_.target;
  set(easy_, CURLOPT_URL, url.c_str());
  set(easy_, CURLOPT_PATH_AS_IS, 1L);
  set(easy_, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(easy_, CURLOPT_PROTOCOLS_STR, endpoint_.scheme.c_str());
  set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  // Lists are worth packing; the answer to a write is one token, and packing it costs both sides more than it
  // saves. Without any word here libcurl would hand over what is packed all the same as if it were the body.
  const char* encoding = request_.method == HttpMethod::get ? "gzip" : "identity";
  set(easy_, CURLOPT_ACCEPT_ENCODING, encoding);
  set(easy_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  if (!options_.user_agent.empty()) set(easy_, CURLOPT_USERAGENT, options_.user_agent.c_str());
  // Bodies are small. With its usual 64 KiB libcurl's buffer would come and go with every request, and its
  // end makes the C library tidy up its whole heap.
  set(easy_, CURLOPT_UPLOAD_BUFFERSIZE, kUploadBufferBytes);
  set_body();
  for (const HttpHeader& each : request_.headers) {
    // libcurl takes "name:" for "leave it out"; "name;" sends it empty.
    add_header(each.value.empty() ? each.name + ";" : each.name + ": " + each.value);
  }
  if (!authorization.empty()) add_header("Authorization: " + std::string(authorization.reveal()));
  set(easy_, CURLOPT_HTTPHEADER, headers_);
  set(easy_, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));  // None of it goes to a proxy.
}

void Transfer::set_body() {
  const std::string method(to_string(request_.method));
  if (!has_body(request_)) {
    set(easy_, CURLOPT_HTTPGET, 1L);
    set(easy_, CURLOPT_CUSTOMREQUEST, method.c_str());
    return;
  }
  set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  set(easy_, CURLOPT_POSTFIELDS, request_.body.c_str());  // Not copied: request_ keeps it.
  set(easy_, CURLOPT_CUSTOMREQUEST, method.c_str());
  add_header("Expect:");
  // libcurl would call every body a form.
  if (!header(request_.headers, "Content-Type").has_value()) add_header("Content-Type:");
}

void Transfer::add_header(std::string line) {
  curl_slist* const longer = curl_slist_append(headers_, line.c_str());
  wipe(line);
  ensure(longer != nullptr, "no memory for a header");
  headers_ = longer;
}

void Transfer::set_connection() {
  const TransportOptions& options = options_;
  set(easy_, CURLOPT_NOSIGNAL, 1L);
  set(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_timeout.count()));
  set(easy_, CURLOPT_TCP_NODELAY, 1L);
  set(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy_, CURLOPT_QUICK_EXIT,
      1L);  // A name server that doesn't answer must not hold up the end of the run.
  if (is_this_machine(endpoint_.host)) set(easy_, CURLOPT_NOPROXY, "*");
}

void Transfer::set_trust(const TransferSettings& settings) {
  set(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));  // or later
  set(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy_, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  set(easy_, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
  if (settings.certificates_in_one_file) {
    set(easy_, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    set(easy_, CURLOPT_PROXY_CAPATH, static_cast<const char*>(nullptr));
  }
  if (!settings.options.ca_file.empty()) {
    set(easy_, CURLOPT_CAINFO, settings.options.ca_file.c_str());
    set(easy_, CURLOPT_PROXY_CAINFO, settings.options.ca_file.c_str());
  }
}

void Transfer::set_callbacks() {
  set(easy_, CURLOPT_ERRORBUFFER, reason_.data());
  set(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(easy_, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(easy_, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(easy_, CURLOPT_PREREQFUNCTION, &Transfer::on_sending);
  set(easy_, CURLOPT_PREREQDATA, static_cast<void*>(this));
}

// Only counts: the headers of the last answer are taken from libcurl in the end, interim and proxy answers
// are not.
std::size_t Transfer::on_header(char*, std::size_t size, std::size_t count, void* self) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(self);
  transfer.header_bytes_ += size * count;
  transfer.too_large_ = transfer.too_large_ || transfer.header_bytes_ > kMaxHeaderBytes;
  return transfer.too_large_ ? 0 : size * count;
}

// Sees the body unpacked, so that a small gzip text can't become a large one unnoticed.
std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  if (bytes > transfer.options_.max_response_bytes - transfer.body_.size()) {
    transfer.too_large_ = true;
    return 0;
  }
  transfer.body_.append(data, bytes);
  return bytes;
}

// Called when a connection is there, just before the request goes out on it. libcurl sends a request again by
// itself when a kept connection turns out to be dead, whatever its method: only a GET may be.
int Transfer::on_sending(void* self, char*, char*, int, int) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(self);
  if (transfer.sent_ && transfer.request_.method != HttpMethod::get) {
    transfer.repeat_refused_ = true;
    return CURL_PREREQFUNC_ABORT;
  }
  transfer.sent_ = true;
  return CURL_PREREQFUNC_OK;
}

Completion Transfer::end(int code, Milliseconds now) {
  Completion completion;
  completion.id = id_;
  completion.took = now - begun_;
  if (code == CURLE_OK) {
    completion.response = response();
  } else {
    completion.error = error(code);
  }
  forget();
  return completion;
}

Completion Transfer::give_up(Milliseconds now) {
  Completion completion;
  completion.id = id_;
  completion.took = now - begun_;
  completion.error = cancelled_error(endpoint_, sent_ ? Sent::perhaps : Sent::no);
  forget();
  return completion;
}

HttpResponse Transfer::response() {
  HttpResponse response;
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  constexpr int kLastResponse = -1;
  curl_header* each = nullptr;
  while ((each = curl_easy_nextheader(easy_, CURLH_HEADER, kLastResponse, each)) != nullptr) {
    // libcurl keeps blanks at the end of a value.
    response.headers.push_back({each->name, std::string(trim(each->value))});
  }
  response.body = std::move(body_);
  return response;
}

TransportError Transfer::error(int code) {
  TransferEnd end;
  end.code = code;
  end.sent = sent_ ? Sent::perhaps : Sent::no;
  end.too_large = too_large_;
  end.repeat_refused = repeat_refused_;
  end.reason = reason_.data();
  curl_off_t lookup_us = 0;
  curl_easy_getinfo(easy_, CURLINFO_NAMELOOKUP_TIME_T, &lookup_us);
  end.name_resolved = lookup_us > 0;
  curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &end.proxy_status);
  return transport_error(end, endpoint_, options_);
}

// Leaves nothing of this request behind, but the connections that the multi handle keeps.
void Transfer::forget() {
  curl_easy_reset(easy_);
  wipe_and_free(headers_);
  wipe(request_.body);
  request_ = {};
  std::fill(reason_.begin(), reason_.end(), '\0');
  body_.clear();
  header_bytes_ = 0;
  too_large_ = false;
  sent_ = false;
  repeat_refused_ = false;
}

}  // namespace zonepin
