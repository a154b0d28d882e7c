// Whom the transport believes: certificates, host names, TLS versions, proxies in between.
#include <cstdlib>

#include "child.h"
#include "wire.h"

namespace zonepin {
namespace {

// Speaks TLS and answers what comes through.
struct SecureServer {
  Identity identity;
  RawServer server;
  explicit SecureServer(const std::string& name, TlsVersions versions = TlsVersions::all)
      : identity(make_identity(name)), server([this, versions](Peer& peer) {
          if (!peer.start_tls(identity, versions)) return;
          for (std::string request = peer.read_request(); !request.empty(); request = peer.read_request()) {
            server.note(request);
            peer.send(answer("secure"));
          }
        }) {}
};

TransportOptions trusting(const TemporaryFolder& folder, const Identity& identity) {
  folder.write("ca.pem", identity.certificate_pem);
  TransportOptions options;
  options.ca_file = folder.path("ca.pem");
  return options;
}

}  // namespace

TEST_CASE("trust: a certificate that nobody vouches for is refused before anything is sent") {
  SecureServer secured("IP:127.0.0.1");
  Wire wire;
  const Completion done = wire.run(secure(secured.server, "127.0.0.1"), HttpMethod::put, "/", "body");
  REQUIRE(done.error.has_value());
  CHECK(done.error->fault == TransportFault::tls);
  CHECK(done.error->message.find("self-signed certificate") != std::string::npos);
  CHECK(done.error->message.find("--ca-file") != std::string::npos);
  CHECK(secured.server.noted().empty());
}

TEST_CASE("trust: the same certificate is fine with its CA file, by address and by name") {
  for (const char* host : {"127.0.0.1", "localhost"}) {
    CAPTURE(std::string(host));
    SecureServer secured("IP:127.0.0.1,DNS:localhost");
    TemporaryFolder folder;
    Wire wire(trusting(folder, secured.identity));
    CHECK(show(wire.run(secure(secured.server, host), HttpMethod::put)) == "200 secure");
    CHECK(show(wire.run(secure(secured.server, host), HttpMethod::get)) == "200 secure");
    CHECK(secured.server.connections() == 1);
  }
}

TEST_CASE("trust: a certificate for another name is refused") {
  SecureServer secured("DNS:other.example");
  TemporaryFolder folder;
  Wire wire(trusting(folder, secured.identity));
  for (const char* host : {"127.0.0.1", "localhost"}) {
    CAPTURE(std::string(host));
    const Completion done = wire.run(secure(secured.server, host), HttpMethod::get);
    REQUIRE(done.error.has_value());
    CHECK(done.error->fault == TransportFault::tls);
    CHECK(done.error->message.find("no alternative certificate subject name matches") != std::string::npos);
  }
  CHECK(secured.server.noted().empty());
}

TEST_CASE("trust: TLS 1.1 is too old, and a server without TLS is none") {
  SecureServer old("IP:127.0.0.1", TlsVersions::old);
  TemporaryFolder folder;
  Wire wire(trusting(folder, old.identity));
  const Completion refused = wire.run(secure(old.server, "127.0.0.1"), HttpMethod::get);
  REQUIRE(refused.error.has_value());
  CHECK(refused.error->fault == TransportFault::tls);

  RawServer plain_server([](Peer& peer) { peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  const Completion plain_text = wire.run(secure(plain_server, "127.0.0.1"), HttpMethod::get);
  REQUIRE(plain_text.error.has_value());
  CHECK(plain_text.error->fault == TransportFault::tls);
}

TEST_CASE("trust: a CA file that can't work is refused when the network is opened") {
  TemporaryFolder folder;
  folder.write("empty.pem", "");
  Signals signals;
  SystemClock clock;
  CurlNetwork network(clock, signals);
  const auto message = [&](const std::string& path) {
    TransportOptions options;
    options.ca_file = path;
    const auto opened = network.open(options);
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().trouble == Trouble::usage);
    return opened.error().message;
  };
  CHECK(message(folder.path("gone.pem")) ==
        "CA file " + folder.path("gone.pem") + ": no such file or folder");
  CHECK(message(folder.path()) == "CA file " + folder.path() + ": is a folder, not a file");
  CHECK(message(folder.path("empty.pem")) ==
        "CA file " + folder.path("empty.pem") + ": holds no certificate");
  CHECK(message("-") == "the CA file can't be read from standard input");
}

TEST_CASE("trust: broken text between the lines of a CA file is a TLS fault that names the file") {
  TemporaryFolder folder;
  folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n");
  SecureServer secured("IP:127.0.0.1");
  TransportOptions options;
  options.ca_file = folder.path("ca.pem");
  Wire wire(options);
  const Completion done = wire.run(secure(secured.server, "127.0.0.1"), HttpMethod::get);
  REQUIRE(done.error.has_value());
  CHECK(done.error->fault == TransportFault::tls);
  CHECK(done.error->message.find(folder.path("ca.pem")) != std::string::npos);
}

TEST_CASE("trust: through a proxy the certificate must be the org's, and the proxy's own headers stay out") {
  const Identity identity = make_identity("DNS:acme.okta.example");
  RawServer proxy([&](Peer& peer) {
    proxy.note(peer.read_request());
    peer.send("HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n");
    if (!peer.start_tls(identity)) return;
    proxy.note(peer.read_request());
    peer.send(answer("through"));
    if (!peer.read_request().empty()) proxy.note("again");  // … and ends under the second one.
  });
  setenv("https_proxy", ("http://127.0.0.1:" + std::to_string(proxy.port())).c_str(), 1);
  TemporaryFolder folder;
  Wire wire(trusting(folder, identity));
  const Completion done = wire.run({"https", "acme.okta.example", 443}, HttpMethod::put, "/x", "body");
  REQUIRE(done.response.has_value());
  CHECK(done.response->body == "through");
  CHECK(header(done.response->headers, "X-Proxy") == std::nullopt);
  REQUIRE(proxy.noted().size() == 2);
  CHECK(proxy.noted()[0].find("s3cret") == std::string::npos);
  CHECK(proxy.noted()[1].find("Authorization: SSWS 00s3cret") != std::string::npos);

  const Completion second = wire.run({"https", "acme.okta.example", 443}, HttpMethod::put, "/y", "body");
  REQUIRE(second.error.has_value());
  CHECK(second.error->fault == TransportFault::lost);
  const Completion stranger = wire.run({"https", "other.okta.example", 443}, HttpMethod::put, "/z", "body");
  REQUIRE(stranger.error.has_value());
  CHECK(stranger.error->fault == TransportFault::tls);
  unsetenv("https_proxy");
}

}  // namespace zonepin
