// Profiles: the built-in ones, and those of a file with every mistake in its place.
#include <doctest/doctest.h>

#include <set>

#include "check/profile.h"
#include "manifest/decode_profile.h"
#include "model/desired.h"

namespace zonepin {
namespace {

DecodedProfile decoded(const std::string& body) {
  return decode_profile({"p.yaml", "apiVersion: zonepin/v1\nkind: Profile\n" + body});
}

TEST_CASE("every rule has an id, words and a level in every profile") {
  std::set<std::string_view> titles;
  for (std::size_t at = 0; at < kCheckRules; ++at) {
    const auto rule = static_cast<CheckRule>(at);
    CAPTURE(std::string(to_string(rule)));
    CHECK(parse_check_rule(to_string(rule)) == rule);
    CHECK(titles.insert(text_of(rule).title).second);
    CHECK_FALSE(text_of(rule).meaning.empty());
    CHECK_FALSE(text_of(rule).mend.empty());
    for (const std::string_view name : kProfileNames)
      CHECK(builtin_profile(name)->level_of(rule) != CheckLevel::off);
  }
  CHECK_FALSE(parse_check_rule("token-nowhere"));
  CHECK_FALSE(builtin_profile("sitg"));
}

TEST_CASE("stig is strict about everything that is no restriction to known networks") {
  const CheckProfile stig = *builtin_profile("stig");
  for (const CheckRule rule :
       {CheckRule::token_anywhere, CheckRule::token_exclude_only, CheckRule::token_all_zones,
        CheckRule::zone_too_wide, CheckRule::zone_unusable, CheckRule::zone_pin_broken})
    CHECK(stig.level_of(rule) == CheckLevel::error);
  CHECK(stig.waived_words == "open, accepted until");
}

TEST_CASE("a file changes the profile that it extends") {
  const DecodedProfile file = decoded(
      "extends: stig\nbounds: { idle: P3W, old: P1Y, expiring: PT12H, widest_ipv4: 16, widest_ipv6: 48 }\n"
      "rules: { token-idle: error, token-old: off }\n");
  REQUIRE(file.edits);
  const CheckProfile profile = profile_of(*file.edits, "p.yaml");
  CHECK(profile.name == "p.yaml");
  CHECK(profile.level_of(CheckRule::token_exclude_only) == CheckLevel::error);
  CHECK(profile.level_of(CheckRule::token_idle) == CheckLevel::error);
  CHECK(profile.level_of(CheckRule::token_old) == CheckLevel::off);
  CHECK(profile.bounds.idle.days == 21);
  CHECK(profile.bounds.old.months == 12);
  CHECK(profile.bounds.expiring.seconds == 43'200);
  CHECK(profile.bounds.widest_ipv4 == 16);
  CHECK(profile.bounds.widest_ipv6 == 48);
  const DecodedProfile smallest = decoded("");
  REQUIRE(smallest.edits);
  CHECK(profile_of(*smallest.edits, "default") == *builtin_profile("default"));
}

TEST_CASE("mistakes come with their place and a way out") {
  struct ProfileRow {
    const char* body;
    std::uint32_t line;
    std::uint32_t column;
    const char* summary;
    const char* detail;
  };
  const ProfileRow rows[] = {
      {"extends: sitg\n", 3, 10, "extends can't be \"sitg\"", "did you mean \"stig\"?"},
      {"rules: { token-idel: error }\n", 3, 10, "there is no rule \"token-idel\"",
       "did you mean \"token-idle\"?"},
      {"rules: { token-idle: eror }\n", 3, 22, "the level of a rule can't be \"eror\"",
       "did you mean \"error\"?"},
      {"bounds: { idle: 14 days }\n", 3, 17, "idle can't be \"14 days\"", "did you mean \"P14D\"?"},
      {"bound: {}\n", 3, 1, "unknown field \"bound\" in a profile", "did you mean \"bounds\"?"},
      {"rules: {}\nrules: {}\n", 4, 1, "", ""},
      {"---\nkind: Profile\n", 4, 1, "a file holds one profile, and this is a second one", ""},
  };
  for (const ProfileRow& row : rows) {
    CAPTURE(row.body);
    const DecodedProfile file = decoded(row.body);
    CHECK_FALSE(file.edits);
    REQUIRE(!file.diagnostics.empty());
    const Diagnostic& first = file.diagnostics.front();
    CHECK(first.place.line == row.line);
    CHECK(first.place.column == row.column);
    if (*row.summary != '\0') CHECK(first.summary == row.summary);
    if (*row.detail != '\0') CHECK(first.detail == row.detail);
  }
  CHECK_FALSE(decode_profile({"p.yaml", ""}).edits);
  CHECK_FALSE(decode_profile({"p.yaml", "kind: ApiTokens\napiVersion: zonepin/v1\n"}).edits);
  CHECK_FALSE(decode_profile({"p.yaml", "bounds: {}\n"}).edits);
  CHECK_FALSE(decode_profile({"p.yaml", "[a"}).edits);
}

}  // namespace
}  // namespace zonepin
