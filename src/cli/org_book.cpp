#include "cli/org_book.h"

#include <utility>

#include "base/text.h"

namespace zonepin {

OrgBook::OrgBook(const std::vector<OrgEntry>& entries, std::string base_domain)
    : base_domain_(std::move(base_domain)) {
  for (const OrgEntry& entry : entries) {
    const auto org = parse_org(entry.host);
    if (!org) continue;  // was told where the manifest was read
    by_label_.emplace(lowercase(entry.label), *org);
    by_org_.emplace(*org, &entry);
  }
}

Result<OrgAddress> OrgBook::org_of(std::string_view text) const {
  const auto label = by_label_.find(lowercase(trim(text)));
  return label == by_label_.end() ? parse_org(text, base_domain_) : label->second;
}

const OrgEntry* OrgBook::entry_of(const OrgAddress& org) const {
  const auto found = by_org_.find(org);
  return found == by_org_.end() ? nullptr : found->second;
}

std::string org_text(const OrgAddress& org) {
  const auto by_host = parse_org(org.authority());
  return by_host && *by_host == org ? org.authority() : org.url();
}

Document as_document(const OrgEntry& entry) {
  Document document;
  document.limits = entry.limits;
  document.limits_place = entry.place;
  document.place = entry.place;
  return document;
}

}  // namespace zonepin
