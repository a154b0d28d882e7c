// The index of an evidence folder: what lies in it, with a hash of each file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/check_report.h"

namespace zonepin {

struct EvidenceFile {
  std::string name;  // in the folder
  std::string what;  // snapshot, results, report
  std::string org;   // its host; empty: of all orgs
  std::string text;
};

std::string evidence_index(const CheckRun& run, const std::vector<EvidenceFile>& files,
                           std::string_view version);

// Whether a text is such an index.
bool is_evidence_index(std::string_view text);

}  // namespace zonepin
