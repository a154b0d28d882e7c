// A server for one test, as rude as the test wants it: each connection is a function that reads and writes
// bytes.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace zonepin {

// A key and a certificate that signs itself, made on the spot.
struct Identity {
  std::string key_pem;
  std::string certificate_pem;
};
Identity make_identity(const std::string& alternative_name);  // "DNS:localhost", "IP:127.0.0.1"

enum class TlsVersions { all, old };  // old: 1.1 and earlier

class Peer {
 public:
  explicit Peer(int socket);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  bool start_tls(const Identity& identity,
                 TlsVersions versions = TlsVersions::all);  // whether the client agreed
  std::string read_request();  // head and body; empty at the end of the connection
  void send(std::string_view bytes);
  void reset();         // RST instead of a polite end
  void wait_for_end();  // until the client has closed

 private:
  struct Tls;
  long read_bytes(char* to, std::size_t most);
  int socket_;
  std::string read_ahead_;
  std::unique_ptr<Tls> tls_;
};

class RawServer {
 public:
  // Called in a thread of its own per connection; the connection ends when it returns.
  using Story = std::function<void(Peer&)>;
  explicit RawServer(Story story);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_; }
  int connections() const { return connections_; }
  void stop_listening();

  // The requests that tests tell it about.
  void note(const std::string& request);
  std::vector<std::string> noted() const;

 private:
  void accept_all();

  Story story_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> noted_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// `HTTP/1.1 200 OK`, Content-Length and the body.
std::string answer(std::string_view body, std::string_view more_headers = "");

}  // namespace zonepin
