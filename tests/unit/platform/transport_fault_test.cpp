// What the transport says when something breaks, and above all whether the request may have been carried out.
#include <cstdlib>

#include "platform/curl_fault.h"
#include "wire.h"

namespace zonepin {
namespace {

TransportFault fault_of_answer(const std::string& text, const TransportOptions& options = {}) {
  RawServer server([&](Peer& peer) {
    peer.read_request();
    peer.send(text);
  });
  Wire wire(options);
  const Completion done = wire.run(plain(server), HttpMethod::put, "/", "x");
  REQUIRE(done.error.has_value());
  CHECK(done.error->message.starts_with("127.0.0.1:" + std::to_string(server.port()) + ": "));
  return done.error->fault;
}

class WithVariable {
 public:
  WithVariable(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
  ~WithVariable() { unsetenv(name_); }
  WithVariable(const WithVariable&) = delete;
  WithVariable& operator=(const WithVariable&) = delete;

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("transport faults: an answer that is no whole answer is a loss") {
  struct Row {
    const char* name;
    std::string answer;
  };
  const Row rows[] = {
      {"nothing", ""},
      {"half a head", "HTTP/1.1 200 O"},
      {"shorter than it said", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"},
      {"chunks without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"},
      {"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n"},
      {"an encoding that nobody asked for", answer("xx", "Content-Encoding: zonk\r\n")},
      {"broken gzip", answer("this is no gzip", "Content-Encoding: gzip\r\n")},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    CHECK(fault_of_answer(row.answer) == TransportFault::lost);
  }
}

TEST_CASE("transport faults: size limits of body and head") {
  TransportOptions options;
  options.max_response_bytes = 3;
  CHECK(fault_of_answer(answer("four"), options) == TransportFault::too_large);
  std::string flood = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 20'000; ++i) flood += "X-Flood: " + std::string(90, 'x') + "\r\n";
  CHECK(fault_of_answer(flood) == TransportFault::too_large);
  std::string interim;
  for (int i = 0; i < 50'000; ++i) interim += "HTTP/1.1 102 Processing\r\n\r\n";
  CHECK(fault_of_answer(interim) == TransportFault::too_large);
}

TEST_CASE("transport faults: a reset after the request is a loss, nobody listening is not") {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.reset();
  });
  Wire wire;
  const Completion lost = wire.run(plain(server), HttpMethod::delete_);
  REQUIRE(lost.error.has_value());
  CHECK(lost.error->fault == TransportFault::lost);
  CHECK_FALSE(never_sent(lost.error->fault));
  server.stop_listening();
  const Completion refused = wire.run(plain(server), HttpMethod::delete_);
  REQUIRE(refused.error.has_value());
  CHECK(refused.error->fault == TransportFault::refused);
  CHECK(refused.error->message.find("Connection refused") ==
        std::string::npos);  // libcurl says it in its own words:
  CHECK(refused.error->message.find("Couldn't connect to server") != std::string::npos);
}

TEST_CASE("transport faults: no answer in time may have been carried out, no connection in time not") {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.wait_for_end();
  });
  TransportOptions options;
  options.total_timeout = Milliseconds(100);
  Wire wire(options);
  const Completion slow = wire.run(plain(server), HttpMethod::put);
  REQUIRE(slow.error.has_value());
  CHECK(slow.error->fault == TransportFault::timeout);
  CHECK(slow.took >= Milliseconds(100));
  CHECK(slow.took < Milliseconds(5000));

  // A server that takes the connection and then never says a word of TLS: the request can't have been sent.
  const Completion mute = wire.run(secure(server, "127.0.0.1"), HttpMethod::put);
  REQUIRE(mute.error.has_value());
  CHECK(never_sent(mute.error->fault));
}

TEST_CASE("transport faults: a trickle of bytes does not outlive the total timeout") {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 40; ++i) {
      peer.send("x");
      std::this_thread::sleep_for(Milliseconds(10));
    }
  });
  TransportOptions options;
  options.total_timeout = Milliseconds(120);
  Wire wire(options);
  const Completion done = wire.run(plain(server), HttpMethod::get);
  REQUIRE(done.error.has_value());
  CHECK(done.error->fault == TransportFault::timeout);
}

TEST_CASE(
    "transport faults: a kept connection that dies under a write is a loss, and the write is not sent "
    "again") {
  for (const HttpMethod method : {HttpMethod::put, HttpMethod::post, HttpMethod::delete_, HttpMethod::get}) {
    CAPTURE(to_string(method));
    RawServer server([&](Peer& peer) {
      const std::string first = peer.read_request();
      if (first.empty()) return;  // A connection on which nothing was sent.
      server.note(first);
      peer.send(answer("first"));
      const std::string second = peer.read_request();  // … and ends without an answer.
      if (!second.empty()) server.note(second);
    });
    Wire wire;
    CHECK(show(wire.run(plain(server), HttpMethod::get, "/warm-up")) == "200 first");
    const Completion second = wire.run(plain(server), method, "/second");
    if (method == HttpMethod::get) {
      CHECK(show(second) == "200 first");  // Sent again, on a new connection.
      CHECK(server.connections() == 2);
    } else {
      REQUIRE(second.error.has_value());
      CHECK(second.error->fault == TransportFault::lost);
      CHECK(second.error->message.find("had closed the connection that was kept open") != std::string::npos);
      CHECK(server.noted().size() == 2);
    }
  }
}

