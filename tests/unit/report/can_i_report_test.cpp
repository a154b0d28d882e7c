// Whether tokens may be used from somewhere, as text and as JSON.
#include "report/can_i_report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/golden.h"
#include "unit/report/report_cases.h"
#include "unit/report/text_laws.h"

namespace zonepin {

namespace {

Asked asked_for(const std::string& text) {
  return {text, AddressSet({parse_gateway(text).value()})};
}

Token can_i_token(const std::string& id, const std::string& name, std::optional<NetworkCondition> network) {
  Token token;
  token.id = id;
  token.name = name;
  token.network = std::move(network);
  return token;
}

Zone can_i_zone(const std::string& id, const std::string& name, const std::string& gateway) {
  return {id, name, "IP", "ACTIVE", "POLICY", false, {{"CIDR", gateway}}};
}

NetworkCondition zone_condition(std::vector<std::string> include) {
  return {std::string(kZone), std::move(include), {}};
}

Live can_i_live(const std::string& corp) {
  Live live;
  live.host = "acme.okta.com";
  live.tokens = {can_i_token("00T01", "ci-deployer", anywhere()),
                 can_i_token("00T02", corp + "-bot", zone_condition({"nzocorp"})),
                 can_i_token("00T03", "etl", zone_condition({"nzocorp", "nzogone"})),
                 can_i_token("00T04", "etl", zone_condition({"nzocorp"})),
                 can_i_token("00T05", "legacy", {})};
  live.zones = {can_i_zone("nzocorp", corp, "192.0.2.0/24"), can_i_zone("nzoci", "ci", "203.0.113.0/24")};
  return live;
}

OrgPlan can_i_plan() {
  Change replace;
  replace.status = Status::replace;
  replace.id = "00T01";
  replace.after = TokenState{"00T01", "ci-deployer", {}, {}, zone_condition({"nzoci"})};
  Change revoke;
  revoke.status = Status::revoke;
  revoke.id = "00T05";
  revoke.reason = hostile_text();
  OrgPlan plan;
  plan.changes = {replace, revoke};
  return plan;
}

struct Case {
  std::string name;
  CanIReport report;
};

std::vector<Case> can_i_cases() {
  static const OrgPlan kPlan = can_i_plan();
  const Live live = can_i_live("corp");
  const std::vector<Asked> one = {asked_for("198.51.100.7")};
  const std::vector<Asked> two = {asked_for("198.51.100.7"), asked_for("192.0.2.0/23")};
  PlannedZones edited{live.zones, {}};
  CHECK(override_zone({"corp", {"198.51.100.0/24"}}, edited).value());
  const auto report = [](CanIScope scope, const std::vector<Asked>& asked, std::vector<OrgAnswer> orgs) {
    return CanIReport{scope, asked, std::move(orgs), {}};
  };
  Live empty;
  empty.host = "beta.okta.com";
  const Live hostile = can_i_live(hostile_text());
  return {
      {"now", report(CanIScope::one_token, one, {answer_of(live, {one, "00T02", nullptr, {}})})},
      {"after", report(CanIScope::one_token, two, {answer_of(live, {two, "00T01", &kPlan, {}})})},
      {"edit", report(CanIScope::one_token, one, {answer_of(live, {one, "00T02", nullptr, edited})})},
      {"all-now",
       report(CanIScope::all_tokens, one,
              {answer_of(live, {one, {}, nullptr, {}}), answer_of(empty, {one, {}, nullptr, {}})})},
      {"all-after", report(CanIScope::all_tokens, two, {answer_of(live, {two, {}, &kPlan, {}})})},
      {"hostile", report(CanIScope::all_tokens, two, {answer_of(hostile, {two, {}, &kPlan, {}})})},
      {"hostile-one", report(CanIScope::one_token, two, {answer_of(hostile, {two, "00T05", &kPlan, {}})})},
  };
}

TEST_CASE("the answers of can-i are what the golden files say, and keep to the laws of text") {
  for (const Case& one : can_i_cases()) {
    CAPTURE(one.name);
    if (one.name != "hostile" && one.name != "hostile-one")
      check_golden("report/can-i/expected." + one.name + "-80.txt", can_i_text(one.report, {}));
    for (const std::size_t width : {0U, 40U, 61U, 80U, 200U})
      check_text_laws_at(width, [&](const Style& style) { return can_i_text(one.report, style); });
  }
  const std::string none = can_i_text({CanIScope::all_tokens, {asked_for("::1")}, {}, {}}, {});
  CHECK(none == "No org takes part, so that nothing can be told.\n");
}

TEST_CASE("the answers of can-i as a document") {
  const auto cases = can_i_cases();
  check_golden("report/can-i/expected.after.json", can_i_json(cases[1].report));
  for (const Case& one : cases) {
    CAPTURE(one.name);
    const auto json = nlohmann::json::parse(can_i_json(one.report));
    CHECK(json.at("format_version") == "1.0");
    CHECK(json.at("orgs").size() == one.report.orgs.size());
    CHECK(json.at("orgs").at(0).at("answers").size() == one.report.orgs[0].tokens.size());
  }
  const auto none = nlohmann::json::parse(can_i_json({CanIScope::all_tokens, {}, {}, {"acme.okta.com"}}));
  CHECK(none.at("verdict").is_null());
  CHECK(none.at("unread") == nlohmann::json{"acme.okta.com"});
}

}  // namespace

}  // namespace zonepin
