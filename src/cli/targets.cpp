#include "cli/targets.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "manifest/decode.h"
#include "manifest/limits.h"
#include "manifest/merge.h"
#include "okta/credentials.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxManifestFiles = 10'000;

Result<std::vector<OrgAddress>> orgs_of_command_line(Stage& stage) {
  const auto domain = okta::base_domain(stage.world().environment, stage.world().files);
  if (!domain) return fail(domain.error());
  std::vector<OrgAddress> orgs;
  for (const std::string& text : stage.options().orgs) {
    auto org = parse_org(text, *domain);
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
  Grouping(Loaded& loaded, std::string base_domain, std::vector<OrgAddress> chosen,
           std::optional<OrgAddress> fallback)
      : loaded_(loaded),
        base_domain_(std::move(base_domain)),
        chosen_(std::move(chosen)),
        fallback_(std::move(fallback)) {}

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
    auto org = parse_org(*document.org, base_domain_);
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
    if (chosen_.empty() && !fallback_) return false;
    for (const OrgAddress& org : chosen_) add(groups_, org, document);
    if (chosen_.empty()) add(groups_, *fallback_, document);
    return true;
  }

  Loaded& loaded_;
  std::string base_domain_;
  std::vector<OrgAddress> chosen_;
  std::optional<OrgAddress> fallback_;
  Groups groups_;
};

}  // namespace

Result<Sources> read_manifests(Stage& stage) {
  std::vector<std::string> paths = stage.options().paths;
  if (paths.empty()) paths.push_back("manifests");
  Files& files = stage.world().files;
  Sources sources;
  std::set<std::string> seen;
  for (const std::string& path : paths) {
    std::vector<std::string> found = {path};
    if (path != "-") {
      auto below = files.find_manifests(path, kMaxManifestFiles);
      if (!below) return fail(Trouble::usage, below.error().message, below.error().mend);
      found = std::move(*below);
    }
    if (found.empty()) {
      return fail(Trouble::usage, escape(path) + " holds no manifest",
                  "manifests are files that end in .yaml or .yml");
    }
    for (const std::string& file : found) {
      if (!seen.insert(file).second) continue;
      auto text = files.read(file, kMaxManifestBytes);
      if (!text) return fail(Trouble::usage, text.error().message, text.error().mend);
      sources.push_back({file == "-" ? "<stdin>" : file, std::move(*text)});
    }
  }
  return sources;
}

Result<Loaded> load_manifests(Stage& stage) {
  auto sources = read_manifests(stage);
  if (!sources) return fail(sources.error());
  Loaded loaded;
  loaded.sources = std::move(*sources);
  Manifests manifests = decode_manifests(loaded.sources);
  loaded.documents = std::move(manifests.documents);
  loaded.diagnostics = std::move(manifests.diagnostics);
  return loaded;
}

Result<std::vector<Target>> targets_of(Stage& stage, Loaded& loaded,
                                       const std::optional<OrgAddress>& fallback) {
  auto domain = okta::base_domain(stage.world().environment, stage.world().files);
  if (!domain) return fail(domain.error());
  auto chosen = orgs_of_command_line(stage);
  if (!chosen) return fail(chosen.error());
  auto of_environment = okta::org_of_environment(stage.world().environment, stage.world().files);
  if (!of_environment) return fail(of_environment.error());

  std::optional<OrgAddress> unnamed = *of_environment ? *of_environment : fallback;
  auto groups = Grouping(loaded, std::move(*domain), std::move(*chosen), std::move(unnamed)).groups();
  if (!groups) return fail(groups.error());
  std::vector<Target> targets;
  for (const auto& [org, group] : *groups) {
    targets.push_back({org, merge(group.documents, loaded.sources, loaded.diagnostics), group.org_place});
  }
  loaded.diagnostics = sorted(std::move(loaded.diagnostics));
  return targets;
}

Result<std::vector<OrgAddress>> orgs_named(Stage& stage) {
  auto orgs = orgs_of_command_line(stage);
  if (!orgs || !orgs->empty()) return orgs;
  auto of_environment = okta::org_of_environment(stage.world().environment, stage.world().files);
  if (!of_environment) return fail(of_environment.error());
  if (!*of_environment) return no_org_named();
  return std::vector<OrgAddress>{**of_environment};
}

}  // namespace zonepin
