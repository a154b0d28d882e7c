#include "cli/evidence.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "okta/snapshot.h"
#include "report/evidence.h"
#include "report/format.h"

namespace zonepin {

namespace {

constexpr const char* kIndexName = "index.json";
constexpr std::size_t kMaxIndexBytes = std::size_t{64} << 20;

std::string in_folder(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

// A host as a part of a file's name: a port and the brackets of IPv6 have signs that not every file system
// takes.
std::string file_part(const std::string& host) {
  std::string part = host;
  for (char& c : part) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (!plain) c = '_';
  }
  return part;
}

// A snapshot that was given is kept to the byte: that of the bytes that were judged.
Result<std::string> snapshot_given(Stage& stage, const std::string& path, const std::string& digest) {
  auto text = stage.world().files.read(path, okta::kMaxSnapshotBytes);
  if (!text) return fail(text.error());
  if (sha256(*text) != digest)
    return fail(Trouble::failure, escape(path) + " changed while it was checked", "run it again");
  return std::move(*text);
}

Result<std::vector<EvidenceFile>> files_of(Stage& stage, const Prepared& prepared, const CheckRun& run) {
  std::vector<EvidenceFile> files;
  for (std::size_t at = 0; at < run.orgs.size(); ++at) {
    const std::string& host = run.orgs[at].check.host;
    // Hosts that look alike as files are told apart by their place in the run.
    std::string part = file_part(host);
    const auto is_taken = [&](const EvidenceFile& file) { return file.name == "snapshot-" + part + ".json"; };
    while (std::any_of(files.begin(), files.end(), is_taken)) part += "_" + std::to_string(at + 1);
    std::string snapshot = prepared.orgs[at].snapshot;
    if (const std::string& path = prepared.orgs[at].snapshot_file; !path.empty()) {
      auto given = snapshot_given(stage, path, prepared.orgs[at].snapshot_sha256);
      if (!given) return fail(given.error());
      snapshot = std::move(*given);
    }
    files.push_back({"snapshot-" + part + ".json", "snapshot", host, std::move(snapshot)});
    CheckRun one = {run.profile, run.at, run.source_revision, run.orgs[at].exit_code, {run.orgs[at]}, {}};
    files.push_back({"results-" + part + ".json", "results", host, check_json(one)});
  }
  files.push_back({"report.html", "report", "", render(Format::html, report_of_check(run), Style{})});
  return files;
}

tl::unexpected<Error> holds_other(const std::string& folder, const std::string& name) {
  return fail(Trouble::usage, "--evidence " + escape(folder) + " holds something else: " + in_quotes(name),
              "name a folder that is new or empty");
}

}  // namespace

Result<void> check_evidence_folder(Stage& stage) {
  const std::string& folder = stage.options().evidence_folder;
  if (folder.empty()) return {};
  if (stage.options().live_file == "-") {
    return fail(Trouble::usage,
                "--evidence keeps the snapshot, which can't be read twice from standard input",
                "give it as a file");
  }
  Files& files = stage.world().files;
  if (!files.exists(folder)) return {};
  const auto names = files.names_in(folder);
  if (!names) return fail(names.error());
  if (names->empty()) return {};
  const auto index = files.read(in_folder(folder, kIndexName), kMaxIndexBytes);
  if (!index || !is_evidence_index(*index)) return holds_other(folder, names->front());
  return {};
}

Result<void> write_evidence(Stage& stage, const Prepared& prepared, const CheckRun& run) {
  const std::string& folder = stage.options().evidence_folder;
  if (folder.empty()) return {};
  const auto files = files_of(stage, prepared, run);
  if (!files) return fail(files.error());
  if (auto made = stage.world().files.make_folder(folder); !made) return fail(made.error());
  const auto names = stage.world().files.names_in(folder);
  if (!names) return fail(names.error());
  std::set<std::string_view> ours = {kIndexName};
  for (const EvidenceFile& file : *files) ours.insert(file.name);
  for (const std::string& name : *names) {
    if (ours.count(name) == 0) return holds_other(folder, name);
  }
  for (const EvidenceFile& file : *files) {
    if (auto written = stage.write(in_folder(folder, file.name), file.text); !written)
      return fail(written.error());
  }
  const auto written =
      stage.write(in_folder(folder, kIndexName), evidence_index(run, *files, ZONEPIN_VERSION));
  if (!written) return fail(written.error());
  stage.note("evidence written to " + escape(folder) + ": " + plural(files->size() + 1, "file"));
  return {};
}

}  // namespace zonepin
