#include "cli/exporting.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/org_book.h"
#include "cli/selection.h"
#include "cli/snapshots.h"
#include "manifest/decode.h"
#include "manifest/limits.h"
#include "manifest/merge.h"
#include "plan/make_plan.h"

namespace zonepin {

namespace {

class ExportReader {
 public:
  explicit ExportReader(Stage& stage) : stage_(stage), options_(stage.options()) {}

  Reported<Exporting> exporting() {
    if (auto loaded = load(); !loaded) return tl::unexpected<int>(loaded.error());
    if (!options_.live_file.empty()) {
      auto read = read_snapshots();
      if (!read) return tl::unexpected<int>(stage_.fail(read.error()));
    } else {
      auto read = read_orgs();
      if (!read) return tl::unexpected<int>(stage_.fail(read.error()));
      if (exporting_.orgs.empty() && !exporting_.unread.empty())
        return tl::unexpected<int>(combine(codes_of(exporting_.unread)));
    }
    for (ExportedOrg& org : exporting_.orgs) {
      if (auto narrowed = narrow(org); !narrowed) return tl::unexpected<int>(narrowed.error());
    }
    for (ExportedOrg& org : exporting_.orgs) {
      for (const auto& [id, login] : org.live.users.logins) org.owners[id].login = login;
    }
    if (session_) look_owners_up();
    return std::move(exporting_);
  }

 private:
  // A value, or the exit code of what was said.
  Reported<void> load() {
    if (options_.unmanaged_only) {
      auto loaded = load_manifests(stage_);
      if (!loaded) return tl::unexpected<int>(stage_.fail(loaded.error()));
      if (auto checked = check(*loaded); !checked) return checked;
      exporting_.managed = std::move(*loaded);
    }
    if (options_.append_file.empty()) return {};
    auto text = stage_.world().files.read(options_.append_file, kMaxManifestBytes);
    if (!text) {
      return tl::unexpected<int>(
          stage_.fail({Trouble::usage, text.error().message, "a new file is written with --out"}));
    }
    Loaded loaded;
    loaded.sources.push_back({options_.append_file, std::move(*text)});
    Manifests manifests = decode_manifests(loaded.sources);
    loaded.documents = std::move(manifests.documents);
    loaded.diagnostics = std::move(manifests.diagnostics);
    if (auto checked = check(loaded); !checked) return checked;
    exporting_.appended = std::move(loaded);
    return {};
  }

  Reported<void> check(const Loaded& loaded) {
    if (loaded.diagnostics.empty()) return {};
    const int code = stage_.refuse(loaded.diagnostics, loaded.sources);
    if (code != kDone) return tl::unexpected<int>(code);
    return {};
  }

  std::vector<const Loaded*> all_loaded() const {
    std::vector<const Loaded*> all;
    if (exporting_.managed) all.push_back(&*exporting_.managed);
    if (exporting_.appended) all.push_back(&*exporting_.appended);
    return all;
  }

  // Those of --org, else all that there are.
  Result<void> read_snapshots() {
    auto loaded = live_snapshots(stage_);
    if (!loaded) return fail(loaded.error());
    Snapshots& snapshots = **loaded;
    std::vector<OrgAddress> orgs = snapshots.orgs();
    if (!options_.orgs.empty()) {
      auto named = orgs_named(stage_);
      if (!named) return fail(named.error());
      orgs = std::move(*named);
    }
    for (const OrgAddress& org : orgs) {
      if (snapshots.of(org) == nullptr)
        return fail(snapshots.error_for(org, {}, "give the snapshot of that org, or leave --org out"));
    }
    std::sort(orgs.begin(), orgs.end());
    if (options_.selection.narrows()) {
      auto taken = selected(options_.selection, orgs);
      if (!taken) return fail(taken.error());
      orgs = std::move(*taken);
    }
    for (const OrgAddress& org : orgs)
      exporting_.orgs.push_back({org, std::move(snapshots.of(org)->snapshot.live), {}, {}});
    return {};
  }

