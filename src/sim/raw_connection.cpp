#include "sim/raw_connection.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace zonepin::sim {

namespace {

using SocketName = int (*)(int, sockaddr*, socklen_t*);

// 0: no such end, or not one of the internet.
int port_of_end(int socket, SocketName name) {
  sockaddr_storage end{};
  socklen_t length = sizeof end;
  if (name(socket, reinterpret_cast<sockaddr*>(&end), &length) != 0) return 0;
  if (end.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&end)->sin_port);
  if (end.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&end)->sin6_port);
  return 0;
}

// The server listens on one address: a pair of ports names one connection.
int find_socket(int local_port, int remote_port) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  constexpr rlim_t kMostFiles = 65'536;
  const int end = static_cast<int>(files.rlim_cur < kMostFiles ? files.rlim_cur : kMostFiles);
  for (int socket = 3; socket < end; ++socket) {
    if (port_of_end(socket, ::getpeername) == remote_port &&
        port_of_end(socket, ::getsockname) == local_port) {
      return socket;
    }
  }
  return -1;
}

}  // namespace

RawConnection::RawConnection(int local_port, int remote_port, const ssl_st* tls)
    : socket_(tls != nullptr ? SSL_get_fd(tls) : find_socket(local_port, remote_port)),
      tls_(const_cast<ssl_st*>(tls)) {}  // this thread serves the connection; httplib shows it as const

void RawConnection::send(std::string_view bytes) {
  while (!bytes.empty() && socket_ >= 0) {
    std::size_t sent = 0;
    if (tls_ != nullptr) {
      if (SSL_write_ex(tls_, bytes.data(), bytes.size(), &sent) != 1) return;
    } else {
      const ssize_t result = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (result <= 0) return;
      sent = static_cast<std::size_t>(result);
    }
    bytes.remove_prefix(sent);
  }
}

void RawConnection::end() {
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace zonepin::sim
