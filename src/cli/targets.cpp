#include "cli/targets.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "cli/org_book.h"
#include "manifest/decode.h"
#include "manifest/limits.h"
#include "manifest/merge.h"
#include "okta/credentials.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxManifestFiles = 10'000;

Result<std::vector<OrgAddress>> orgs_of_command_line(Stage& stage, const OrgBook& book) {
  std::vector<OrgAddress> orgs;
  for (const std::string& text : stage.options().orgs) {
    auto org = book.org_of(text);
    if (!org) return fail(Trouble::usage, "--org: " + org.error().message, org.error().mend);
    if (std::find(orgs.begin(), orgs.end(), *org) == orgs.end()) orgs.push_back(std::move(*org));
  }
  return orgs;
}

tl::unexpected<Error> no_org_named() {
  return fail(
      Trouble::usage, "no org is named",
      "name it with --org, OKTA_ORG_NAME (and OKTA_BASE_URL), OKTA_CLIENT_ORGURL, or `org:` in the manifest");
}

// The documents of every org, and where one of them names it.
struct Group {
  std::vector<const Document*> documents;
  Place org_place;
};
using Groups = std::map<OrgAddress, Group>;

void add(Groups& groups, const OrgAddress& org, const Document& document) {
  Group& group = groups[org];
  group.documents.push_back(&document);
  if (!group.org_place.known()) group.org_place = document.org_place;
}

class Grouping {
 public:
  Grouping(Loaded& loaded, const OrgBook& book, std::vector<OrgAddress> chosen,
           std::vector<OrgAddress> fallbacks)
      : loaded_(loaded), book_(book), chosen_(std::move(chosen)), fallbacks_(std::move(fallbacks)) {}

  Result<Groups> groups() {
    for (const Document& document : loaded_.documents) {
      if (document.org) {
        take_named(document);
      } else if (!take_unnamed(document)) {
        return no_org_named();
      }
    }
    for (const OrgAddress& org : chosen_) {
      if (groups_.find(org) != groups_.end() || has_errors(loaded_.diagnostics)) continue;
      return fail(Trouble::usage, "--org " + org.authority() + ": no manifest speaks of this org",
                  "check the name, or add a manifest for it");
    }
    return std::move(groups_);
  }

 private:
  void take_named(const Document& document) {
    auto org = book_.org_of(*document.org);
    if (!org) {
      loaded_.diagnostics.push_back(
          {Severity::error, org.error().message, org.error().mend, document.org_place});
      return;
    }
    const bool left_out =
        !chosen_.empty() && std::find(chosen_.begin(), chosen_.end(), *org) == chosen_.end();
    if (!left_out) add(groups_, *org, document);
  }

  bool take_unnamed(const Document& document) {
    if (chosen_.empty() && fallbacks_.empty()) return false;
    for (const OrgAddress& org : chosen_.empty() ? fallbacks_ : chosen_) add(groups_, org, document);
    return true;
  }

  Loaded& loaded_;
  const OrgBook& book_;
  std::vector<OrgAddress> chosen_;
  std::vector<OrgAddress> fallbacks_;
  Groups groups_;
};

// Leaves out what --only and --shard leave out.
Result<void> narrow_groups(Stage& stage, Groups& groups) {
  const Selection& selection = stage.options().selection;
  if (!selection.narrows()) return {};
  std::vector<OrgAddress> all;
  for (const auto& [org, group] : groups) all.push_back(org);
  const auto taken = selected(selection, all);
  if (!taken) return fail(taken.error());
  for (const OrgAddress& org : all) {
    if (std::find(taken->begin(), taken->end(), org) == taken->end()) groups.erase(org);
  }
  if (taken->empty()) {
    stage.note("shard " + std::to_string(selection.shard->number) + "/" +
               std::to_string(selection.shard->of) + " holds none of the run's orgs (" +
               std::to_string(all.size()) + "): there is nothing to do");
  }
  return {};
}

Target target_of(const OrgAddress& org, const Group& group, const OrgBook& book, Loaded& loaded) {
  Target target{org, {}, group.org_place, {}};
  std::vector<const Document*> documents = group.documents;
  Document of_entry;
  if (const OrgEntry* entry = book.entry_of(org)) {
    of_entry = as_document(*entry);
    documents.insert(documents.begin(), &of_entry);
    target.entry = *entry;
  }
  target.desired = merge(documents, loaded.sources, loaded.diagnostics);
  return target;
}

