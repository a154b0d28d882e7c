// "May this token be used from there?", now and after what is planned. Sends no write.
#include "plan/can_i.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cli/address_options.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/planning.h"
#include "cli/snapshots.h"
#include "plan/binding.h"
#include "plan/plan_codec.h"
#include "report/can_i_report.h"

namespace zonepin {

namespace {

struct AskedOrg {
  Live live;
  std::optional<OrgPlan> plan;  // none: nothing is planned for its tokens
};

struct AskedOrgs {
  std::vector<AskedOrg> orgs;  // that could be read, by host
  std::vector<FailedOrg> failed;
};

// Everything that the options ask, before anything is read.
struct Asking {
  std::vector<Asked> asked;
  std::vector<ZoneOverride> edits;
};

Result<Asking> asking_of(const Options& options) {
  Asking asking;
  for (const std::string& text : options.ips) {
    auto asked = parse_asked(text);
    if (!asked) return fail(asked.error());
    asking.asked.push_back(std::move(*asked));
  }
  for (const std::string& text : options.zone_overrides) {
    auto edit = parse_override(text);
    if (!edit) return fail(edit.error());
    asking.edits.push_back(std::move(*edit));
  }
  return asking;
}

// --- what is live, and what is planned

Result<std::optional<Plan>> read_plan(Stage& stage) {
  const std::string& path = stage.options().plan_file;
  if (path.empty()) return std::optional<Plan>();
  auto text = stage.world().files.read(path, kMaxPlanBytes);
  if (!text) return fail(Trouble::usage, text.error().message, text.error().mend);
  auto plan = decode_plan(*text, path);
  if (!plan) return fail(plan.error());
  if (plan->expires_at && stage.world().clock.now() >= *plan->expires_at) {
    stage.warn(escape(path) + " ended at " + format_seconds(*plan->expires_at) +
               ": apply would refuse it, and this only says what it would have done");
  }
  return std::optional<Plan>(std::move(*plan));
}

const OrgPlan* plan_for(const std::optional<Plan>& plan, const std::string& host) {
  if (!plan) return nullptr;
  const auto found = std::find_if(plan->orgs.begin(), plan->orgs.end(),
                                  [&](const OrgPlan& org) { return org.host == host; });
  return found == plan->orgs.end() ? nullptr : &*found;
}

tl::unexpected<Error> no_plan_for(Stage& stage, const std::string& host) {
  return fail(Trouble::stale, escape(stage.options().plan_file) + " is no plan for " + host,
              "give the plan of that org");
}

// The orgs of --org, else those of the plan, else the environment's.
Result<std::vector<OrgNamed>> orgs_asked(Stage& stage, const std::optional<Plan>& plan) {
  std::vector<OrgNamed> orgs;
  if (plan && stage.options().orgs.empty()) {
    const std::string path = escape(stage.options().plan_file);
    for (const OrgPlan& planned : plan->orgs) {
      auto org = parse_org(planned.url);
      if (!org || org->authority() != planned.host)
        return fail(Trouble::usage, path + " names an org that can't be one: " + in_quotes(planned.url));
      orgs.push_back({std::move(*org), path, planned.org_id, planned.client_id, path});
    }
    return orgs;
  }
  auto named = orgs_named(stage);
  if (!named) return fail(named.error());
  for (OrgAddress& org : *named) {
    const OrgPlan* planned = plan_for(plan, org.authority());
    if (plan && planned == nullptr) return no_plan_for(stage, org.authority());
    orgs.push_back({std::move(org), {}});
    if (planned == nullptr) continue;
    orgs.back().org_id = planned->org_id;
    orgs.back().client_id = planned->client_id;
    orgs.back().place = escape(stage.options().plan_file);
  }
  return orgs;
}

// Without those that --only and --shard leave out; sorted.
Result<void> narrow(Stage& stage, std::vector<OrgNamed>& orgs) {
  std::sort(orgs.begin(), orgs.end(), [](const OrgNamed& a, const OrgNamed& b) { return a.org < b.org; });
  if (!stage.options().selection.narrows()) return {};
  std::vector<OrgAddress> all;
  for (const OrgNamed& named : orgs) all.push_back(named.org);
  const auto taken = selected(stage.options().selection, all);
  if (!taken) return fail(taken.error());
  std::vector<OrgNamed> left;
  for (OrgNamed& named : orgs) {
    if (std::find(taken->begin(), taken->end(), named.org) != taken->end()) left.push_back(std::move(named));
  }
  orgs = std::move(left);
  return {};
}

// "After" is what the plan says, whether or not apply would still take it.
void add_org(Stage& stage, Live live, const std::optional<Plan>& plan, AskedOrgs& all) {
  AskedOrg org{std::move(live), {}};
  if (const OrgPlan* planned = plan_for(plan, org.live.host)) {
    const Binding binding = bind_plan(*planned, org.live);
    if (!binding.problems.empty()) {
      const std::size_t others = binding.problems.size() - 1;
      stage.warn(escape(stage.options().plan_file) + " no longer fits " + org.live.host +
                 ", and apply would refuse it: " + binding.problems.front() +
                 (others == 0 ? "" : " (and " + std::to_string(others) + " more)"));
    }
    org.plan = *planned;
  }
  all.orgs.push_back(std::move(org));
}

// The orgs of --org, else those of the snapshots: with a plan, of those it speaks of.
Result<std::vector<OrgNamed>> orgs_with_snapshot(Stage& stage, Snapshots& snapshots,
                                                 const std::optional<Plan>& plan) {
  std::vector<OrgNamed> orgs;
  if (!stage.options().orgs.empty()) {
    auto named = orgs_named(stage);
    if (!named) return fail(named.error());
    for (OrgAddress& org : *named) {
      if (snapshots.of(org) == nullptr)
        return fail(snapshots.error_for(org, {}, "give the snapshot of that org, or leave --org out"));
      if (plan && plan_for(plan, org.authority()) == nullptr) return no_plan_for(stage, org.authority());
      orgs.push_back({std::move(org), {}});
    }
    return orgs;
  }
  for (OrgAddress& org : snapshots.orgs()) {
    if (!plan || plan_for(plan, org.authority()) != nullptr) orgs.push_back({std::move(org), {}});
  }
  if (orgs.empty()) return no_plan_for(stage, snapshots.orgs().front().authority());
  return orgs;
}

Result<AskedOrgs> orgs_of_snapshots(Stage& stage, Snapshots snapshots, const std::optional<Plan>& plan) {
  auto named = orgs_with_snapshot(stage, snapshots, plan);
  if (!named) return fail(named.error());
  if (auto narrowed = narrow(stage, *named); !narrowed) return fail(narrowed.error());
  AskedOrgs all;
  for (const OrgNamed& one : *named)
    add_org(stage, std::move(snapshots.of(one.org)->snapshot.live), plan, all);
  return all;
}

Result<AskedOrgs> orgs_of_okta(Stage& stage, const std::optional<Plan>& plan) {
  auto named = orgs_asked(stage, plan);
  if (!named) return fail(named.error());
  if (auto narrowed = narrow(stage, *named); !narrowed) return fail(narrowed.error());
  if (named->empty()) return AskedOrgs{};
  auto session = Session::open_each(stage, *named, {false, false});
  if (!session) return fail(session.error());
  std::vector<std::size_t> which;
  for (std::size_t at = 0; at < named->size(); ++at) which.push_back(at);
  auto readings = session->read(which, std::vector<okta::ReadWants>(which.size()));
  AskedOrgs all;
  for (std::size_t at = 0; at < readings.size(); ++at) {
    if (readings[at]) {
      add_org(stage, std::move(readings[at]->live), plan, all);
    } else {
      stage.fail(readings[at].error());
      all.failed.push_back({(*named)[at].org, readings[at].error()});
    }
  }
  return all;
}

Reported<AskedOrgs> read_orgs_asked(Stage& stage) {
  if (!stage.options().paths.empty()) {
    auto prepared = prepare(stage);
    if (!prepared) return tl::unexpected<int>(prepared.error());
    AskedOrgs all;
    all.failed = std::move(prepared->failed);
    for (PlannedOrg& org : prepared->orgs) all.orgs.push_back({std::move(org.live), std::move(org.plan)});
    return all;
  }
  const auto report = [&](const Error& error) { return tl::unexpected<int>(stage.fail(error)); };
  const auto plan = read_plan(stage);
  if (!plan) return report(plan.error());
  auto snapshots = live_snapshots(stage);
  if (!snapshots) return report(snapshots.error());
  auto all =
      *snapshots ? orgs_of_snapshots(stage, std::move(**snapshots), *plan) : orgs_of_okta(stage, *plan);
  if (!all) return report(all.error());
  return std::move(*all);
}

// --- which token

struct FoundToken {
  const AskedOrg* org;
  const Token* token;
};

// By id, else by the exact name.
std::vector<FoundToken> tokens_called(const std::string& subject, const AskedOrgs& all) {
  std::vector<FoundToken> by_name;
  for (const AskedOrg& org : all.orgs) {
    for (const Token& token : org.live.tokens) {
      if (token.id == subject) return {{&org, &token}};
      if (token.name == subject) by_name.push_back({&org, &token});
    }
  }
  return by_name;
}

Error several_tokens(const std::string& subject, const std::vector<FoundToken>& found) {
  constexpr std::size_t kMaxCandidates = 20;
  std::vector<std::string> lines;
  for (const FoundToken& one : found) {
    const auto used = last_use_of(*one.token);
    lines.push_back(escape(one.token->id) + " at " + one.org->live.host + ", owner " +
                    escape_cut(one.token->user_id.value_or("unknown"), 64) + ", created " +
                    escape_cut(one.token->created.value_or("unknown"), 40) + ", last used " +
                    (used ? "about " + format_seconds(*used) : "unknown"));
  }
  std::sort(lines.begin(), lines.end());
  if (lines.size() > kMaxCandidates) {
    const std::size_t others = lines.size() - kMaxCandidates;
    lines.resize(kMaxCandidates);
    lines.push_back("and " + std::to_string(others) + " more");
  }
  return {Trouble::usage,
          plural(found.size(), "live token") + " have the name " + in_quotes(subject) + ":\n  " +
              join(lines, "\n  ") + "\n  give the id of one of them",
          {}};
}

Error no_token(const std::string& subject, const AskedOrgs& all) {
  std::vector<std::string_view> names;
  for (const AskedOrg& org : all.orgs) {
    for (const Token& token : org.live.tokens) names.push_back(token.name);
  }
  std::sort(names.begin(), names.end());
  const std::string hint = did_you_mean(subject, names);
  return {Trouble::usage, "no live token has the id or name " + in_quotes(subject),
          hint.empty() ? "see `zonepin list tokens`" : hint};
}

// --- zones that are only planned

// Beside `all.orgs`: their zones as they would be; none where no override speaks of one of them.
Result<std::vector<std::optional<PlannedZones>>> planned_zones(const std::vector<ZoneOverride>& edits,
                                                               const AskedOrgs& all) {
  std::vector<std::optional<PlannedZones>> planned(all.orgs.size());
  for (const ZoneOverride& edit : edits) {
    bool is_known = false;
    std::vector<std::string_view> names;
    for (std::size_t at = 0; at < all.orgs.size(); ++at) {
      PlannedZones zones = planned[at] ? *planned[at] : PlannedZones{all.orgs[at].live.zones, {}};
      for (const Zone& zone : all.orgs[at].live.zones) names.emplace_back(zone.name);
      const auto done = override_zone(edit, zones);
      if (!done) return fail(done.error());
      if (!*done) continue;
      is_known = true;
      planned[at] = std::move(zones);
    }
    if (is_known) continue;
    std::sort(names.begin(), names.end());
    const std::string hint = did_you_mean(edit.zone, names);
    return fail(Trouble::usage, "--zone-override: no network zone has the id or name " + in_quotes(edit.zone),
                hint.empty() ? "`zonepin list zones` shows the zones of this org" : hint);
  }
  return planned;
}

int code_of_verdict(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed: return kDone;
    case Verdict::unknown: return kViolations;
    case Verdict::denied: return kBlocked;
  }
  return kFailure;
}

}  // namespace

