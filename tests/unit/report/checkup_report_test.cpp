// What doctor found, as text and as JSON.
#include "report/checkup_report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "unit/report/report_cases.h"
#include "unit/report/text_laws.h"

namespace zonepin {

namespace {

std::vector<OrgCheckups> two_orgs() {
  return {{"acme.okta.com",
           {{"org", Health::ok, "https://acme.okta.com", ""},
            {"clock", Health::warning, "2 min ahead of Okta's", "set this machine's clock"},
            {"read tokens", Health::failure, hostile_text(), hostile_text()},
            {"write", Health::unchecked, "can't be told without a write", ""}}},
          {"beta.okta.com", {}}};
}

TEST_CASE("a checkup is one line for each thing that was looked at, with what to do") {
  const std::string text = checkups_text(two_orgs(), {});
  CHECK(
      text.starts_with("acme.okta.com\n"
                       "  ok        org: https://acme.okta.com\n"
                       "  warning   clock: 2 min ahead of Okta's; set this machine's clock\n"
                       "  failure   read tokens: "));
  CHECK(text.ends_with("  unchecked write: can't be told without a write\n\nbeta.okta.com\n"));
  for (const std::size_t width : {0U, 40U, 61U, 80U, 200U})
    check_text_laws_at(width, [](const Style& style) { return checkups_text(two_orgs(), style); });
}

TEST_CASE("the same as a document") {
  const auto json = nlohmann::json::parse(checkups_json(two_orgs()));
  CHECK(json.at("format_version") == "1.0");
  REQUIRE(json.at("orgs").size() == 2);
  const auto& checks = json.at("orgs").at(0).at("checks");
  REQUIRE(checks.size() == 4);
  CHECK(checks.at(1) == nlohmann::json{{"check", "clock"},
                                       {"result", "warning"},
                                       {"message", "2 min ahead of Okta's"},
                                       {"mend", "set this machine's clock"}});
  CHECK(json.at("orgs").at(1).at("host") == "beta.okta.com");
  CHECK(json.at("orgs").at(1).at("checks").empty());
}

}  // namespace

}  // namespace zonepin
