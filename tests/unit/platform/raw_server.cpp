#include "raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/ensure.h"

namespace zonepin {
namespace {

template <class Write>
std::string pem_of(Write write) {
  BIO* memory = BIO_new(BIO_s_mem());
  ensure(write(memory) == 1, "no PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

}  // namespace

Identity make_identity(const std::string& alternative_name) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const unsigned char text[] = "zonepin test";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  for (const auto& [kind, value] : std::initializer_list<std::pair<int, std::string>>{
           {NID_basic_constraints, "critical,CA:TRUE"}, {NID_subject_alt_name, alternative_name}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
  ensure(X509_sign(certificate, key, EVP_sha256()) != 0, "no certificate");
  Identity identity{pem_of([key](BIO* out) {
                      return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
                    }),
                    pem_of([certificate](BIO* out) { return PEM_write_bio_X509(out, certificate); })};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return identity;
}

struct Peer::Tls {
  SSL_CTX* context = nullptr;
  SSL* session = nullptr;
  ~Tls() {
    SSL_free(session);
    SSL_CTX_free(context);
  }
};

Peer::Peer(int socket) : socket_(socket) {}

Peer::~Peer() {
  if (tls_ != nullptr) SSL_shutdown(tls_->session);
  if (socket_ < 0) return;
  shutdown(socket_, SHUT_RDWR);  // The server closes it: until then its number stays taken.
}

bool Peer::start_tls(const Identity& identity, TlsVersions versions) {
  auto tls = std::make_unique<Tls>();
  tls->context = SSL_CTX_new(TLS_server_method());
  BIO* key_text = BIO_new_mem_buf(identity.key_pem.data(), -1);
  BIO* certificate_text = BIO_new_mem_buf(identity.certificate_pem.data(), -1);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(key_text, nullptr, nullptr, nullptr);
  X509* certificate = PEM_read_bio_X509(certificate_text, nullptr, nullptr, nullptr);
  if (versions == TlsVersions::old) {
    SSL_CTX_set_security_level(tls->context, 0);
    SSL_CTX_set_min_proto_version(tls->context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(tls->context, TLS1_1_VERSION);
  }
  SSL_CTX_use_certificate(tls->context, certificate);
  SSL_CTX_use_PrivateKey(tls->context, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  BIO_free(certificate_text);
  BIO_free(key_text);
  tls->session = SSL_new(tls->context);
  SSL_set_fd(tls->session, socket_);
  if (SSL_accept(tls->session) != 1) return false;
  tls_ = std::move(tls);
  return true;
}

long Peer::read_bytes(char* to, std::size_t most) {
  if (tls_ != nullptr) return SSL_read(tls_->session, to, static_cast<int>(most));
  return recv(socket_, to, most, 0);
}

std::string Peer::read_request() {
  std::array<char, 4096> buffer{};
  for (;;) {
    const std::size_t head = read_ahead_.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::size_t field = read_ahead_.find("\r\nContent-Length: ");
      const std::size_t body = field < head ? std::stoul(read_ahead_.substr(field + 18)) : 0;
      const std::size_t whole = head + 4 + body;
      if (read_ahead_.size() >= whole) {
        std::string request = read_ahead_.substr(0, whole);
        read_ahead_.erase(0, whole);
        return request;
      }
    }
    const long got = read_bytes(buffer.data(), buffer.size());
    if (got <= 0) return "";
    read_ahead_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

void Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long sent = tls_ != nullptr ? SSL_write(tls_->session, bytes.data(), static_cast<int>(bytes.size()))
                                      : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // The client has gone: that is for the test to judge.
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Peer::reset() {
  // Connecting a stream socket to "nowhere" makes Linux send RST, and keeps the number for whoever closes it.
  struct sockaddr nowhere {};
  nowhere.sa_family = AF_UNSPEC;
  connect(socket_, &nowhere, sizeof nowhere);
  socket_ = -1;
}

void Peer::wait_for_end() {
  std::array<char, 4096> buffer{};
  while (read_bytes(buffer.data(), buffer.size()) > 0) {
  }
}

RawServer::RawServer(Story story) : story_(std::move(story)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
  signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL.
  struct sockaddr_in address {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<struct sockaddr*>(&address);
  socklen_t size = sizeof address;
  ensure(bind(listener_, generic, size) == 0 && listen(listener_, 128) == 0, "no listening socket");
  ensure(getsockname(listener_, generic, &size) == 0, "no port");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
  stop_listening();
  for (const int each : sockets_) shutdown(each, SHUT_RDWR);
  for (std::thread& each : threads_) each.join();
  for (const int each : sockets_) close(each);
}

void RawServer::stop_listening() {
  if (stopping_.exchange(true)) return;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
}

void RawServer::accept_all() {
  while (!stopping_) {
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    ++connections_;
    sockets_.push_back(client);
    threads_.emplace_back([this, client] {
      Peer peer(client);
      story_(peer);
    });
  }
}

void RawServer::note(const std::string& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  noted_.push_back(request);
}

std::vector<std::string> RawServer::noted() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return noted_;
}

std::string answer(std::string_view body, std::string_view more_headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more_headers) + "\r\n" + std::string(body);
}

}  // namespace zonepin