int can_i_command(Stage& stage) {
  const Options& options = stage.options();
  auto asking = asking_of(options);
  if (!asking) return stage.fail(asking.error());
  const auto all = read_orgs_asked(stage);
  if (!all) return all.error();
  if (all->orgs.empty() && !all->failed.empty()) return combine(codes_of(all->failed));
  const auto zones = planned_zones(asking->edits, *all);
  if (!zones) return stage.fail(zones.error());

  const bool is_one = !options.token.empty();
  std::vector<FoundToken> found;
  if (is_one) {
    found = tokens_called(options.token, *all);
    if (found.size() > 1) return stage.fail(several_tokens(options.token, found));
    if (found.empty()) {
      const int code = stage.fail(no_token(options.token, *all));
      // It may be in an org that could not be read.
      return all->failed.empty() ? code : combine(codes_of(all->failed));
    }
  }
  CanIReport report{is_one ? CanIScope::one_token : CanIScope::all_tokens, asking->asked, {}, {}};
  Verdict worst = Verdict::allowed;
  for (std::size_t at = 0; at < all->orgs.size(); ++at) {
    const AskedOrg& org = all->orgs[at];
    if (is_one && found.front().org != &org) continue;
    CanIQuestion question{asking->asked, is_one ? found.front().token->id : std::string(),
                          org.plan ? &*org.plan : nullptr, (*zones)[at]};
    report.orgs.push_back(answer_of(org.live, question));
    worst = std::max(worst, report.orgs.back().verdict());
  }
  for (const FailedOrg& org : all->failed) report.unread.push_back(org.org.authority());
  stage.out(stage.json() ? can_i_json(report) : can_i_text(report, stage.out_style()));
  std::vector<int> codes = codes_of(all->failed);
  codes.push_back(code_of_verdict(worst));
  return combine(codes);
}

}  // namespace zonepin
