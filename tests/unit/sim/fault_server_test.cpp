// Faults and TLS on a real socket: what a client sees, and what the org has done all the same.
#include <doctest/doctest.h>
#include <httplib.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "sim/files.h"
#include "sim/server.h"
#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

enum class Wire { plain, tls };

// A server with faults, and a client that trusts its certificate and no other.
struct Faulty {
  std::vector<std::string> lines;
  std::string ca_path = "sim-fault-server-ca.pem";
  Wire wire;
  Server server;

  Faulty(Wire the_wire, const char* faults, State state = small_state(),
         Milliseconds latency = Milliseconds(0))
      : wire(the_wire),
        server(std::move(state), options_of(faults, latency), noon,
               ServerEvents{[this](const std::string& line) { lines.push_back(line); }, {}}) {
    const Result<void> started = server.start();
    REQUIRE(started);
  }

  ~Faulty() { std::remove(ca_path.c_str()); }

  ServerOptions options_of(const char* faults, Milliseconds latency) const {
    ServerOptions options;
    options.latency = latency;
    const auto rules = parse_faults(faults);
    REQUIRE(rules);
    options.faults = *rules;
    if (wire == Wire::tls) {
      options.certificate =
          make_certificate(std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()));
      REQUIRE(write_file_atomically(ca_path, options.certificate->pem));
    }
    return options;
  }

  std::unique_ptr<httplib::Client> client() const {
    auto made = std::make_unique<httplib::Client>(server.url());
    made->set_default_headers({{"Authorization", "SSWS " + std::string(kAdminSecret)}});
    made->set_read_timeout(5);
    if (wire == Wire::tls) {
      made->set_ca_cert_path(ca_path.c_str());
      made->enable_server_certificate_verification(true);
    }
    return made;
  }

  bool has_token(const char* id) const { return server.state().tokens.count(id) == 1; }
};

constexpr const char* kTokenPath = "/api/v1/api-tokens/00Tzone";

TEST_CASE("over TLS the org answers as ever, and only to those who trust its certificate") {
  const Faulty faulty(Wire::tls, "[]");
  CHECK(faulty.server.url().find("https://127.0.0.1:") == 0);
  const httplib::Result answer = faulty.client()->Get("/api/v1/zones?limit=2");
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->get_header_value("Link", 1).find("<" + faulty.server.url() + "/api/v1/zones?after=") == 0);
  httplib::Client stranger(faulty.server.url());
  stranger.enable_server_certificate_verification(true);
  CHECK_FALSE(stranger.Get("/api/v1/zones"));
  const Faulty other(Wire::tls, "[]");  // another start, another certificate, the same file
  CHECK(other.client()->Get("/api/v1/zones"));
  httplib::Client mistaken(faulty.server.url());
  mistaken.set_ca_cert_path(other.ca_path.c_str());
  mistaken.enable_server_certificate_verification(true);
  CHECK_FALSE(mistaken.Get("/api/v1/zones"));
}

TEST_CASE("the connection ends before the org sees the request, or after it was carried out") {
  for (const Wire wire : {Wire::plain, Wire::tls}) {
    CAPTURE(static_cast<int>(wire));
    Faulty faulty(wire, R"([{"method": "DELETE", "action": "drop_before"},
                            {"method": "DELETE", "from": 2, "action": "drop_after"}])");
    CHECK_FALSE(faulty.client()->Delete(kTokenPath));
    CHECK(faulty.has_token("00Tzone"));
    CHECK_FALSE(faulty.client()->Delete(kTokenPath));
    CHECK_FALSE(faulty.has_token("00Tzone"));
    const httplib::Result third = faulty.client()->Delete(kTokenPath);
    REQUIRE(third);
    CHECK(third->status == 404);
    CHECK(faulty.lines == std::vector<std::string>{"DELETE /api/v1/api-tokens/00Tzone - drop_before",
                                                   "DELETE /api/v1/api-tokens/00Tzone 204 drop_after",
                                                   "DELETE /api/v1/api-tokens/00Tzone 404"});
  }
}

