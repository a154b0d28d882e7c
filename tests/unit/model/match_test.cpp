#include "model/match.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>

namespace zonepin {

namespace {

const Instant kNow = *parse_instant("2026-11-23T12:00:00Z");

// Created a year ago, last used on 2026-11-09T12:00:00Z: 14 days before kNow.
Token token() {
  Token token;
  token.id = "00T1";
  token.name = "etl-nightly";
  token.user_id = "00u1";
  token.client_name = "Okta API";
  token.created = "2025-11-23T12:00:00.000Z";
  token.expires_at = "2026-12-09T12:00:00.000Z";
  token.token_window = "P30D";
  return token;
}

TokenMatch excluding(TokenMatch match, TokenMatch excluded) {
  match.excluded.push_back(std::move(excluded));
  return match;
}

TokenMatch by_name(const char* glob) {
  TokenMatch match;
  match.name = glob;
  return match;
}
TokenMatch by_owner(const char* owner) {
  TokenMatch match;
  match.owner = owner;
  return match;
}
TokenMatch by_client(const char* glob) {
  TokenMatch match;
  match.client = glob;
  return match;
}
TokenMatch by_idle(const char* duration) {
  TokenMatch match;
  match.idle = parse_duration(duration);
  return match;
}
TokenMatch by_age(const char* duration) {
  TokenMatch match;
  match.age = parse_duration(duration);
  return match;
}
TokenMatch by_connection(const char* connection) {
  TokenMatch match;
  match.connection = connection;
  return match;
}

}  // namespace

TEST_CASE("which tokens a match speaks of") {
  struct Row {
    std::string about;
    TokenMatch match;
    std::function<void(Token&)> change;
    std::string login;
    Fit fit;
  };
  const auto as_it_is = [](Token&) {};
  const auto without_client = [](Token& t) { t.client_name.reset(); };
  const auto without_use = [](Token& t) { t.expires_at.reset(); };
  const auto without_creation = [](Token& t) { t.created.reset(); };
  const auto zoned = [](Token& t) { t.network = NetworkCondition{"ZONE", {"nzo1"}, {}}; };
  const Row rows[] = {
      {"name", by_name("etl-*"), as_it_is, "", Fit::yes},
      {"other name", by_name("ETL-*"), as_it_is, "", Fit::no},
      {"user id", by_owner("00u1"), as_it_is, "", Fit::yes},
      {"other user id, login known", by_owner("00u2"), as_it_is, "ana@acme.example", Fit::no},
      {"login", by_owner("*@acme.example"), as_it_is, "ana@acme.example", Fit::yes},
      {"other login", by_owner("*@acme.example"), as_it_is, "ana@beta.example", Fit::no},
      {"login in other case", by_owner("Ana@*"), as_it_is, "ana@acme.example", Fit::no},
      {"login not known", by_owner("*"), as_it_is, "", Fit::unknown},
      {"a user id is no glob", by_owner("00u*"), as_it_is, "ana@acme.example", Fit::no},
      {"client", by_client("Okta*"), as_it_is, "", Fit::yes},
      {"other client", by_client("Okta AD*"), as_it_is, "", Fit::no},
      {"no client", by_client("*"), without_client, "", Fit::unknown},
      {"an absent network is ANYWHERE", by_connection("ANYWHERE"), as_it_is, "", Fit::yes},
      {"connection", by_connection("ZONE"), zoned, "", Fit::yes},
      {"other connection", by_connection("ANYWHERE"), zoned, "", Fit::no},
      {"idle to the second", by_idle("P14D"), as_it_is, "", Fit::yes},
      {"not idle by a second", by_idle("P14DT1S"), as_it_is, "", Fit::no},
      {"last use unknown", by_idle("PT0S"), without_use, "", Fit::no},
      {"idle for ever", by_idle("P999999999Y"), as_it_is, "", Fit::no},
      {"old by the calendar", by_age("P1Y"), as_it_is, "", Fit::yes},
      {"not old", by_age("P1YT1S"), as_it_is, "", Fit::no},
      {"creation unknown", by_age("PT0S"), without_creation, "", Fit::no},
      {"creation unreadable", by_age("PT0S"), [](Token& t) { t.created = "last year"; }, "", Fit::no},
      {"not", excluding(by_name("etl-*"), by_name("etl-legacy-*")), as_it_is, "", Fit::yes},
      {"not: it is", excluding(by_name("etl-*"), by_name("*nightly")), as_it_is, "", Fit::no},
      {"not: login unknown", excluding(by_name("*"), by_owner("ceo@*")), as_it_is, "", Fit::unknown},
      {"not: login known", excluding(by_name("*"), by_owner("ceo@*")), as_it_is, "ana@acme.example",
       Fit::yes},
      {"not: client unknown", excluding(by_name("*"), by_client("Okta AD*")), without_client, "",
       Fit::unknown},
      {"not: last use unknown", excluding(by_name("*"), by_idle("P1D")), without_use, "", Fit::yes},
      {"what is certain wins over what is unknown", excluding(by_owner("*"), by_name("etl-*")), as_it_is, "",
       Fit::no},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Token live = token();
    row.change(live);
    Users users;
    if (!row.login.empty()) users.logins.emplace("00u1", row.login);
    const Fit fit = fit_of(row.match, live, users, kNow);
    CHECK((fit == row.fit));
    CHECK(matches(row.match, live, users, kNow) == (row.fit == Fit::yes));
  }
}

TEST_CASE("all fields must fit") {
  TokenMatch match = by_name("etl-*");
  match.owner = "00u1";
  match.client = "Okta API";
  match.connection = "ANYWHERE";
  match.idle = parse_duration("P7D");
  match.age = parse_duration("P90D");
  CHECK(matches(match, token(), {}, kNow));
  for (const auto& spoil : std::vector<std::function<void(TokenMatch&)>>{
           [](TokenMatch& m) { m.name = "x"; }, [](TokenMatch& m) { m.owner = "00u2"; },
           [](TokenMatch& m) { m.client = "x"; }, [](TokenMatch& m) { m.connection = "ZONE"; },
           [](TokenMatch& m) { m.idle = parse_duration("P15D"); },
           [](TokenMatch& m) { m.age = parse_duration("P2Y"); }}) {
    TokenMatch spoiled = match;
    spoil(spoiled);
    CHECK_FALSE(matches(spoiled, token(), {}, kNow));
  }
}

TEST_CASE("a login without a wildcard needs only the user that it stands for") {
  Users users;
  const TokenMatch match = by_owner("ana@acme.example");
  CHECK((fit_of(match, token(), users, kNow) == Fit::unknown));
  users.ids["ana@acme.example"] = "00u1";
  CHECK((fit_of(match, token(), users, kNow) == Fit::yes));
  users.ids["ana@acme.example"] = "00u2";
  CHECK((fit_of(match, token(), users, kNow) == Fit::no));
  users.ids["ana@acme.example"] = "";  // nobody has it
  CHECK((fit_of(match, token(), users, kNow) == Fit::no));
  CHECK((fit_of(excluding(by_name("*"), match), token(), users, kNow) == Fit::yes));
  CHECK((fit_of(by_owner("00u00000000000000009"), token(), {}, kNow) == Fit::no));  // never a login
}

TEST_CASE("whether a login makes a difference") {
  CHECK(asks_for_login(by_owner("a")));
  CHECK(asks_for_login(excluding(by_name("*"), by_owner("a"))));
  CHECK_FALSE(asks_for_login(excluding(by_name("*"), by_client("a"))));
}

TEST_CASE("what a match is known by tells every field, and not where it stands") {
  TokenMatch match;
  match.name = "etl-*";
  match.owner = "*@data.acme.example";
  match.client = "Okta API";
  match.connection = "ZONE";
  match.idle = parse_duration("P14D");
  match.age = parse_duration("P1Y");
  match.excluded = {by_name("etl-legacy-*")};
  match.place = {0, 7, 3, 1};
  CHECK(match_text(match) ==
        "name \"etl-*\", owner \"*@data.acme.example\", client \"Okta API\", connection ZONE, idle P14D, "
        "age P12M, not (name \"etl-legacy-*\")");
  DesiredToken entry;
  entry.name = "ci";
  CHECK(entry_text(entry) == "\"ci\"");
  entry.owner = "ci@acme.example";
  CHECK(entry_text(entry) == "\"ci\" of ci@acme.example");
  entry.id = "00T1";
  CHECK(entry_text(entry) == "00T1");
}

}  // namespace zonepin