  // The orgs of the command line or the environment; where these name none, those of the manifests.
  Result<std::vector<OrgNamed>> orgs() {
    const auto of_environment = okta::org_of_environment(stage_.world().environment, stage_.world().files);
    if (!of_environment) return fail(of_environment.error());
    std::vector<OrgNamed> named;
    if (options_.orgs.empty() && !*of_environment) {
      const auto domain = okta::base_domain(stage_.world().environment, stage_.world().files);
      if (!domain) return fail(domain.error());
      for (const Loaded* loaded : all_loaded()) add_orgs(*loaded, *domain, named);
    }
    if (!named.empty()) return named;
    const auto orgs = orgs_named(stage_);
    if (!orgs) return fail(orgs.error());
    for (const OrgAddress& org : *orgs) named.push_back({org, {}});
    return named;
  }

  static void add_orgs(const Loaded& loaded, const std::string& domain, std::vector<OrgNamed>& named) {
    const OrgBook book(loaded.orgs, domain);
    for (const Document& document : loaded.documents) {
      if (!document.org) continue;
      auto org = book.org_of(*document.org);
      if (!org) continue;  // was said
      const bool known =
          std::any_of(named.begin(), named.end(), [&](const OrgNamed& one) { return one.org == *org; });
      if (known) continue;
      named.push_back({std::move(*org), escape(loaded.sources[document.org_place.source].path) + ":" +
                                            std::to_string(document.org_place.line)});
      take_entry(named.back(), book.entry_of(named.back().org), loaded.sources);
    }
  }

  // Those that --only and --shard leave, by org.
  Result<std::vector<OrgNamed>> narrowed(std::vector<OrgNamed> named) {
    std::sort(named.begin(), named.end(), [](const OrgNamed& a, const OrgNamed& b) { return a.org < b.org; });
    std::vector<OrgAddress> all;
    for (const OrgNamed& one : named) all.push_back(one.org);
    const auto taken = selected(options_.selection, all);
    if (!taken) return fail(taken.error());
    if (taken->empty()) stage_.note("no org is of this shard: there is nothing to export");
    named.erase(std::remove_if(named.begin(), named.end(),
                               [&](const OrgNamed& one) {
                                 return std::find(taken->begin(), taken->end(), one.org) == taken->end();
                               }),
                named.end());
    return named;
  }

  bool wants_owners() const { return options_.export_key == EntryKey::automatic; }

  Result<void> read_orgs() {
    auto named = orgs();
    if (named) named = narrowed(std::move(*named));
    if (!named) return fail(named.error());
    if (named->empty()) return {};
    std::vector<std::size_t> which;
    std::vector<okta::ReadWants> wants;
    for (std::size_t at = 0; at < named->size(); ++at) {
      auto users = users_to_look_up((*named)[at].org);
      if (!users) return fail(users.error());
      which.push_back(at);
      wants.emplace_back();
      wants.back().users = std::move(*users);
    }
    auto session = Session::open_each(stage_, *named, {false, wants_owners() || !all_loaded().empty()});
    if (!session) return fail(session.error());
    session_ = std::move(*session);
    auto readings = session_->read(which, wants);
    for (std::size_t at = 0; at < readings.size(); ++at) {
      const OrgAddress& org = (*named)[at].org;
      if (!readings[at]) {
        stage_.fail(readings[at].error());
        exporting_.unread.push_back({org, readings[at].error()});
        continue;
      }
      exporting_.orgs.push_back({org, std::move(readings[at]->live), {}, {}});
      links_.push_back(at);
    }
    return {};
  }

  // What the manifests want to know of users before it can be told what they claim.
  Result<std::function<std::vector<std::string>(const Live&)>> users_to_look_up(const OrgAddress& org) {
    std::vector<std::function<std::vector<std::string>(const Live&)>> asking;
    for (const Loaded* loaded : all_loaded()) {
      const auto desired = desired_of(*loaded, org);
      if (!desired) return fail(desired.error());
      asking.push_back(user_lookups(*desired, options_.max_owner_lookups, stage_.world().clock.now()));
    }
    return [asking](const Live& live) mutable {
      std::vector<std::string> users;
      for (auto& ask : asking) {
        std::vector<std::string> some = ask(live);
        users.insert(users.end(), some.begin(), some.end());
      }
      return users;
    };
  }

  Result<Desired> desired_of(const Loaded& loaded, const OrgAddress& org) {
    const auto which = documents_of(stage_, loaded, org);
    if (!which) return fail(which.error());
    std::vector<const Document*> documents;
    for (const std::size_t index : *which) documents.push_back(&loaded.documents[index]);
    Diagnostics diagnostics;
    Desired desired = merge(documents, loaded.sources, diagnostics);
    for (Diagnostic& diagnostic : diagnostics) contradictions_.push_back(std::move(diagnostic));
    return desired;
  }