TEST_CASE("transport faults: a repetition that finds nobody listening is still a loss") {
  RawServer server([&](Peer& peer) {
    peer.read_request();
    peer.send(answer("first"));
    server.note(peer.read_request());
  });
  Wire wire;
  CHECK(show(wire.run(plain(server), HttpMethod::get)) == "200 first");
  server.stop_listening();
  const Completion second = wire.run(plain(server), HttpMethod::get);
  REQUIRE(second.error.has_value());
  CHECK(second.error->fault == TransportFault::lost);
  CHECK(server.noted().size() == 1);
}

TEST_CASE("transport faults: what can't be sent as it stands is never sent") {
  struct Row {
    const char* name;
    Endpoint endpoint;
    HttpRequest request;
    const char* authorization;
    const char* said;
  };
  const HttpRequest good{HttpMethod::get, "/", {}, {}};
  const Endpoint org{"https", "acme.okta.com", 443};
  const Row rows[] = {
      {"plain HTTP", {"http", "acme.okta.com", 80}, good, "", "plain HTTP is for loopback addresses only"},
      {"looks like loopback",
       {"http", "127.0.0.1.evil.example", 80},
       good,
       "",
       "plain HTTP is for loopback addresses only"},
      {"scheme", {"ftp", "acme.okta.com", 21}, good, "", "only https is spoken here"},
      {"host with a user",
       {"https", "me@acme.okta.com", 443},
       good,
       "",
       "the host name has characters that no host name has"},
      {"host with a path",
       {"https", "a.example/x", 443},
       good,
       "",
       "the host name has characters that no host name has"},
      {"no host", {"https", "", 443}, good, "", "the host name has characters that no host name has"},
      {"port", {"https", "acme.okta.com", 65536}, good, "", "there is no port 65536"},
      {"target",
       org,
       {HttpMethod::get, "api", {}, {}},
       "",
       "the path has characters that must be percent-encoded"},
      {"space",
       org,
       {HttpMethod::get, "/a b", {}, {}},
       "",
       "the path has characters that must be percent-encoded"},
      {"fragment",
       org,
       {HttpMethod::get, "/a#b", {}, {}},
       "",
       "the path has characters that must be percent-encoded"},
      {"line break",
       org,
       {HttpMethod::get, "/a\r\nX: y", {}, {}},
       "",
       "the path has characters that must be percent-encoded"},
      {"header", org, {HttpMethod::get, "/", {{"X", "a\r\nY: b"}}, {}}, "", "the header \"X\" is malformed"},
      {"header name", org, {HttpMethod::get, "/", {{"X:", "a"}}, {}}, "", "the header \"X:\" is malformed"},
      {"credential", org, good, "SSWS 00s3cret\n", "the credential has a line break inside"},
  };
  Wire wire;
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    wire.transport->submit(7, row.endpoint, row.request, Secret(row.authorization));
    const Completion done = wire.next();
    CHECK(done.id == 7);
    REQUIRE(done.error.has_value());
    CHECK(never_sent(done.error->fault));
    CHECK(done.error->message.ends_with(std::string(": nothing was sent: ") + row.said));
  }
}

TEST_CASE("transport faults: a name that no name server knows") {
  Wire wire;
  const Completion done = wire.run({"https", "no-such-org.invalid", 443}, HttpMethod::put);
  REQUIRE(done.error.has_value());
  CHECK(done.error->fault == TransportFault::resolve);
  CHECK(done.error->message.starts_with("no-such-org.invalid: no address found for this name ("));
}

TEST_CASE("transport faults: a proxy that says no, and one that loopback addresses never see") {
  RawServer proxy([&](Peer& peer) {
    proxy.note(peer.read_request());
    peer.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  });
  const std::string address = "http://user:pr0xy@127.0.0.1:" + std::to_string(proxy.port());
  const WithVariable https_proxy("https_proxy", address);
  const WithVariable http_proxy("http_proxy", address);
  Wire wire;
  const Completion done =
      wire.run({"https", "acme.okta.example", 443}, HttpMethod::put, "/secret-path", "body");
  REQUIRE(done.error.has_value());
  CHECK(done.error->fault == TransportFault::proxy);
  CHECK(done.error->message.find("407") != std::string::npos);
  CHECK(done.error->message.find("pr0xy") == std::string::npos);
  REQUIRE(proxy.noted().size() == 1);
  CHECK(proxy.noted()[0].starts_with("CONNECT acme.okta.example:443 HTTP/1.1\r\n"));
  CHECK(proxy.noted()[0].find("s3cret") == std::string::npos);

  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer("direct"));
  });
  CHECK(show(wire.run(plain(server), HttpMethod::get)) == "200 direct");
  CHECK(proxy.connections() == 1);
}

TEST_CASE("transport faults: a proxy variable that can't be used does not show its password") {
  for (const char* address :
       {"http://user:pr0xy pr0xy@host", "weird://user:pr0xy@host:1", "http://user:pr0xy@no-such.invalid:1"}) {
    CAPTURE(std::string(address));
    const WithVariable https_proxy("https_proxy", address);
    Wire wire;
    const Completion done = wire.run({"https", "acme.okta.example", 443}, HttpMethod::put);
    REQUIRE(done.error.has_value());
    CHECK(never_sent(done.error->fault));
    CHECK(done.error->message.find("pr0xy") == std::string::npos);
  }
}

TEST_CASE("transport faults: user and password go out of any text") {
  CHECK(without_user_info("to http://me:pw@host:1 failed") == "to http://host:1 failed");
  CHECK(without_user_info("me:p@w@host") == "host");
  CHECK(without_user_info("no at all") == "no at all");
  CHECK(without_user_info("'a@b' \"c@d\"") == "'b' \"d\"");
}

}  // namespace zonepin
