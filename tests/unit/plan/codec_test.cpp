// A plan as a file: read as it was written, or refused.
#include "plan/plan_codec.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "plan/binding.h"
#include "plan_kit.h"

namespace zonepin {
namespace {

// One of everything, in two orgs that see zones differently.
Plan full_plan() {
  Live live = live_with({token(1, "tighter", std::nullopt),
                         token(2, "b", NetworkCondition{"ON_NETWORK", {"nzolost"}, {}}), token(3, "twin"),
                         token(4, "twin"), token(5, "agent\n\x1b\u202e"),
                         token(6, "fine", only_from({"nzodata"})), token(7, "out")});
  live.tokens[4].client_name.reset();
  live.tokens[4].user_id.reset();
  Desired desired = desired_of(
      {named(1, "tighter", {"corp", "ci"}), named(2, "b", {}), named(3, "twin", {"corp"}),
       named(4, live.tokens[4].name, {"data"}), named(5, "fine", {"data"}), revoked(named(6, "out", {})),
       named(7, "absent", {"corp"}), revoked(by_id(8, 99, {})), by_id(9, 1, {"ci"})});
  desired.acks = {{"agent-token", token_id(5), kNow + std::chrono::hours(1), "SEC-1", {}},
                  {"recently-used", token_id(7), std::nullopt, "SEC-2", {}}};
  desired.missing = Treatment::fail;
  Plan plan{kNow, kNow + std::chrono::hours(24 * 7), {plan_for(desired, live)}};
  for (Ack& ack : plan.orgs[0].terms.acks) ack.place = {};

  Live other = live_with({token(1, "x", only_from({"nzoci"})), token(2, "y", only_from({"nzodata"}))});
  other.host = "beta.okta.com";
  other.url = "https://beta.okta.com";
  other.zones = {zone("nzoci", "another ci"), zone("nzocorp", "corp")};  // and none named nzodata
  Desired wishes = desired_of({named(1, "x", {"corp"}), named(2, "y", {"corp"})});
  wishes.missing = Treatment::ignore;
  plan.orgs.push_back(plan_for(wishes, other));
  return plan;
}

TEST_CASE("a plan comes back as it was saved") {
  const Plan plan = full_plan();
  const std::string text = encode_plan(plan);
  CHECK(text.back() == '\n');
  const auto decoded = decode_plan(text, "plan.json");
  REQUIRE_MESSAGE(decoded.has_value(), decoded.error().message);
  CHECK(decoded->created_at == plan.created_at);
  CHECK(decoded->expires_at == plan.expires_at);
  REQUIRE(decoded->orgs.size() == 2);
  for (std::size_t org = 0; org < 2; ++org) {
    CHECK(decoded->orgs[org].zones == plan.orgs[org].zones);
    CHECK(decoded->orgs[org].terms == plan.orgs[org].terms);
    CHECK(decoded->orgs[org].guards == plan.orgs[org].guards);
    CHECK(decoded->orgs[org].findings == plan.orgs[org].findings);
    CHECK(decoded->orgs[org].changes == plan.orgs[org].changes);
  }
  CHECK(*decoded == plan);
  CHECK(encode_plan(*decoded) == text);
  CHECK(digest_of(*decoded) == digest_of(plan));
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
}

TEST_CASE("a plan says what it left out, and hands on what a manifest says of an org") {
  Plan plan{
      kNow, std::nullopt, {plan_for(desired_of({named(1, "a", {"corp"})}), live_with({token(1, "a")}))}};
  plan.orgs[0].org_id = "00o1";
  plan.orgs[0].client_id = "0oa1";
  plan.orgs[0].exit_code = 2;
  const std::string digest = digest_of(plan);
  plan.unread = {{"beta.okta.com", "https://beta.okta.com", "HTTP 401", "look at the token", 7}};
  const auto decoded = decode_plan(encode_plan(plan), "p");
  REQUIRE(decoded.has_value());
  CHECK(*decoded == plan);
  CHECK(digest_of(*decoded) == digest);
  const Plan back = reverse_of(*decoded);
  CHECK(back.unread.empty());
  REQUIRE(back.orgs.size() == 1);
  CHECK(back.orgs[0].org_id == "00o1");
  CHECK(back.orgs[0].client_id == "0oa1");
}

TEST_CASE("an empty plan is a plan") {
  const Plan empty{kNow, std::nullopt, {}};
  CHECK(*decode_plan(encode_plan(empty), "p") == empty);
}

// Changed white space changes nothing; whatever else changes must be noticed.
TEST_CASE("a plan with one character changed is refused, or is the same plan") {
  Desired desired =
      desired_of({named(1, "a", {"corp"}), revoked(named(2, "b", {})), named(3, "c", {"corp"})});
  desired.acks = {{"recently-used", token_id(2), kNow, "SEC-1", {}}};
  Plan plan{
      kNow, kNow + std::chrono::hours(24), {plan_for(desired, live_with({token(1, "a"), token(2, "b")}))}};
  plan.orgs[0].terms.acks[0].place = {};
  const std::string text = encode_plan(plan);
  std::size_t refused = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::vector<std::string> variants = {text, text, text};
    variants[0][at] = text[at] == '0' ? '1' : '0';
    variants[1][at] = static_cast<char>(text[at] ^ 0x20);
    variants[2].erase(at, 1);
    // All three everywhere would take a minute in a debug build.
    const std::string& variant = variants[at % 3];
    const auto decoded = decode_plan(variant, "plan.json");
    if (decoded) {
      CAPTURE(at);
      REQUIRE(*decoded == plan);
      continue;
    }
    ++refused;
    REQUIRE(decoded.error().trouble == Trouble::usage);
    REQUIRE(holds(decoded.error().message, "plan.json can't be used as a plan: "));
    REQUIRE(decoded.error().message.find('\n') == std::string::npos);
  }
  CHECK(refused > text.size() / 2);
}

TEST_CASE("a plan that was cut is refused wherever it was cut") {
  const Plan plan{
      kNow, std::nullopt, {plan_for(desired_of({named(1, "a", {"corp"})}), live_with({token(1, "a")}))}};
  const std::string text = encode_plan(plan);
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {
    const auto decoded = decode_plan(std::string_view(text).substr(0, size), "p");
    REQUIRE_FALSE(decoded.has_value());
  }
  CHECK(decode_plan(std::string_view(text).substr(0, text.size() - 1), "p")
            .has_value());  // the last newline is white space
  CHECK_FALSE(decode_plan(text + "x", "p").has_value());
  CHECK_FALSE(decode_plan(text + text, "p").has_value());
}

TEST_CASE("what is no plan says why, in one line, and quotes nothing of it") {
  struct Row {
    std::string text;
    const char* why;
  };
  const Row rows[] = {
      {"", "it is no whole JSON text"},
      {"apiVersion: zonepin/v1", "it is no whole JSON text"},
      {"[]", "it is no zonepin plan"},
      {"null", "it is no zonepin plan"},
      {"{}", "it is no zonepin plan"},
      {"{\"format_version\":\"1.0\"}", "it is no zonepin plan"},
      {"{\"format_version\":\"2.0\",\"resource_changes\":[]}",
       "its format version is \"2.0\", this zonepin reads 1.0"},
      {"{\"format_version\":1,\"resource_changes\":[]}", "a member is missing or of the wrong type"},
      {"{\"format_version\":\"1.0\",\"resource_changes\":[]}", "it has no checksum"},
      {"{\"format_version\":\"1.0\",\"resource_changes\":[],\"checksum\":\"x\"}",
       "it was changed after it was made"},
      {std::string(100'000, '['), "it nests too deeply"},
      {std::string(100'000, '{'), "it nests too deeply"},
      {"{\"a\":1e999}", "a member is missing or of the wrong type"},
      {"\"\xff\"", "it is no whole JSON text"},
      {std::string("{\0}", 3), "it holds a NUL character"},
  };
  for (const Row& row : rows) {
    const auto decoded = decode_plan(row.text,
                                     "pl\x1b"
                                     "an");
    REQUIRE_FALSE(decoded.has_value());
    CHECK_MESSAGE(holds(decoded.error().message, row.why), decoded.error().message);
    CHECK(holds(decoded.error().message, "pl\\x1ban can't be used as a plan"));
    CHECK(decoded.error().trouble == Trouble::usage);
  }
}

TEST_CASE("a plan made wrong is refused although its checksum is right") {
  const auto plan = [] {
    return Plan{
        kNow, std::nullopt, {plan_for(desired_of({named(1, "a", {"corp"})}), live_with({token(1, "a")}))}};
  };
  const std::vector<std::function<void(Change&)>> wrongs = {
      [](Change& change) { change.after->name = "b"; },
      [](Change& change) { change.after->id = token_id(2); },
      [](Change& change) { change.after->network.reset(); },
      [](Change& change) { change.after->network->connection = "ON_NETWORK"; },
      [](Change& change) { change.after->network->exclude = {"nzoci"}; },
      [](Change& change) { change.before->user_id = "00u9"; },
      [](Change& change) { change.before_sha256 = "0"; },
      [](Change& change) { change.before.reset(); },
      [](Change& change) { change.id = token_id(2); },
      [](Change& change) {
        change.id = change.before->id = change.after->id = "current";
        change.before_sha256 = sha256_of(*change.before);
      },
      [](Change& change) {
        change.id = change.before->id = change.after->id = "../x";
        change.before_sha256 = sha256_of(*change.before);
      },
  };
  CHECK(decode_plan(encode_plan(plan()), "p").has_value());
  for (std::size_t at = 0; at < wrongs.size(); ++at) {
    CAPTURE(at);
    Plan wrong = plan();
    wrongs[at](wrong.orgs[0].changes[0]);
    CHECK_FALSE(decode_plan(encode_plan(wrong), "p").has_value());
  }
}

}  // namespace
}  // namespace zonepin
