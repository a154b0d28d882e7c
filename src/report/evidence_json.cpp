#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "report/evidence.h"

namespace zonepin {

namespace {

using EvidenceJson = nlohmann::ordered_json;

constexpr const char* kEvidenceKind = "zonepin-evidence";

}  // namespace

std::string evidence_index(const CheckRun& run, const std::vector<EvidenceFile>& files,
                           std::string_view version) {
  EvidenceJson document;
  document["format_version"] = "1.0";
  document["kind"] = kEvidenceKind;
  document["zonepin_version"] = version;
  document["at"] = format_instant(run.at);
  document["source_revision"] =
      run.source_revision.empty() ? EvidenceJson(nullptr) : EvidenceJson(run.source_revision);
  document["profile"] = run.profile.name;
  document["exit_code"] = run.exit_code;
  document["orgs"] = EvidenceJson::array();
  const auto add_org = [&](const std::string& host, int exit_code, const std::string& error) {
    EvidenceJson org;
    org["org"] = host;
    org["exit_code"] = exit_code;
    org["error"] = error.empty() ? EvidenceJson(nullptr) : EvidenceJson(error);
    document["orgs"].push_back(std::move(org));
  };
  for (const CheckedOrg& org : run.orgs) add_org(org.check.host, org.exit_code, {});
  for (const UnreadOrg& org : run.unread) add_org(org.host, org.exit_code, org.message);
  document["files"] = EvidenceJson::array();
  for (const EvidenceFile& file : files) {
    EvidenceJson entry;
    entry["name"] = file.name;
    entry["what"] = file.what;
    entry["org"] = file.org.empty() ? EvidenceJson(nullptr) : EvidenceJson(file.org);
    entry["bytes"] = file.text.size();
    entry["sha256"] = sha256(file.text);
    document["files"].push_back(std::move(entry));
  }
  return document.dump(2, ' ', true, EvidenceJson::error_handler_t::replace) + "\n";
}

bool is_evidence_index(std::string_view text) {
  const EvidenceJson document = EvidenceJson::parse(text.begin(), text.end(), nullptr, false);
  if (!document.is_object()) return false;
  const auto kind = document.find("kind");
  return kind != document.end() && *kind == kEvidenceKind;
}

}  // namespace zonepin
