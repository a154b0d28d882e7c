#include "cli/planning.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/older.h"
#include "cli/snapshots.h"
#include "plan/claims.h"
#include "plan/live_check.h"
#include "plan/make_plan.h"
#include "plan/plan_codec.h"
#include "report/plan_text.h"

namespace zonepin {

namespace {

std::string where(const Sources& sources, const Place& place) {
  if (!place.known()) return {};
  return escape(sources[place.source].path) + ":" + std::to_string(place.line);
}

// A check must know the owners that waivers name as well: they are asked for as those of rules are.
Desired asking_of(Stage& stage, const Desired& desired) {
  Desired asking = desired;
  if (stage.options().command != Command::check) return asking;
  for (const Waiver& waiver : desired.waivers) {
    Rule rule;
    rule.match = waiver.match;
    asking.rules.push_back(std::move(rule));
  }
  return asking;
}

// The snapshot should know the logins that the manifests name.
void warn_of_unknown_logins(Stage& stage, const SnapshotFile& file, const Target& target) {
  for (const std::string& login :
       unknown_users(asking_of(stage, target.desired), file.snapshot.live, stage.world().clock.now())
           .logins) {
    stage.warn(
        escape(file.path) + " does not tell who " + in_quotes(login) +
        " is: entries with this owner match nothing; `zonepin snapshot PATH… --out FILE` looks owners up");
  }
}

// Every org of the manifests must have a snapshot. One that has none in a folder is an org that fails.
Result<void> take_snapshots(Stage& stage, Snapshots snapshots, std::vector<Target> targets,
                            Prepared& prepared) {
  for (Target& target : targets) {
    SnapshotFile* file = snapshots.of(target.org);
    if (file == nullptr) {
      Error error = snapshots.error_for(target.org, where(prepared.loaded.sources, target.org_place),
                                        "give the snapshot of that org, or choose with --org");
      if (!snapshots.is_folder) return fail(std::move(error));
      stage.fail(error);
      prepared.failed.push_back({target.org, std::move(error)});
      continue;
    }
    warn_of_unknown_logins(stage, *file, target);
    const Instant taken_at = file->snapshot.live.taken_at.value_or(Instant{});
    prepared.orgs.push_back(
        {std::move(target), std::move(file->snapshot.live), {}, {}, taken_at, file->path, file->sha256});
  }
  return {};
}

okta::ReadWants wants_of(Stage& stage, const Target& target, const Target* older) {
  okta::ReadWants wants;
  wants.self = true;
  const Instant now = stage.world().clock.now();
  const std::size_t most = stage.options().max_owner_lookups;
  wants.users = user_lookups(asking_of(stage, target.desired), most, now);
  wants.raw_pages = !stage.options().evidence_folder.empty();
  if (older == nullptr) return wants;
  wants.users = [newer = wants.users, before = user_lookups(older->desired, most, now)](const Live& live) {
    std::vector<std::string> users = newer(live);
    for (std::string& user : before(live)) users.push_back(std::move(user));
    return users;
  };
  return wants;
}

// The plan that the older manifests give; none: nothing is compared.
std::optional<OrgPlan> older_plan(const std::optional<OlderManifests>& older, const PlannedOrg& org,
                                  Instant now) {
  if (!older) return std::nullopt;
  static const Desired nothing;
  const Target* target = older->of(org.target.org);
  return make_plan(target == nullptr ? nothing : target->desired, org.live, {}, now, older->loaded.sources)
      .plan;
}

// Orgs that nothing speaks of any more are not read: what becomes of their tokens is said here.
void tell_forgotten(Stage& stage, const std::optional<OlderManifests>& older,
                    const std::vector<Target>& targets) {
  if (!older) return;
  for (const Target& before : older->targets) {
    const bool known = std::any_of(targets.begin(), targets.end(),
                                   [&](const Target& target) { return target.org == before.org; });
    if (!known) {
      stage.warn("the older manifests speak of " + before.org.authority() +
                 ", these do not: none of its tokens are managed any more");
    }
  }
}

Result<void> open_session(Stage& stage, const std::vector<Target>& targets, Prepared& prepared) {
  std::vector<OrgNamed> named;
  for (const Target& target : targets) {
    named.push_back({target.org, where(prepared.loaded.sources, target.org_place)});
    take_entry(named.back(), target.entry ? &*target.entry : nullptr, prepared.loaded.sources);
  }
  okta::Access access;
  access.writes = stage.options().command == Command::apply;
  access.users =
      stage.options().with_owners || std::any_of(targets.begin(), targets.end(), [&](const Target& target) {
        return names_users(asking_of(stage, target.desired));
      });
  auto session = Session::open_each(stage, named, access);
  if (!session) return fail(session.error());
  prepared.session = std::move(*session);
  return {};
}

// Reads every org; those that fail are told and left out.
void read_orgs(Stage& stage, std::vector<Target> targets, const std::optional<OlderManifests>& older,
               Prepared& prepared) {
  std::vector<std::size_t> which;
  std::vector<okta::ReadWants> wants;
  for (std::size_t at = 0; at < targets.size(); ++at) {
    which.push_back(at);
    wants.push_back(wants_of(stage, targets[at], older ? older->of(targets[at].org) : nullptr));
  }
  auto readings = prepared.session->read(which, wants);
  for (std::size_t at = 0; at < targets.size(); ++at) {
    if (!readings[at]) {
      stage.fail(readings[at].error());
      prepared.failed.push_back({targets[at].org, readings[at].error()});
      // It goes into files, too.
      Error& kept = prepared.failed.back().error;
      kept.message = stage.discreet(kept.message);
      continue;
    }
    const Instant read_at = stage.world().clock.now();
    std::string kept_snapshot;
    if (wants[at].raw_pages) {
      auto encoded = okta::encode_snapshot(*readings[at], targets[at].org, read_at);
      if (!encoded) {
        stage.fail(encoded.error());
        prepared.failed.push_back({targets[at].org, encoded.error()});
        continue;
      }
      kept_snapshot = std::move(*encoded);
    }
    prepared.orgs.push_back(
        {std::move(targets[at]), std::move(readings[at]->live), {}, std::move(kept_snapshot), read_at});
    prepared.links.push_back(at);
  }
}

// Gives each org its plan, or the exit code of what the manifests got wrong.
int plan_orgs(Stage& stage, const std::optional<OlderManifests>& older, Prepared& prepared) {
  const Instant now = stage.world().clock.now();
  Diagnostics diagnostics = std::move(prepared.loaded.diagnostics);
  for (PlannedOrg& org : prepared.orgs) {
    const std::optional<OrgPlan> base = older_plan(older, org, now);
    Planning planning = make_plan(org.target.desired, org.live, stage.options().policy, now,
                                  prepared.loaded.sources, base ? &*base : nullptr);
    org.plan = std::move(planning.plan);
    for (Diagnostic& diagnostic : planning.diagnostics) diagnostics.push_back(std::move(diagnostic));
    if (stage.options().command != Command::validate) continue;
    for (Diagnostic& diagnostic :
         check_against_live(org.target.desired, org.live, now, prepared.loaded.sources)) {
      diagnostics.push_back(std::move(diagnostic));
    }
  }
  prepared.loaded.diagnostics = sorted(std::move(diagnostics));
  if (prepared.loaded.diagnostics.empty()) return kDone;
  return stage.refuse(prepared.loaded.diagnostics, prepared.loaded.sources);
}

}  // namespace

Result<void> check_bare_acks(Stage& stage) {
  for (const AckFlag& ack : stage.options().policy.acks) {
    if (!ack.token_id.empty() || stage.world().terminal.can_ask()) continue;
    return fail(Trouble::usage,
                "--ack " + ack.guard + " would lift the guard for every token, and nobody is here to see it",
                "name the token: --ack " + ack.guard + ":TOKEN_ID");
  }
  return {};
}

Reported<Prepared> prepare_whatever_fails(Stage& stage) {
  const auto report = [&](const Error& error) { return tl::unexpected<int>(stage.fail(error)); };
  if (auto checked = check_bare_acks(stage); !checked) return report(checked.error());
  auto loaded = load_manifests(stage);
  if (!loaded) return report(loaded.error());
  auto snapshots = live_snapshots(stage);
  if (!snapshots) return report(snapshots.error());

  Prepared prepared;
  prepared.loaded = std::move(*loaded);
  const std::vector<OrgAddress> fallbacks = *snapshots ? (*snapshots)->orgs() : std::vector<OrgAddress>();
  auto targets = targets_of(stage, prepared.loaded, fallbacks);
  if (has_errors(prepared.loaded.diagnostics)) {
    return tl::unexpected<int>(stage.refuse(prepared.loaded.diagnostics, prepared.loaded.sources));
  }
  if (!targets) return report(targets.error());
  std::optional<OlderManifests> older;
  if (!stage.options().base_dir.empty()) {
    auto loaded_older = load_older(stage, fallbacks);
    if (!loaded_older) return report(loaded_older.error());
    older = std::move(*loaded_older);
  }
  tell_forgotten(stage, older, *targets);

  if (*snapshots) {
    auto taken = take_snapshots(stage, std::move(**snapshots), std::move(*targets), prepared);
    if (!taken) return report(taken.error());
  } else if (!targets->empty()) {
    auto opened = open_session(stage, *targets, prepared);
    if (!opened) return report(opened.error());
    read_orgs(stage, std::move(*targets), older, prepared);
  }
  if (is_one_failure(prepared)) return prepared;
  const int code = plan_orgs(stage, older, prepared);
  if (code != kDone) return tl::unexpected<int>(code);
  return prepared;
}

bool is_one_failure(const Prepared& prepared) {
  return prepared.orgs.empty() && prepared.failed.size() == 1;
}

Reported<Prepared> prepare(Stage& stage) {
  auto prepared = prepare_whatever_fails(stage);
  if (prepared && is_one_failure(*prepared))
    return tl::unexpected<int>(code_of(prepared->failed.front().error.trouble));
  return prepared;
}

std::function<std::vector<std::string>(const Live&)> user_lookups(const Desired& desired,
                                                                  std::size_t max_owners, Instant now) {
  bool owners_asked = false;
  return [desired, max_owners, now, owners_asked](const Live& live) mutable {
    UnknownUsers unknown = unknown_users(desired, live, now);
    // What a login stands for often settles whether an owner has to be looked up. Nobody is asked for twice.
    const bool settled =
        std::all_of(unknown.logins.begin(), unknown.logins.end(),
                    [&](const std::string& login) { return live.users.ids.count(login) != 0; });
    if (!settled || owners_asked) return unknown.logins;
    owners_asked = true;
    if (unknown.ids.size() > max_owners) unknown.ids.resize(max_owners);
    return unknown.ids;
  };
}

std::vector<int> codes_of(const std::vector<FailedOrg>& orgs) {
  std::vector<int> codes;
  for (const FailedOrg& org : orgs) codes.push_back(code_of(org.error.trouble));
  return codes;
}

void take_entry(OrgNamed& named, const OrgEntry* entry, const Sources& sources) {
  if (entry == nullptr) return;
  named.org_id = entry->org_id.value_or("");
  named.client_id = entry->client_id.value_or("");
  named.place = where(sources, entry->place);
}

Plan take_plan(Prepared& prepared, Instant now, const std::optional<Duration>& ttl,
               const std::function<int(const OrgPlan&)>& exit_code) {
  Plan plan;
  plan.created_at = now;
  if (ttl) plan.expires_at = add(now, *ttl);
  for (PlannedOrg& org : prepared.orgs) {
    plan.orgs.push_back(std::move(org.plan));
    OrgPlan& taken = plan.orgs.back();
    taken.exit_code = exit_code(taken);
    if (!org.target.entry) continue;
    taken.org_id = org.target.entry->org_id.value_or("");
    taken.client_id = org.target.entry->client_id.value_or("");
  }
  for (const FailedOrg& failed : prepared.failed) {
    plan.unread.push_back({failed.org.authority(), failed.org.url(), failed.error.message, failed.error.mend,
                           code_of(failed.error.trouble)});
  }
  return plan;
}

Telling telling_of(const Plan& plan, PlanView view, Instant now, std::string encoded) {
  Telling telling;
  telling.report = [&plan, view](const RunFacts& run) { return report_of_plan(plan, view, run); };
  telling.text = [&plan, view, now](const Style& style) { return plan_text(plan, view, now, style); };
  telling.json = [&plan, encoded = std::move(encoded)] {
    return encoded.empty() ? encode_plan(plan) : encoded;
  };
  return telling;
}

int code_of_run(const Plan& plan) {
  std::vector<int> codes;
  for (const OrgPlan& org : plan.orgs) codes.push_back(org.exit_code);
  for (const UnreadOrg& org : plan.unread) codes.push_back(org.exit_code);
  return combine(codes);
}

}  // namespace zonepin