  // Leaves only what none of the manifests claims.
  Reported<void> narrow(ExportedOrg& org) {
    for (const Loaded* loaded : all_loaded()) {
      contradictions_.clear();
      const auto desired = desired_of(*loaded, org.org);
      if (!desired) return tl::unexpected<int>(stage_.fail(desired.error()));
      const Planning planning =
          make_plan(*desired, org.live, {}, stage_.world().clock.now(), loaded->sources);
      Diagnostics diagnostics = contradictions_;
      diagnostics.insert(diagnostics.end(), planning.diagnostics.begin(), planning.diagnostics.end());
      if (has_errors(diagnostics))
        return tl::unexpected<int>(stage_.refuse(sorted(std::move(diagnostics)), loaded->sources));
      std::set<std::string> unmanaged;
      for (const Change& change : planning.plan.changes) {
        const bool counts = !org.only || org.only->count(change.id) != 0;
        if (change.status == Status::unmanaged && counts) unmanaged.insert(change.id);
      }
      org.only = std::move(unmanaged);
    }
    return {};
  }

  static std::vector<std::string> owner_ids(const ExportedOrg& org) {
    std::set<std::string> ids;
    for (const Token& token : org.live.tokens) {
      const bool counts = !org.only || org.only->count(token.id) != 0;
      // Whatever else stands there would mean something else in a path: `me` is whoever asks.
      if (counts && token.user_id && is_user_id(*token.user_id)) ids.insert(*token.user_id);
    }
    return {ids.begin(), ids.end()};
  }

  // Owners are worth a look, not a failure: without them entries are by id.
  void look_owners_up() {
    if (!wants_owners()) return;
    std::vector<std::size_t> which;
    std::vector<std::size_t> beside;  // indices into exporting_.orgs
    std::vector<okta::ReadWants> wants;
    const std::size_t most = options_.max_owner_lookups;
    for (std::size_t at = 0; at < exporting_.orgs.size(); ++at) {
      std::vector<std::string> ids = owner_ids(exporting_.orgs[at]);
      if (ids.empty()) continue;
      if (ids.size() > most) {
        stage_.warn(exporting_.orgs[at].live.host + ": only " + std::to_string(most) + " of " +
                    std::to_string(ids.size()) +
                    " owners are looked up (--max-owner-lookups): tokens of the others are exported by id");
        ids.resize(most);
      }
      which.push_back(links_[at]);
      beside.push_back(at);
      wants.emplace_back();
      wants.back().tokens = wants.back().zones = false;
      wants.back().owners = std::move(ids);
    }
    if (which.empty()) return;
    auto readings = session_->read(which, wants);
    for (std::size_t at = 0; at < readings.size(); ++at)
      take_owners(readings[at], exporting_.orgs[beside[at]]);
  }

  void take_owners(const Result<okta::Reading>& reading, ExportedOrg& org) {
    std::string why;
    if (!reading) why = reading.error().message;
    if (reading && reading->owners_refused) why = reading->owners_refused->message;
    if (!why.empty()) {
      stage_.warn("owners are not known, so tokens are exported by id (--key name writes names): " + why);
      return;
    }
    for (const auto& [id, user] : reading->owners) org.owners[id] = {user.login, user.status};
  }

  Stage& stage_;
  const Options& options_;
  Exporting exporting_;
  Diagnostics contradictions_;
  std::optional<Session> session_;
  std::vector<std::size_t> links_;  // beside exporting_.orgs: which link of the session
};

}  // namespace

Result<std::vector<std::size_t>> documents_of(Stage& stage, const Loaded& loaded, const OrgAddress& org) {
  const auto domain = okta::base_domain(stage.world().environment, stage.world().files);
  if (!domain) return fail(domain.error());
  const OrgBook book(loaded.orgs, *domain);
  std::vector<std::size_t> which;
  for (std::size_t at = 0; at < loaded.documents.size(); ++at) {
    const auto& text = loaded.documents[at].org;
    const auto named = text ? book.org_of(*text) : org;
    if (!named) return fail(Trouble::usage, named.error().message, named.error().mend);
    if (*named == org) which.push_back(at);
  }
  return which;
}

Reported<Exporting> read_for_export(Stage& stage) {
  return ExportReader(stage).exporting();
}

}  // namespace zonepin
