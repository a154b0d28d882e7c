// The org behind a real socket.
#include "sim/server.h"

#include <doctest/doctest.h>
#include <httplib.h>

#include <atomic>
#include <thread>
#include <vector>

#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

struct Running {
  std::vector<std::string> lines;
  int saves = 0;
  Server server;

  explicit Running(ServerOptions options = {}, State state = small_state())
      : server(std::move(state), std::move(options), noon,
               ServerEvents{[this](const std::string& line) { lines.push_back(line); },
                            [this](const State&) { ++saves; }}) {
    const Result<void> started = server.start();
    REQUIRE(started);
  }

  httplib::Client client() const {
    httplib::Client client("127.0.0.1", server.port());
    client.set_default_headers({{"Authorization", "SSWS " + std::string(kAdminSecret)}});
    return client;
  }
};

TEST_CASE("requests come in over HTTP, are answered, logged, and writes are told") {
  Running running;
  httplib::Client client = running.client();
  const httplib::Result zones = client.Get("/api/v1/zones?limit=2");
  REQUIRE(zones);
  CHECK(zones->status == 200);
  CHECK(zones->get_header_value("Content-Type") == "application/json");
  REQUIRE(zones->get_header_value_count("Link") == 2);
  CHECK(zones->get_header_value("Link", 1).find(running.server.url() + "/api/v1/zones?after=") == 1);
  CHECK(running.saves == 0);
  const std::string body = R"({"name":"zone","userId":"00uadmin","network":{"connection":"ANYWHERE"}})";
  CHECK(client.Put("/api/v1/api-tokens/00Tzone", body, "application/json")->status == 200);
  CHECK(client.Put("/api/v1/api-tokens/00Tzone", "{", "application/json")->status == 400);
  CHECK(client.Delete("/api/v1/api-tokens/00Tgone")->status == 204);
  CHECK(client.Delete("/api/v1/api-tokens/00Tgone")->status == 404);
  CHECK(running.saves == 2);
  const State state = running.server.state();
  CHECK(state.tokens.at("00Tzone").network->connection == "ANYWHERE");
  CHECK(running.lines == std::vector<std::string>{
                             "GET /api/v1/zones?limit=2 200",
                             "PUT /api/v1/api-tokens/00Tzone 200",
                             "PUT /api/v1/api-tokens/00Tzone 400",
                             "DELETE /api/v1/api-tokens/00Tgone 204",
                             "DELETE /api/v1/api-tokens/00Tgone 404",
                         });
}

TEST_CASE("whose address counts") {
  State state = small_state();
  state.tokens.at("00Tadmin").network = Network{"ZONE", {"nzoCorp"}, {}};
  const auto status = [&](CallerSource source, const char* fixed, const char* forwarded) {
    ServerOptions options;
    options.caller_source = source;
    options.caller = fixed;
    const Running running(options, state);
    httplib::Client client = running.client();
    httplib::Headers headers;
    if (*forwarded != '\0') headers.emplace("X-Forwarded-For", forwarded);
    return client.Get("/api/v1/users/me", headers)->status;
  };
  CHECK(status(CallerSource::peer, "", "192.0.2.1") == 401);
  CHECK(status(CallerSource::fixed, "192.0.2.1", "") == 200);
  CHECK(status(CallerSource::fixed, "203.0.113.1", "192.0.2.1") == 401);
  CHECK(status(CallerSource::forwarded, "", "192.0.2.1, 203.0.113.1") == 200);
  CHECK(status(CallerSource::forwarded, "", "203.0.113.1, 192.0.2.1") == 401);
  CHECK(status(CallerSource::forwarded, "", "") == 401);
}

TEST_CASE("many connections at once, all answered, none lost") {
  constexpr int kClients = 24;
  constexpr int kRequests = 20;
  Running running;
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kClients; ++i) {
    threads.emplace_back([&] {
      httplib::Client client = running.client();
      client.set_keep_alive(true);
      for (int n = 0; n < kRequests; ++n) {
        const httplib::Result result = client.Get("/api/v1/api-tokens/00Tadmin");
        if (result && result->status == 200) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == kClients * kRequests);
  CHECK(running.lines.size() == static_cast<std::size_t>(kClients * kRequests));
}

TEST_CASE("a port that is taken is an error") {
  const Running running;
  ServerOptions options;
  options.port = running.server.port();
  Server other(small_state(), options, noon, {});
  const Result<void> started = other.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().message.find(std::to_string(options.port)) != std::string::npos);
}

TEST_CASE("loopback only") {
  for (const char* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost"}) CHECK(is_loopback(host));
  for (const char* host : {"0.0.0.0", "::", "192.0.2.1", "example.org", ""}) CHECK_FALSE(is_loopback(host));
}

}  // namespace

}  // namespace zonepin::sim
