// Reading an org through the driver: pages, users, refusals, interrupts and snapshots.
#include "okta/reader.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "okta/drive.h"
#include "okta/paging.h"
#include "okta/snapshot.h"
#include "support/fakes.h"

namespace zonepin::okta {
namespace {

const OrgAddress kAcme{{"https", "acme.okta.com", 443}};

std::string token_json(const std::string& id, const std::string& name = "a") {
  return R"({"id":")" + id + R"(","name":")" + name + R"(","userId":"00u1","brandNew":1})";
}

HttpResponse ok(std::string body, HttpHeaders headers = {}) {
  return {200, std::move(headers), std::move(body)};
}

HttpResponse page(std::string body, const std::string& next) {
  HttpHeaders headers = {{"Link", "<https://acme.okta.com/self>; rel=\"self\""}};
  if (!next.empty()) headers.push_back({"Link", "<" + next + ">; rel=\"next\""});
  return ok(std::move(body), std::move(headers));
}

// An org whose answers are a table from target to response.
struct Org {
  FakeWorld fakes;
  std::map<std::string, FakeAnswer> answers = {
      {"/api/v1/api-tokens",
       {ok("[" + token_json("00T2") + "," + token_json("00T1") + "]"), Milliseconds(100)}},
      {"/api/v1/zones?limit=200", {ok(R"([{"id":"nzo1","name":"corp"}])"), Milliseconds(100)}}};
  Governor governor{PacePolicy{}};
  std::unique_ptr<Authorizer> authorizer = std::make_unique<FixedAuthorizer>("SSWS", Secret("S3CRET"));