Result<std::vector<std::string>> files_below(Stage& stage, const std::string& path) {
  auto below = stage.world().files.find_manifests(path, kMaxManifestFiles);
  if (!below) return fail(Trouble::usage, below.error().message, below.error().mend);
  return below;
}

// A file that was read before is left out.
Result<void> add_source(Stage& stage, const std::string& file, std::set<std::string>& seen,
                        Sources& sources) {
  if (!seen.insert(file).second) return {};
  auto text = stage.world().files.read(file, kMaxManifestBytes);
  if (!text) return fail(Trouble::usage, text.error().message, text.error().mend);
  sources.push_back({file == "-" ? "<stdin>" : file, std::move(*text)});
  return {};
}

Loaded decoded(Sources sources) {
  Loaded loaded;
  loaded.sources = std::move(sources);
  Manifests manifests = decode_manifests(loaded.sources);
  loaded.documents = std::move(manifests.documents);
  loaded.orgs = std::move(manifests.orgs);
  loaded.diagnostics = std::move(manifests.diagnostics);
  return loaded;
}

}  // namespace

Result<Sources> read_manifests(Stage& stage) {
  std::vector<std::string> paths = stage.options().paths;
  if (paths.empty()) paths.push_back("manifests");
  Sources sources;
  std::set<std::string> seen;
  for (const std::string& path : paths) {
    if (path == "-") {
      if (auto read = add_source(stage, path, seen, sources); !read) return fail(read.error());
      continue;
    }
    const auto below = files_below(stage, path);
    if (!below) return fail(below.error());
    if (below->empty()) {
      return fail(Trouble::usage, escape(path) + " holds no manifest",
                  "manifests are files that end in .yaml or .yml");
    }
    for (const std::string& file : *below) {
      if (auto read = add_source(stage, file, seen, sources); !read) return fail(read.error());
    }
  }
  return sources;
}

Result<Loaded> load_manifests(Stage& stage) {
  auto sources = read_manifests(stage);
  if (!sources) return fail(sources.error());
  return decoded(std::move(*sources));
}

Result<Loaded> load_folder(Stage& stage, const std::string& path) {
  const auto below = files_below(stage, path);
  if (!below) return fail(below.error());
  Sources sources;
  std::set<std::string> seen;
  for (const std::string& file : *below) {
    if (auto read = add_source(stage, file, seen, sources); !read) return fail(read.error());
  }
  return decoded(std::move(sources));
}

Result<std::vector<Target>> targets_of(Stage& stage, Loaded& loaded,
                                       const std::vector<OrgAddress>& fallbacks) {
  auto domain = okta::base_domain(stage.world().environment, stage.world().files);
  if (!domain) return fail(domain.error());
  const OrgBook book(loaded.orgs, std::move(*domain));
  auto chosen = orgs_of_command_line(stage, book);
  if (!chosen) return fail(chosen.error());
  auto of_environment = okta::org_of_environment(stage.world().environment, stage.world().files);
  if (!of_environment) return fail(of_environment.error());

  std::vector<OrgAddress> unnamed = *of_environment ? std::vector<OrgAddress>{**of_environment} : fallbacks;
  auto groups = Grouping(loaded, book, std::move(*chosen), std::move(unnamed)).groups();
  if (!groups) return fail(groups.error());
  if (!has_errors(loaded.diagnostics)) {
    if (auto narrowed = narrow_groups(stage, *groups); !narrowed) return fail(narrowed.error());
  }
  std::vector<Target> targets;
  for (const auto& [org, group] : *groups) targets.push_back(target_of(org, group, book, loaded));
  loaded.diagnostics = sorted(std::move(loaded.diagnostics));
  return targets;
}

Result<std::vector<OrgAddress>> orgs_named(Stage& stage) {
  auto domain = okta::base_domain(stage.world().environment, stage.world().files);
  if (!domain) return fail(domain.error());
  auto orgs = orgs_of_command_line(stage, OrgBook({}, std::move(*domain)));
  if (!orgs || !orgs->empty()) return orgs;
  auto of_environment = okta::org_of_environment(stage.world().environment, stage.world().files);
  if (!of_environment) return fail(of_environment.error());
  if (!*of_environment) return no_org_named();
  return std::vector<OrgAddress>{**of_environment};
}

}  // namespace zonepin
