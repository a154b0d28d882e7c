#include "cli/org_book.h"

#include <doctest/doctest.h>

namespace zonepin {
namespace {

OrgEntry entry_of(std::string label, std::string host) {
  OrgEntry entry;
  entry.label = std::move(label);
  entry.host = std::move(host);
  return entry;
}

TEST_CASE("a label stands for its host in whatever case, anything else for itself") {
  const std::vector<OrgEntry> entries = {entry_of("Prod", "acme.okta.com"),
                                         entry_of("preview", "acme.oktapreview.com"),
                                         entry_of("acme", "id.acme.example")};
  const OrgBook book(entries, "okta-emea.com");
  struct Row {
    const char* text;
    const char* host;
  };
  const Row rows[] = {
      {"prod", "acme.okta.com"},   {"PROD", "acme.okta.com"},          {"preview", "acme.oktapreview.com"},
      {"acme", "id.acme.example"}, {"acme.okta.com", "acme.okta.com"}, {"beta", "beta.okta-emea.com"},
      {"https://prod", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto org = book.org_of(row.text);
    REQUIRE(org.has_value() == (*row.host != '\0'));
    if (org) CHECK(org->authority() == row.host);
  }
}

TEST_CASE("an entry is found by the address, however the org was named") {
  const std::vector<OrgEntry> entries = {entry_of("prod", "https://ACME.okta.com:443/"),
                                         entry_of("bad", "not a host")};
  const OrgBook book(entries, "okta.com");
  CHECK(book.entry_of(*parse_org("acme")) == &entries[0]);
  CHECK(book.entry_of(*parse_org("acme.okta.com")) == &entries[0]);
  CHECK(book.entry_of(*parse_org("beta")) == nullptr);
}

}  // namespace
}  // namespace zonepin