  Result<Reading> read(ReadWants wants = {}, std::optional<Milliseconds> deadline = std::nullopt) {
    fakes.network.server = [this](const Arrival& arrival) {
      const auto found = answers.find(arrival.request.target);
      if (found != answers.end()) return found->second;
      return FakeAnswer{HttpResponse{404, {}, R"({"errorCode":"E0000008","errorSummary":"no path"})"},
                        Milliseconds(10)};
    };
    auto transport = fakes.network.open({});
    Reader reader(kAcme, std::move(wants), governor, 1, deadline);
    Doors doors{fakes.clock, fakes.interrupt, fakes.log, **transport, {}};
    drive({{&reader, kAcme, authorizer.get(), &governor, 1, deadline}}, doors);
    CHECK(governor.in_flight() == 0);
    return reader.take();
  }
  std::vector<std::string> targets() const {
    std::vector<std::string> seen;
    for (const Arrival& arrival : fakes.network.arrivals) seen.push_back(arrival.request.target);
    return seen;
  }
};

TEST_CASE("tokens and zones are two requests, side by side, with the credential") {
  Org org;
  const auto reading = org.read();
  REQUIRE(reading.has_value());
  CHECK(reading->live.host == "acme.okta.com");
  CHECK(reading->live.url == "https://acme.okta.com");
  REQUIRE(reading->live.tokens.size() == 2);
  CHECK(reading->live.tokens[0].id == "00T1");
  CHECK(reading->live.zones.size() == 1);
  CHECK(reading->token_pages.empty());
  CHECK(org.targets() == std::vector<std::string>{"/api/v1/api-tokens", "/api/v1/zones?limit=200"});
  CHECK(org.fakes.network.most_in_flight == 2);
  for (const Arrival& arrival : org.fakes.network.arrivals) {
    CHECK(arrival.authorization == "SSWS S3CRET");
    CHECK(arrival.request.method == HttpMethod::get);
    CHECK(header(arrival.request.headers, "Accept") == "application/json");
  }
  CHECK(org.fakes.log.text().find("S3CRET") == std::string::npos);
}

TEST_CASE("pages are followed to the end, whatever moves between them") {
  Org org;
  org.answers["/api/v1/api-tokens"] = {page("[" + token_json("00T1") + "," + token_json("00T2") + "]",
                                            "https://acme.okta.com/api/v1/api-tokens?after=2"),
                                       Milliseconds(5)};
  org.answers["/api/v1/api-tokens?after=2"] = {
      page("[" + token_json("00T2") + "]", "/api/v1/api-tokens?after=3"), Milliseconds(5)};
  org.answers["/api/v1/api-tokens?after=3"] = {page("[]", ""), Milliseconds(5)};
  org.answers["/api/v1/zones?limit=200"] = {page(R"([{"id":"nzo2"}])", "?after=z&limit=200"),
                                            Milliseconds(5)};
  org.answers["/api/v1/zones?after=z&limit=200"] = {page(R"([{"id":"nzo1"}])", ""), Milliseconds(5)};
  const auto reading = org.read();
  REQUIRE(reading.has_value());
  CHECK(reading->live.tokens.size() == 2);
  CHECK(reading->live.zones.size() == 2);
  CHECK(org.fakes.network.arrivals.size() == 5);
}

struct FailRow {
  const char* name;
  const char* target;
  FakeAnswer answer;
  Trouble trouble;
  const char* message;
};

TEST_CASE("what goes wrong while reading is one error, and nothing more is asked") {
  const FailRow rows[] = {
      {"a loop",
       "/api/v1/api-tokens",
       {page("[]", "https://acme.okta.com/api/v1/api-tokens"), {}},
       Trouble::failure,
       "the list leads back to a page that was read"},
      {"elsewhere",
       "/api/v1/api-tokens",
       {page("[]", "https://evil.example/x"), {}},
       Trouble::failure,
       "leads elsewhere: \"https://evil.example/x\""},
      {"no JSON",
       "/api/v1/api-tokens",
       {ok("<html>"), {}},
       Trouble::failure,
       "Okta's answer (the token list) can't be read: it is no JSON"},
      {"zones that can't be read",
       "/api/v1/zones?limit=200",
       {ok("{}"), {}},
       Trouble::failure,
       "Okta's answer (the zone list) can't be read"},
      {"401",
       "/api/v1/api-tokens",
       {HttpResponse{401, {}, R"({"errorCode":"E0000011","errorSummary":"Invalid token provided"})"}, {}},
       Trouble::unauthorised,
       "could not list the API tokens at acme.okta.com: HTTP 401 E0000011"},
      {"403 for zones",
       "/api/v1/zones?limit=200",
       {HttpResponse{403, {}, R"({"errorCode":"E0000006","errorSummary":"no"})"}, {}},
       Trouble::unauthorised,
       "could not list the network zones"},
      {"a redirect",
       "/api/v1/api-tokens",
       {HttpResponse{302, {{"Location", "https://acme-admin.okta.com"}}, ""}, {}},
       Trouble::failure,
       "a redirect to https://acme-admin.okta.com"},
      {"refused",
       "/api/v1/api-tokens",
       {TransportError{TransportFault::refused, "nobody listens"}, {}},
       Trouble::failure,
       "nobody listens"},
      {"5xx for ever",
       "/api/v1/api-tokens",
       {HttpResponse{500, {}, ""}, {}},
       Trouble::failure,
       "HTTP 500, an empty answer"},
      {"a certificate",
       "/api/v1/zones?limit=200",
       {TransportError{TransportFault::tls, "the certificate is of another host"}, {}},
       Trouble::failure,
       "of another host"},
  };
  for (const FailRow& row : rows) {
    CAPTURE(row.name);
    Org org;
    org.answers[row.target] = row.answer;
    const auto reading = org.read();
    REQUIRE_FALSE(reading.has_value());
    CHECK(reading.error().trouble == row.trouble);
    CHECK_MESSAGE(reading.error().message.find(row.message) != std::string::npos, reading.error().message);
    CHECK(org.fakes.network.arrivals.size() <= 6);
  }
}

TEST_CASE("a list without end is left, by a limit that has a name") {
  Org org;
  org.fakes.log.level = LogLevel::off;
  std::size_t pages = 0;
  Governor governor{PacePolicy{}};
  org.fakes.network.server = [&](const Arrival&) {
    return FakeAnswer{page("[]", "https://acme.okta.com/api/v1/api-tokens?after=" + std::to_string(++pages)),
                      Milliseconds(1)};
  };
  auto transport = org.fakes.network.open({});
  ReadWants wants;
  wants.zones = false;
  Reader reader(kAcme, wants, governor, 1, std::nullopt);
  Doors doors{org.fakes.clock, org.fakes.interrupt, org.fakes.log, **transport, {}};
  drive({{&reader, kAcme, org.authorizer.get(), &governor, 1, std::nullopt}}, doors);
  const auto reading = reader.take();
  REQUIRE_FALSE(reading.has_value());
  CHECK(reading.error().message.find("goes on beyond 5000 pages") != std::string::npos);
  CHECK(pages == kMaxPages);
}

TEST_CASE("passing faults are waited out") {
  Org org;
  int calls = 0;
  auto answers = org.answers;
  Governor governor{PacePolicy{}};
  org.fakes.network.server = [&](const Arrival& arrival) {
    switch (++calls) {
      case 1: return FakeAnswer{HttpResponse{429, {{"Retry-After", "30"}}, ""}, Milliseconds(10)};
      case 2: return FakeAnswer{TransportError{TransportFault::lost, "broken"}, Milliseconds(10)};
      case 3: return FakeAnswer{HttpResponse{503, {}, ""}, Milliseconds(10)};
      default: return answers.at(arrival.request.target);
    }
  };
  auto transport = org.fakes.network.open({});
  Reader reader(kAcme, {}, governor, 1, std::nullopt);
  struct Onlooker : Witness {
    std::vector<Event> events;
    void saw(const OrgAddress&, const Event& event) override { events.push_back(event); }
    Result<void> keep() override { return {}; }
    std::optional<Milliseconds> look(Milliseconds) override { return std::nullopt; }
  } onlooker;
  Doors doors{org.fakes.clock, org.fakes.interrupt, org.fakes.log, **transport, &onlooker};
  const Milliseconds began = org.fakes.clock.steady();
  drive({{&reader, kAcme, org.authorizer.get(), &governor, 1, std::nullopt}}, doors);
  CHECK(reader.take().has_value());
  CHECK(org.fakes.clock.steady() - began >= std::chrono::seconds(30));
  CHECK(std::any_of(onlooker.events.begin(), onlooker.events.end(),
                    [](const Event& event) { return event.kind == Event::Kind::waiting; }));
}

TEST_CASE("users are looked up once the tokens are known; nobody is an answer") {
  Org org;
  org.answers["/api/v1/users/ann%40acme.example"] = {
      ok(R"({"id":"00u1","profile":{"login":"ann@acme.example"}})"), Milliseconds(5)};
  org.answers["/api/v1/users/ghost"] = {
      HttpResponse{404, {}, R"({"errorCode":"E0000007","errorSummary":"Not found"})"}, Milliseconds(5)};
  ReadWants wants;
  int rounds = 0;
  wants.users = [&](const Live& live) {
    CHECK(live.tokens.size() == 2);
    if (rounds++ == 0) return std::vector<std::string>{"ann@acme.example", "ghost"};
    CHECK(live.users.ids.count("ghost") == 1);
    return std::vector<std::string>{"ghost", "00u00000000000000002"};
  };
  org.answers["/api/v1/users/00u00000000000000002"] = {
      ok(R"({"id":"00u00000000000000002","profile":{"login":"bob@acme.example"}})"), Milliseconds(5)};
  const auto reading = org.read(wants);
  REQUIRE(reading.has_value());
  CHECK(reading->live.users.ids ==
        std::map<std::string, std::string>{
            {"ann@acme.example", "00u1"}, {"bob@acme.example", "00u00000000000000002"}, {"ghost", ""}});
  CHECK(reading->live.users.login_of("00u00000000000000002") == "bob@acme.example");
  CHECK(rounds == 3);  // the third finds nobody left to ask for
  const auto targets = org.targets();
  CHECK(std::count(targets.begin(), targets.end(), "/api/v1/users/ghost") == 1);

  Org other;  // 404 of a wrong path says nothing about a user
  wants.users = [](const Live&) { return std::vector<std::string>{"a/../b?x"}; };
  const auto wrong = other.read(wants);
  REQUIRE_FALSE(wrong.has_value());
  CHECK(other.targets().back() == "/api/v1/users/a%2F..%2Fb%3Fx");
}

TEST_CASE("an interrupt asks for nothing more, and what is in flight gets its grace") {
  Org org;
  org.answers["/api/v1/api-tokens"] = {page("[]", "https://acme.okta.com/api/v1/api-tokens?after=2"),
                                       Milliseconds(2'000)};
  org.answers["/api/v1/zones?limit=200"] = {ok("[]"), Milliseconds(59'000)};
  org.fakes.interrupt.request_at(org.fakes.clock.steady() + Milliseconds(1'000));
  const Milliseconds began = org.fakes.clock.steady();
  const auto reading = org.read();
  REQUIRE_FALSE(reading.has_value());
  CHECK(reading.error().trouble == Trouble::interrupted);
  CHECK(org.fakes.network.arrivals.size() == 2);
  CHECK((org.fakes.clock.steady() - began == Milliseconds(1'000) + kGrace));
}

TEST_CASE("the deadline ends a wait for the rate limit") {
  Org org;
  org.answers["/api/v1/api-tokens"] = {HttpResponse{429, {{"Retry-After", "60"}}, ""}, Milliseconds(10)};
  const Milliseconds began = org.fakes.clock.steady();
  const auto reading = org.read({}, began + std::chrono::seconds(30));
  REQUIRE_FALSE(reading.has_value());
  CHECK(reading.error().trouble == Trouble::unfinished);
  CHECK(org.fakes.clock.steady() - began <= std::chrono::seconds(30));
}

class BrokenAuthorizer : public Authorizer {
 public:
  Result<Secret> authorize(HttpRequest&) override {
    return fail(Trouble::unauthorised, "the key is gone", "put it back");
  }
};

TEST_CASE("an authorizer that fails is the run's error, not an interrupt") {
  Org org;
  org.authorizer = std::make_unique<BrokenAuthorizer>();
  const auto reading = org.read();
  REQUIRE_FALSE(reading.has_value());
  CHECK(reading.error() == Error{Trouble::unauthorised, "the key is gone", "put it back"});
  CHECK(org.fakes.network.arrivals.empty());
}

// Becomes ready by one call of its own, and again after `good_for` requests.
class RenewingAuthorizer : public Authorizer {
 public:
  bool ready() override { return left_ > 0; }
  std::unique_ptr<Machine> renewal(Governor& governor, std::uint64_t seed,
                                   std::optional<Milliseconds> deadline) override {
    ++renewals;
    return std::make_unique<Renewal>(*this, governor, seed, deadline);
  }
  Result<Secret> authorize(HttpRequest& request) override {
    if (request.method == HttpMethod::post) return Secret();
    --left_;
    return Secret("Bearer T" + std::to_string(renewals));
  }
  int renewals = 0;

 private:
  class Renewal : public Machine {
   public:
    Renewal(RenewingAuthorizer& owner, Governor& governor, std::uint64_t seed,
            std::optional<Milliseconds> deadline)
        : owner_(owner), lane_(governor, seed, deadline) {
      lane_.submit({Operation::get_access_token, {}, {}, {}});
    }
    Lane& lane() override { return lane_; }
    void advance(Milliseconds) override {
      if (lane_.take_ended().empty()) return;
      owner_.left_ = 1;
      finished_ = true;
    }
    bool finished() const override { return finished_; }
    void interrupt() override { lane_.stop(); }

   private:
    RenewingAuthorizer& owner_;
    Lane lane_;
    bool finished_ = false;
  };
  int left_ = 0;
};

TEST_CASE("requests wait for a renewal, which wakes the driver once and not over and over") {
  Org org;
  org.answers["/oauth2/v1/token"] = {ok("{}"), Milliseconds(30'000)};
  // The first answer says how long the window is: then the lane has a wake-up of its own that passes while
  // the token is renewed.
  org.answers["/api/v1/api-tokens"] = {page("[]", "https://acme.okta.com/api/v1/api-tokens?after=2"),
                                       Milliseconds(10)};
  std::get<HttpResponse>(org.answers["/api/v1/api-tokens"].what).status = 500;
  auto renewing = std::make_unique<RenewingAuthorizer>();
  RenewingAuthorizer& authorizer = *renewing;
  org.authorizer = std::move(renewing);
  ReadWants wants;
  wants.zones = false;
  const auto reading = org.read(wants);
  REQUIRE_FALSE(reading.has_value());  // it stays 500
  CHECK(authorizer.renewals == 5);
  CHECK(org.fakes.network.arrivals.size() == 10);
}

TEST_CASE("a snapshot reads as the org did, and keeps what Okta answered") {
  Org org;
  org.answers["/api/v1/users/ann"] = {ok(R"({"id":"00u1","profile":{"login":"ann@acme.example"}})"),
                                      Milliseconds(5)};
  ReadWants wants;
  wants.raw_pages = true;
  org.answers["/api/v1/users/ghost"] = {
      HttpResponse{404, {}, R"({"errorCode":"E0000007","errorSummary":"Not found"})"}, Milliseconds(5)};
  wants.users = [](const Live&) { return std::vector<std::string>{"ann", "ghost"}; };
  const auto reading = org.read(wants);
  REQUIRE(reading.has_value());
  const Instant taken_at = *parse_instant("2026-01-02T03:04:05.678Z");
  const auto text = encode_snapshot(*reading, kAcme, taken_at);
  REQUIRE(text.has_value());
  CHECK(text->back() == '\n');
  CHECK(text->find("\"brandNew\": 1") != std::string::npos);
  CHECK(text->find("00T2") < text->find("00T1"));  // Okta's order
  const auto snapshot = decode_snapshot(*text, "live.json");
  REQUIRE_MESSAGE(snapshot.has_value(), snapshot.error().message);
  Live expected = reading->live;
  expected.taken_at = taken_at;
  CHECK(snapshot->live == expected);
  CHECK(snapshot->org == kAcme);
}

TEST_CASE("a snapshot that was cut or made wrong is refused in one line") {
  Org org;
  ReadWants wants;
  wants.raw_pages = true;
  const std::string text = *encode_snapshot(*org.read(wants), kAcme, *parse_instant("2026-01-02T03:04:05Z"));
  for (std::size_t size = 0; size + 2 < text.size(); ++size)
    REQUIRE_FALSE(decode_snapshot(std::string_view(text).substr(0, size), "live.json").has_value());
  struct Row {
    const char* text;
    const char* why;
  };
  const Row rows[] = {
      {"[]", "it is no JSON object"},
      {"{}", "it has no `format_version`"},
      {R"({"format_version":"9.0"})", "its format version is \"9.0\""},
      {R"({"format_version":1})", "its `format_version` is no text"},
      {R"({"format_version":"1.0"})", "it has no `org`"},
      {R"({"format_version":"1.0","org":"https://acme-admin.okta.com"})", "its org: "},
      {R"({"format_version":"1.0","org":"acme.okta.com","taken_at":"today"})",
       "its `taken_at` is no instant"},
      {R"({"format_version":"1.0","org":"acme.okta.com","taken_at":"2026-01-02T03:04:05Z"})",
       "it has no `tokens`"},
      {R"({"format_version":"1.0","org":"acme.okta.com","taken_at":"2026-01-02T03:04:05Z","tokens":{},"zones":[]})",
       "its `tokens` is no list"},
      {R"({"format_version":"1.0","org":"acme.okta.com","taken_at":"2026-01-02T03:04:05Z","tokens":[{"id":"../x"}],"zones":[]})",
       "the id \"../x\""},
      {R"({"format_version":"1.0","org":"acme.okta.com","taken_at":"2026-01-02T03:04:05Z","tokens":[{"id":"00T1"},{"id":"00T1","name":"b"}],"zones":[]})",
       "twice"},
      {R"({"format_version":"1.0","org":"acme.okta.com","taken_at":"2026-01-02T03:04:05Z","tokens":[],"zones":[7]})",
       "a zone is no object"},
      {R"({"format_version":"1.0","org":"acme.okta.com","taken_at":"2026-01-02T03:04:05Z","tokens":[],"zones":[],"users":[]})",
       "`users`"},
  };
  for (const Row& row : rows) {
    const auto snapshot = decode_snapshot(row.text, "li\x1bve.json");
    REQUIRE_FALSE(snapshot.has_value());
    CHECK(snapshot.error().trouble == Trouble::usage);
    CHECK_MESSAGE(snapshot.error().message.find(row.why) != std::string::npos, snapshot.error().message);
    CHECK(snapshot.error().message.find("li\\x1bve.json can't be used as a snapshot: ") == 0);
  }
  CHECK_FALSE(decode_snapshot(std::string(100'000, '['), "x").has_value());
}

}  // namespace
}  // namespace zonepin::okta
