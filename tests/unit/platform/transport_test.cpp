// What the transport does when all goes well.
#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <set>
#include <thread>

#include "child.h"
#include "wire.h"

namespace zonepin {
namespace {

// Answers every request with `text` and notes it.
struct Polite {
  RawServer server;
  explicit Polite(std::string text = answer("ok"))
      : server([this, text](Peer& peer) {
          for (std::string request = peer.read_request(); !request.empty(); request = peer.read_request()) {
            server.note(request);
            peer.send(text);
          }
        }) {}
};

bool has_line(const std::string& request, const std::string& line) {
  return request.find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("transport: requests look as they should, on one kept connection") {
  Polite polite;
  TransportOptions options;
  options.user_agent = "zonepin/9.9";
  Wire wire(options);
  const Endpoint here = plain(polite.server);
  wire.submit(here, HttpMethod::get, "/a/../b?c=%20d", {}, {{"Accept", "application/json"}, {"X-Empty", ""}});
  CHECK(show(wire.next()) == "200 ok");
  wire.submit(here, HttpMethod::put, "/t", "{\"a\":1}", {{"Content-Type", "application/json"}});
  CHECK(show(wire.next()) == "200 ok");
  CHECK(show(wire.run(here, HttpMethod::delete_)) == "200 ok");
  CHECK(show(wire.run(here, HttpMethod::post)) == "200 ok");
  CHECK(show(wire.run(here, HttpMethod::put, "/big", std::string(3 << 20, 'x'))) == "200 ok");

  CHECK(polite.server.connections() == 1);
  const std::vector<std::string> seen = polite.server.noted();
  REQUIRE(seen.size() == 5);
  CHECK(seen[0].starts_with("GET /a/../b?c=%20d HTTP/1.1\r\n"));
  CHECK(has_line(seen[0], "Authorization: SSWS 00s3cret"));
  CHECK(has_line(seen[0], "User-Agent: zonepin/9.9"));
  CHECK(has_line(seen[0], "Accept-Encoding: gzip"));
  CHECK(has_line(seen[0], "Accept: application/json"));
  CHECK(has_line(seen[0], "X-Empty:"));
  CHECK(has_line(seen[0], "Host: 127.0.0.1:" + std::to_string(polite.server.port())));
  CHECK(seen[1].starts_with("PUT /t HTTP/1.1\r\n"));
  CHECK(has_line(seen[1], "Content-Length: 7"));
  CHECK(has_line(seen[1], "Content-Type: application/json"));
  CHECK(seen[1].ends_with("\r\n\r\n{\"a\":1}"));
  CHECK(seen[2].starts_with("DELETE / HTTP/1.1\r\n"));
  CHECK(seen[2].find("Content-Length") == std::string::npos);
  CHECK(seen[3].starts_with("POST / HTTP/1.1\r\n"));
  CHECK(has_line(seen[3], "Content-Length: 0"));
  CHECK(seen[3].find("Content-Type") == std::string::npos);
  for (const std::string& each : seen) CHECK(each.find("Expect:") == std::string::npos);
}

TEST_CASE("transport: no authorization, no header") {
  Polite polite;
  Wire wire;
  wire.transport->submit(1, plain(polite.server), HttpRequest{HttpMethod::get, "/", {}, {}}, Secret());
  CHECK(show(wire.next()) == "200 ok");
  CHECK(polite.server.noted().at(0).find("Authorization") == std::string::npos);
}

TEST_CASE("transport: headers in order with repeats, of the last answer alone") {
  Polite polite(
      "HTTP/1.1 103 Early Hints\r\nLink: <early>\r\n\r\n"
      "HTTP/1.1 404 Not Found\r\nLink: <one>\r\nX-Okta-Request-Id: abc\r\nlink:  <two> "
      "\r\nX-None:\r\nContent-Length: 4\r\n\r\nbody");
  Wire wire;
  const Completion done = wire.run(plain(polite.server), HttpMethod::get);
  REQUIRE(done.response.has_value());
  CHECK(done.response->status == 404);
  CHECK(done.response->body == "body");
  const HttpHeaders wanted = {{"Link", "<one>"},
                              {"X-Okta-Request-Id", "abc"},
                              {"link", "<two>"},
                              {"X-None", ""},
                              {"Content-Length", "4"}};
  CHECK(done.response->headers == wanted);
}

TEST_CASE("transport: a redirect is an answer, nobody follows it") {
  Polite target;
  const std::string location = "http://127.0.0.1:" + std::to_string(target.server.port()) + "/";
  Polite polite("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");
  Wire wire;
  const Completion done = wire.run(plain(polite.server), HttpMethod::get);
  REQUIRE(done.response.has_value());
  CHECK(done.response->status == 302);
  CHECK(header(done.response->headers, "location") == location);
  CHECK(target.server.connections() == 0);
}

TEST_CASE("transport: bodies in chunks, without a length, and empty ones") {
  struct Row {
    const char* name;
    const char* answer;
    const char* shown;
  };
  const Row rows[] = {
      {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
       "200 abcde"},
      {"until the end", "HTTP/1.0 200 OK\r\n\r\nabc", "200 abc"},
      {"204", "HTTP/1.1 204 No Content\r\n\r\n", "204 "},
      {"429 without body", "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", "429 "},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.send(row.answer);
    });
    Wire wire;
    CHECK(show(wire.run(plain(server), HttpMethod::get)) == row.shown);
  }
}

TEST_CASE("transport: gzip is unpacked, and its unpacked size is what counts") {
  TemporaryFolder folder;
  const std::string file = folder.path("zeros.gz");
  REQUIRE(std::system(("head -c 4194304 /dev/zero | gzip -9 > " + file).c_str()) == 0);
  const std::string packed = folder.read("zeros.gz");
  REQUIRE(packed.size() < 10'000);
  Polite polite(answer(packed, "Content-Encoding: gzip\r\n"));
  for (const bool fits : {true, false}) {
    TransportOptions options;
    options.max_response_bytes = (std::size_t{4} << 20) - (fits ? 0 : 1);
    Wire wire(options);
    const Completion done = wire.run(plain(polite.server), HttpMethod::get);
    if (fits) {
      REQUIRE(done.response.has_value());
      CHECK(done.response->body == std::string(4 << 20, '\0'));
    } else {
      REQUIRE(done.error.has_value());
      CHECK(done.error->fault == TransportFault::too_large);
    }
  }
}

TEST_CASE("transport: many requests on few connections, each answered once") {
  std::atomic<int> busy{0};
  std::atomic<int> most{0};
  RawServer server([&](Peer& peer) {
    for (std::string request = peer.read_request(); !request.empty(); request = peer.read_request()) {
      const int now = ++busy;
      int before = most;
      while (before < now && !most.compare_exchange_weak(before, now)) {
      }
      std::this_thread::sleep_for(Milliseconds(5));
      --busy;
      peer.send(answer(request.substr(4, request.find(' ', 4) - 4)));
    }
  });
  TransportOptions options;
  options.max_connections = 4;
  Wire wire(options);
  constexpr std::size_t kRequests = 60;
  for (std::size_t i = 1; i <= kRequests; ++i)
    wire.submit(plain(server), HttpMethod::get, "/" + std::to_string(i));
  std::set<RequestId> answered;
  for (std::size_t i = 0; i < kRequests; ++i) {
    const Completion done = wire.next();
    REQUIRE(done.response.has_value());
    CHECK(done.response->body == "/" + std::to_string(done.id));
    CHECK(done.took < Milliseconds(2000));  // Waiting for a connection doesn't count.
    answered.insert(done.id);
  }
  CHECK(answered.size() == kRequests);
  CHECK(server.connections() == 4);
  CHECK(most == 4);
}

TEST_CASE("transport: with nothing in flight a wait sleeps until its end") {
  Wire wire;
  const Milliseconds start = wire.clock.steady();
  CHECK(wire.transport->wait(start + Milliseconds(60)) == std::nullopt);
  CHECK(wire.clock.steady() - start >= Milliseconds(60));
  CHECK(wire.transport->wait(start) == std::nullopt);  // Over already: it only looks.
}

TEST_CASE("transport: a signal ends one wait, and what is in flight still comes") {
  RawServer server([](Peer& peer) {
    peer.read_request();
    std::this_thread::sleep_for(Milliseconds(100));
    peer.send(answer("late"));
  });
  Wire wire;
  wire.submit(plain(server), HttpMethod::get);
  raise(SIGINT);
  CHECK(wire.transport->wait(wire.clock.steady() + kPatience) == std::nullopt);
  CHECK(wire.signals.requested());
  CHECK(show(wire.next()) == "200 late");
}

TEST_CASE("transport: a signal wakes a sleeping wait, whichever thread it reaches") {
  Wire wire;
  // Another thread takes it, so that it is not this thread's poll() that it breaks off.
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  std::thread other([] {
    std::this_thread::sleep_for(Milliseconds(50));
    raise(SIGINT);
  });
  pthread_sigmask(SIG_BLOCK, &interrupt, nullptr);
  const Milliseconds start = wire.clock.steady();
  CHECK(wire.transport->wait(start + Milliseconds(3000)) == std::nullopt);
  CHECK(wire.clock.steady() - start < Milliseconds(2000));
  other.join();
  pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
}

TEST_CASE("transport: giving up brings a completion for each request, and the transport goes on") {
  RawServer server([&](Peer& peer) {
    const std::string request = peer.read_request();
    server.note(request);
    if (request.starts_with("GET /quick")) peer.send(answer("quick"));
    peer.wait_for_end();
  });
  TransportOptions options;
  options.max_connections = 1;
  Wire wire(options);
  wire.submit(plain(server), HttpMethod::get, "/never");
  wire.submit(plain(server), HttpMethod::get, "/waits");
  while (server.noted().empty()) wire.transport->wait(wire.clock.steady() + Milliseconds(5));
  wire.transport->cancel_all();
  const std::string host = "127.0.0.1:" + std::to_string(server.port());
  CHECK(show(wire.next()) == host + ": given up while waiting for the answer");
  CHECK(show(wire.next()) == host + ": given up before the request was sent");
  CHECK(show(wire.run(plain(server), HttpMethod::get, "/quick")) == "200 quick");
  CHECK(server.noted().size() == 2);
}

}  // namespace zonepin