TEST_CASE("answers that are cut off, and a length that is too large: no whole answer comes") {
  for (const Wire wire : {Wire::plain, Wire::tls}) {
    for (const char* action : {R"("truncate", "bytes": 20)", R"("wrong_length")"}) {
      CAPTURE(static_cast<int>(wire));
      CAPTURE(action);
      const std::string rule = std::string(R"([{"count": 0, "action": )") + action + "}]";
      Faulty faulty(wire, rule.c_str());
      CHECK_FALSE(faulty.client()->Get(kTokenPath));
    }
  }
}

TEST_CASE("a length that is too small: the answer ends early, and the connection with it") {
  Faulty faulty(Wire::plain, R"([{"action": "wrong_length", "offset": -5}])");
  const auto client = faulty.client();
  client->set_keep_alive(true);
  const httplib::Result whole = faulty.client()->Get("/api/v1/api-tokens/00Tagent");
  REQUIRE(whole);
  CHECK(whole->body.back() != '}');
}

TEST_CASE("a trickle is whole in the end") {
  for (const Wire wire : {Wire::plain, Wire::tls}) {
    Faulty faulty(wire, R"([{"action": "trickle", "bytes": 100, "pause_ms": 20}])");
    const auto start = std::chrono::steady_clock::now();
    const auto client = faulty.client();
    const httplib::Result slow = client->Get(kTokenPath);
    REQUIRE(slow);
    CHECK(slow->status == 200);
    CHECK(std::chrono::steady_clock::now() - start >= Milliseconds(80));
    const httplib::Result quick = client->Get(kTokenPath);
    REQUIRE(quick);
    CHECK(quick->body == slow->body);
  }
}

TEST_CASE(
    "other answers: Okta's own error, a proxy's page, a redirect, garbage; each before or after the effect") {
  Faulty faulty(Wire::plain, R"([
    {"method": "DELETE", "action": "status", "errorCode": "E0000010"},
    {"method": "DELETE", "from": 2, "action": "status", "status": 502, "body": "<h1>Bad Gateway</h1>", "carried_out": true},
    {"method": "GET", "action": "redirect", "location": "https://acme-admin.okta.com/"},
    {"method": "GET", "from": 2, "action": "garbage"},
    {"method": "GET", "from": 3, "action": "delay", "delay_ms": 30, "hold_ms": 30, "headers": {"X-Rate-Limit-Reset": "soon"}}
  ])");
  const auto client = faulty.client();
  const httplib::Result read_only = client->Delete(kTokenPath);
  CHECK(read_only->status == 503);
  CHECK(read_only->body.find(R"("errorCode":"E0000010")") != std::string::npos);
  CHECK(read_only->has_header("X-Okta-Request-Id"));
  CHECK(faulty.has_token("00Tzone"));
  const httplib::Result gateway = client->Delete(kTokenPath);
  CHECK(gateway->status == 502);
  CHECK(gateway->body == "<h1>Bad Gateway</h1>");
  CHECK_FALSE(gateway->has_header("X-Okta-Request-Id"));
  CHECK_FALSE(faulty.has_token("00Tzone"));
  const httplib::Result redirect = client->Get("/api/v1/zones");
  CHECK(redirect->status == 302);
  CHECK(redirect->get_header_value("Location") == "https://acme-admin.okta.com/");
  CHECK(client->Get("/api/v1/zones")->body.find("nzoCorp") == std::string::npos);
  const auto start = std::chrono::steady_clock::now();
  const httplib::Result late = client->Get("/api/v1/zones");
  CHECK(std::chrono::steady_clock::now() - start >= Milliseconds(60));
  CHECK(late->status == 200);
  CHECK(late->get_header_value("X-Rate-Limit-Reset") == "soon");
}

TEST_CASE("more requests at once than the org allows") {
  State state = small_state();
  state.settings.max_concurrent = 1;
  Faulty faulty(Wire::plain, "[]", std::move(state), Milliseconds(300));
  std::thread first([&] { CHECK(faulty.client()->Get(kTokenPath)->status == 200); });
  std::this_thread::sleep_for(Milliseconds(100));
  const httplib::Result second = faulty.client()->Get(kTokenPath);
  first.join();
  CHECK(second->status == 429);
  CHECK(second->get_header_value("X-Rate-Limit-Limit") == "0");
  CHECK(faulty.client()->Get(kTokenPath)->status == 200);
}

}  // namespace

}  // namespace zonepin::sim
