#include "platform/curl_fault.h"

#include <curl/curl.h>

#include "base/text.h"
#include "base/time.h"

namespace zonepin {
namespace {

constexpr std::size_t kMaxReason = 300;  // columns

TransportFault fault_before_sending(const TransferEnd& end) {
  if (end.proxy_status != 0 && (end.proxy_status < 200 || end.proxy_status > 299))
    return TransportFault::proxy;
  switch (end.code) {
    case CURLE_COULDNT_RESOLVE_HOST: return TransportFault::resolve;
    case CURLE_OPERATION_TIMEDOUT:
      return end.name_resolved ? TransportFault::refused : TransportFault::resolve;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY: return TransportFault::proxy;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT: return TransportFault::tls;
    default: return TransportFault::refused;
  }
}

TransportFault fault_of(const TransferEnd& end) {
  if (end.too_large || end.code == CURLE_FILESIZE_EXCEEDED) return TransportFault::too_large;
  // Whatever stopped it later, a TLS alert or a second connection refused: the request may have arrived.
  if (end.sent == Sent::no) return fault_before_sending(end);
  return end.code == CURLE_OPERATION_TIMEDOUT ? TransportFault::timeout : TransportFault::lost;
}

std::string reason_in_words(const TransferEnd& end) {
  if (end.repeat_refused) return "the server had closed the connection that was kept open";
  std::string reason = end.reason;
  // libcurl repeats the whole proxy address here, in a form in which a password can't be told from the rest.
  if (reason.starts_with("Unsupported proxy")) reason = "the address in the proxy variable can't be used";
  if (reason.empty()) reason = curl_easy_strerror(static_cast<CURLcode>(end.code));
  while (!reason.empty() && (reason.back() == '\n' || reason.back() == '\r' || reason.back() == '.'))
    reason.pop_back();
  return escape_cut(without_user_info(reason), kMaxReason);
}

std::string tls_hint(const TransferEnd& end, const TransportOptions& options) {
  if (end.code == CURLE_SSL_CACERT_BADFILE) {
    return options.ca_file.empty() ? "; install the system's CA certificates, or name a file with --ca-file"
                                   : "; is " + escape(options.ca_file) + " a PEM file with certificates?";
  }
  if (end.code != CURLE_PEER_FAILED_VERIFICATION) return "";
  return options.ca_file.empty()
             ? "; if a private authority or a proxy signs here, name its certificate with --ca-file"
             : "; the certificates come from " + escape(options.ca_file);
}

std::string size_limit(std::size_t bytes) {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20;
  if (bytes >= kMebibyte && bytes % kMebibyte == 0) return std::to_string(bytes / kMebibyte) + " MiB";
  return plural(bytes, "byte");
}

}  // namespace

TransportError transport_error(const TransferEnd& end, const Endpoint& endpoint,
                               const TransportOptions& options) {
  const TransportFault fault = fault_of(end);
  const std::string host = escape(authority_of(endpoint));
  const std::string reason = reason_in_words(end);
  switch (fault) {
    case TransportFault::resolve: return {fault, host + ": no address found for this name (" + reason + ")"};
    case TransportFault::refused: return {fault, host + ": no connection, nothing was sent (" + reason + ")"};
    case TransportFault::tls:
      return {fault,
              host + ": no secure connection, nothing was sent (" + reason + ")" + tls_hint(end, options)};
    case TransportFault::proxy:
      return {fault, host + ": the proxy makes no connection, nothing was sent (" + reason + ")"};
    case TransportFault::timeout:
      return {fault, host + ": no whole answer within " + format_length(options.total_timeout) + " (" +
                         reason + ")"};
    case TransportFault::lost:
      return {fault, host + ": the connection ended before the whole answer came (" + reason + ")"};
    case TransportFault::too_large:
      return {fault, host + ": the answer is larger than " + size_limit(options.max_response_bytes) +
                         ", the most that is read"};
    case TransportFault::cancelled: return cancelled_error(endpoint, end.sent);
  }
  return {fault, host + ": " + reason};
}

TransportError cancelled_error(const Endpoint& endpoint, Sent sent) {
  const std::string host = escape(authority_of(endpoint));
  return {TransportFault::cancelled, sent == Sent::no ? host + ": given up before the request was sent"
                                                      : host + ": given up while waiting for the answer"};
}

std::string authority_of(const Endpoint& endpoint) {
  const bool is_ipv6 = endpoint.host.find(':') != std::string::npos;
  std::string authority = is_ipv6 ? "[" + endpoint.host + "]" : endpoint.host;
  const int own_port = endpoint.scheme == "http" ? 80 : 443;
  if (endpoint.port != own_port) authority += ":" + std::to_string(endpoint.port);
  return authority;
}

std::string without_user_info(std::string_view text) {
  std::string result(text);
  for (std::size_t at = result.find('@'); at != std::string::npos; at = result.find('@', at)) {
    std::size_t start = result.find_last_of(" '\"/", at);
    start = start == std::string::npos ? 0 : start + 1;
    result.replace(start, at - start + 1, "");
    at = start;
  }
  return result;
}

}  // namespace zonepin
