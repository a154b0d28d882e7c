#include "cli/snapshots.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/text.h"

namespace zonepin {

namespace {

// A snapshot older than this is worth a word.
constexpr Milliseconds kFresh = std::chrono::hours(24);

Result<SnapshotFile> load_snapshot(Stage& stage, const std::string& path) {
  auto text = stage.world().files.read(path, okta::kMaxSnapshotBytes);
  if (!text) return fail(Trouble::usage, text.error().message, text.error().mend);
  auto snapshot = okta::decode_snapshot(*text, path);
  if (!snapshot) return fail(snapshot.error());
  SnapshotFile file{path, std::move(*snapshot)};
  if (!stage.options().evidence_folder.empty()) file.sha256 = sha256(*text);
  return file;
}

void warn_of_age(Stage& stage, const Snapshots& snapshots) {
  const Instant now = stage.world().clock.now();
  Milliseconds oldest{0};
  std::size_t old_ones = 0;
  for (const SnapshotFile& file : snapshots.files) {
    const Milliseconds age = now - *file.snapshot.live.taken_at;
    if (age > kFresh) ++old_ones;
    oldest = std::max(oldest, age);
  }
  if (old_ones == 0) return;
  const std::string path = escape(snapshots.path);
  if (!snapshots.is_folder) {
    stage.warn(path + " was taken " + format_length(oldest) + " ago: the org may look different now");
    return;
  }
  stage.warn(std::to_string(old_ones) + " of " + plural(snapshots.files.size(), "snapshot") + " in " + path +
             " are older than " + format_length(kFresh) + ", the oldest was taken " + format_length(oldest) +
             " ago: those orgs may look different now");
}

Result<std::optional<Snapshots>> load_where_given(Stage& stage, const std::string& path) {
  if (path.empty()) return std::optional<Snapshots>();
  auto snapshots = load_snapshots(stage, path);
  if (!snapshots) return fail(snapshots.error());
  return std::optional<Snapshots>(std::move(*snapshots));
}

}  // namespace

std::vector<OrgAddress> Snapshots::orgs() const {
  std::vector<OrgAddress> all;
  for (const SnapshotFile& file : files) all.push_back(file.snapshot.org);
  return all;
}

SnapshotFile* Snapshots::of(const OrgAddress& org) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const SnapshotFile& file) { return file.snapshot.org == org; });
  return found == files.end() ? nullptr : &*found;
}

Error Snapshots::error_for(const OrgAddress& org, const std::string& named_at,
                           const std::string& mend) const {
  const std::string where = named_at.empty() ? std::string() : ", which " + named_at + " names";
  if (is_folder)
    return {Trouble::stale, escape(path) + " holds no snapshot of " + org.authority() + where, mend};
  return {Trouble::stale,
          escape(path) + " is a snapshot of " + files.front().snapshot.org.authority() + ", not of " +
              org.authority() + where,
          mend};
}

Result<Snapshots> load_snapshots(Stage& stage, const std::string& path) {
  const auto paths = stage.world().files.find_snapshots(path, kMaxSnapshotFiles);
  if (!paths) return fail(Trouble::usage, paths.error().message, paths.error().mend);
  if (paths->empty())
    return fail(Trouble::usage, escape(path) + " holds no snapshot", "snapshots are files that end in .json");
  Snapshots snapshots;
  snapshots.path = path;
  snapshots.is_folder = stage.world().files.is_folder(path);
  for (const std::string& one : *paths) {
    auto file = load_snapshot(stage, one);
    if (!file) return fail(file.error());
    snapshots.files.push_back(std::move(*file));
  }
  std::stable_sort(
      snapshots.files.begin(), snapshots.files.end(),
      [](const SnapshotFile& a, const SnapshotFile& b) { return a.snapshot.org < b.snapshot.org; });
  const auto twice = std::adjacent_find(
      snapshots.files.begin(), snapshots.files.end(),
      [](const SnapshotFile& a, const SnapshotFile& b) { return a.snapshot.org == b.snapshot.org; });
  if (twice != snapshots.files.end()) {
    return fail(Trouble::usage,
                escape(path) + " holds two snapshots of " + twice->snapshot.org.authority() + ": " +
                    escape(twice->path) + " and " + escape(std::next(twice)->path),
                "leave one of them there, or name the file itself");
  }
  return snapshots;
}

Result<std::optional<Snapshots>> live_snapshots(Stage& stage) {
  auto snapshots = load_where_given(stage, stage.options().live_file);
  if (snapshots && *snapshots) warn_of_age(stage, **snapshots);
  return snapshots;
}

Result<std::optional<Snapshots>> baseline_snapshots(Stage& stage) {
  return load_where_given(stage, stage.options().baseline);
}

}  // namespace zonepin
