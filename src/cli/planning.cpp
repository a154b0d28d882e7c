#include "cli/planning.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/older.h"
#include "plan/claims.h"
#include "plan/live_check.h"
#include "plan/make_plan.h"
#include "plan/plan_codec.h"
#include "report/plan_text.h"

namespace zonepin {

namespace {

// A snapshot older than this is worth a word.
constexpr Milliseconds kFresh = std::chrono::hours(24);

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

// Every org of the manifests must be the snapshot's, and the snapshot should know the logins that they name.
Result<void> check_snapshot(Stage& stage, const okta::Snapshot& snapshot, const std::vector<Target>& targets,
                            const Loaded& loaded) {
  const std::string& path = stage.options().live_file;
  for (const Target& target : targets) {
    if (target.org != snapshot.org) {
      const std::string place = where(loaded.sources, target.org_place);
      return fail(Trouble::stale,
                  escape(path) + " is a snapshot of " + snapshot.org.authority() + ", not of " +
                      target.org.authority() + (place.empty() ? "" : ", which " + place + " names"),
                  "give the snapshot of that org, or choose with --org");
    }
    for (const std::string& login :
         unknown_users(asking_of(stage, target.desired), snapshot.live, stage.world().clock.now()).logins) {
      stage.warn(
          escape(path) + " does not tell who " + in_quotes(login) +
          " is: entries with this owner match nothing; `zonepin snapshot PATH… --out FILE` looks owners up");
    }
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
    prepared.orgs.push_back({std::move(targets[at]), std::move(readings[at]->live), {}});
    prepared.links.push_back(at);
  }
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

Result<std::optional<okta::Snapshot>> read_snapshot(Stage& stage) {
  const std::string& path = stage.options().live_file;
  if (path.empty()) return std::optional<okta::Snapshot>();
  auto text = stage.world().files.read(path, okta::kMaxSnapshotBytes);
  if (!text) return fail(Trouble::usage, text.error().message, text.error().mend);
  auto snapshot = okta::decode_snapshot(*text, path);
  if (!snapshot) return fail(snapshot.error());
  const Milliseconds age = stage.world().clock.now() - *snapshot->live.taken_at;
  if (age > kFresh)
    stage.warn(escape(path) + " was taken " + format_length(age) + " ago: the org may look different now");
  return std::optional<okta::Snapshot>(std::move(*snapshot));
}

Reported<Prepared> prepare(Stage& stage) {
  const auto report = [&](const Error& error) { return tl::unexpected<int>(stage.fail(error)); };
  if (auto checked = check_bare_acks(stage); !checked) return report(checked.error());
  auto loaded = load_manifests(stage);
  if (!loaded) return report(loaded.error());
  auto snapshot = read_snapshot(stage);
  if (!snapshot) return report(snapshot.error());

  Prepared prepared;
  prepared.loaded = std::move(*loaded);
  const auto fallback = *snapshot ? std::optional<OrgAddress>((*snapshot)->org) : std::nullopt;
  auto targets = targets_of(stage, prepared.loaded, fallback);
  if (has_errors(prepared.loaded.diagnostics)) {
    return tl::unexpected<int>(stage.refuse(prepared.loaded.diagnostics, prepared.loaded.sources));
  }
  if (!targets) return report(targets.error());
  std::optional<OlderManifests> older;
  if (!stage.options().base_dir.empty()) {
    auto loaded_older = load_older(stage, fallback);
    if (!loaded_older) return report(loaded_older.error());
    older = std::move(*loaded_older);
  }
  tell_forgotten(stage, older, *targets);

  if (*snapshot) {
    auto fits = check_snapshot(stage, **snapshot, *targets, prepared.loaded);
    if (!fits) return report(fits.error());
    for (Target& target : *targets)
      prepared.orgs.push_back({std::move(target), std::move((*snapshot)->live), {}});
  } else if (!targets->empty()) {
    auto opened = open_session(stage, *targets, prepared);
    if (!opened) return report(opened.error());
    read_orgs(stage, std::move(*targets), older, prepared);
    if (prepared.orgs.empty() && prepared.failed.size() == 1)
      return tl::unexpected<int>(code_of(prepared.failed.front().error.trouble));
  }

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
  const int code = prepared.loaded.diagnostics.empty()
                       ? kDone
                       : stage.refuse(prepared.loaded.diagnostics, prepared.loaded.sources);
  if (code != kDone) return tl::unexpected<int>(code);
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
