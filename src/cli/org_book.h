// The orgs that manifests speak of by label (kind Orgs), found by what people write and by address.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/desired.h"
#include "model/org.h"

namespace zonepin {

class OrgBook {
 public:
  // Labels and hosts are unique (manifest/merge.h). `entries` must outlive it, unless it is empty.
  OrgBook(const std::vector<OrgEntry>& entries, std::string base_domain);

  // The org of a label in whatever case; what is no label is read as parse_org() does.
  Result<OrgAddress> org_of(std::string_view text) const;

  // What is said of an org, however it was named; null: nothing.
  const OrgEntry* entry_of(const OrgAddress& org) const;

 private:
  std::string base_domain_;
  std::map<std::string, OrgAddress> by_label_;  // in lower case
  std::map<OrgAddress, const OrgEntry*> by_org_;
};

// As a document names the org: its host, or its URL where the host alone means another one.
std::string org_text(const OrgAddress& org);

// The limits of an entry as a document of that org, so that they are merged like any other's.
Document as_document(const OrgEntry& entry);

}  // namespace zonepin
