#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "model/org.h"

namespace zonepin {

namespace {

// A label is made whole by the base domain, which only the environment knows: a host that is one depends on
// it. Two domains tell the two apart.
bool is_whole_host(std::string_view text) {
  const auto one = parse_org(text, "okta.com");
  const auto other = parse_org(text, "oktapreview.com");
  return one && other && *one == *other;
}

void check_label(Reader& reader, const Text& label) {
  const auto org = parse_org(label.value);
  const bool one_word = label.value.find('/') == std::string::npos;  // parse_org() allows one behind a host
  if (org && one_word && !is_whole_host(label.value)) return;
  reader.problems().error(
      label.place, in_quotes(label.value) + " can't be a label",
      "a label is one word of letters, digits and hyphens: acme; the host goes under host:");
}

std::string decode_host(Reader& reader, const Value& value) {
  auto text = reader.text(value);
  if (!text) return {};
  const auto org = parse_org(text->value);
  if (!org) {
    reader.problems().error(text->place, org.error().message, org.error().mend);
    return {};
  }
  if (!is_whole_host(text->value)) {
    reader.problems().error(text->place, in_quotes(text->value) + " is not a whole host",
                            "write it whole: " + org->authority());
    return {};
  }
  return std::move(text->value);
}

std::string decode_client_id(Reader& reader, const Value& value) {
  constexpr std::size_t kMaxLength = 100;
  auto text = reader.text(value);
  if (!text) return {};
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  const bool allowed = text->value.find_first_not_of(kAllowed) == std::string::npos;
  if (allowed && text->value.size() <= kMaxLength) return std::move(text->value);
  reader.problems().error(text->place, in_quotes(text->value) + " is not the id of a client",
                          "it is what the service app's page calls Client ID: 0oaabcdefg1234567890");
  return {};
}

OrgEntry decode_org_entry(Reader& reader, const Keyed& member) {
  OrgEntry entry;
  entry.label = member.key.value;
  entry.place = member.key.place;
  check_label(reader, member.key);
  const auto fields = reader.mapping(member.value, {"host", "org_id", "client_id", "limits"},
                                     "write { host: acme.okta.com }");
  if (!fields) return entry;
  require(reader, *fields, "host", "this org", "add its host: acme.okta.com");
  if (const Value host = fields->get("host"); host.given()) {
    entry.host = decode_host(reader, host);
    entry.host_place = host.place;
  }
  if (const Value org_id = fields->get("org_id"); org_id.given()) {
    entry.org_id = decode_id(reader, org_id, {"an org", "00o", "00oabcdefg1234567890"});
  }
  if (const Value client_id = fields->get("client_id"); client_id.given()) {
    entry.client_id = decode_client_id(reader, client_id);
  }
  if (const Value limits = fields->get("limits"); limits.given())
    entry.limits = decode_limits(reader, limits);
  return entry;
}

}  // namespace

std::vector<OrgEntry> decode_orgs(Reader& reader, const Value& orgs) {
  std::vector<OrgEntry> entries;
  const auto members = reader.entries(orgs, "an entry of orgs", "the label of an org",
                                      "name each org with its host: acme: { host: acme.okta.com }");
  if (!members) return entries;
  for (const Keyed& member : *members) entries.push_back(decode_org_entry(reader, member));
  return entries;
}

}  // namespace zonepin
