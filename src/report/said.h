// What the formats of a report have in common: untrusted text made visible and short, and sentences of one
// item. Each format still escapes in its own way. For this room only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace zonepin {

// A raw name, id, host or path as one line that nothing acts upon but the format itself: a backslash in it is
// doubled; cut to `columns`. Messages and details: message_text().
std::string shown_name(std::string_view name, std::size_t columns = 80);

// The org's host, "this run" for none.
std::string shown_host(const ReportOrg& org);

// `acme.okta.com: `, nothing for the run itself.
std::string shown_lead(const ReportOrg& org);

// `"ci-deployer" 00Tabc`; empty where it is about no token and no zone.
std::string shown_subject(const ReportItem& item);

// A detail that more than one format says on one line: `loses everything but 203.0.113.0/24`.
std::string shown_detail(const ReportItem& item, std::string_view label);

// `"ci-deployer" 00Tabc: live: ANYWHERE; …` with the details behind it, in about `bytes` at most.
std::string shown_item(const ReportItem& item, std::size_t bytes);

// How many details follow the first `shown`. A last one that only counts what its maker left out ("8 more
// tokens") counts for as many.
std::size_t details_left_out(const ReportItem& item, std::size_t shown);

// "new", "known", "waived", …: words in brackets behind an item; empty: nothing special.
std::string shown_marks(const ReportItem& item);

// Where a finding hangs: its own place, else one of its org, else of the report, else the folder that
// manifests are in by default. Formats that can't do without a place use it. `line` is at least 1.
class Anchors {
 public:
  explicit Anchors(const Report& report);
  // `org`: which of the report's.
  SourceRef of(std::size_t org, const ReportItem& item) const;

 private:
  std::vector<SourceRef> of_orgs_;
};

// A path as a URI reference: relative ones without a leading `./`, absolute ones as `file:///…`, everything
// that may not stand in one percent-encoded.
std::string uri_of_path(std::string_view path);
// The path without a leading `./`.
std::string_view plain_path(std::string_view path);

// `zonepin drift: 3 drifted, 1 missing in 2 orgs`
std::string headline_of(const Report& report);

// Items of an org that a list shows, by rule and in their order: all but what is as it should be.
struct ItemGroup {
  const ReportRule* rule = nullptr;
  std::vector<const ReportItem*> items;
};
std::vector<ItemGroup> groups_of(const Report& report, const ReportOrg& org);

}  // namespace zonepin
