#include "cli/checking.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "cli/exit_code.h"
#include "manifest/decode_profile.h"
#include "manifest/limits.h"

namespace zonepin {

namespace {

std::vector<std::string> owner_ids_of(const Live& live) {
  std::set<std::string> ids;
  for (const Token& token : live.tokens) {
    if (token.user_id && is_token_id(*token.user_id)) ids.insert(*token.user_id);
  }
  return {ids.begin(), ids.end()};
}

// OwnerBook of each org, beside Prepared::orgs.
std::vector<OwnerBook> look_up_owners(Stage& stage, Prepared& prepared) {
  std::vector<OwnerBook> owners(prepared.orgs.size());
  std::vector<std::size_t> which;
  std::vector<std::size_t> beside;
  std::vector<okta::ReadWants> wants;
  const std::size_t most = stage.options().max_owner_lookups;
  for (std::size_t at = 0; at < prepared.orgs.size(); ++at) {
    std::vector<std::string> ids = owner_ids_of(prepared.orgs[at].live);
    if (ids.size() > most) {
      owners[at].why_unknown = "only " + std::to_string(most) + " of " + std::to_string(ids.size()) +
                               " owners are looked up (--max-owner-lookups)";
      stage.warn(prepared.orgs[at].live.host + ": " + owners[at].why_unknown);
      ids.resize(most);
    }
    if (ids.empty()) continue;
    which.push_back(prepared.links[at]);
    beside.push_back(at);
    wants.emplace_back();
    wants.back().tokens = wants.back().zones = false;
    wants.back().owners = std::move(ids);
  }
  if (which.empty()) return owners;
  auto readings = prepared.session->read(which, wants);
  for (std::size_t at = 0; at < readings.size(); ++at) {
    OwnerBook& of_org = owners[beside[at]];
    const std::string& host = prepared.orgs[beside[at]].live.host;
    std::string why;
    if (!readings[at]) why = readings[at].error().message;
    if (readings[at] && readings[at]->owners_refused) why = readings[at]->owners_refused->message;
    if (!why.empty()) {
      stage.warn(host + ": the status of owners is not known: " + why);
      of_org.why_unknown = stage.discreet(why);
      continue;
    }
    // Whom Okta does not know is gone.
    for (const std::string& id : wants[at].owners) {
      const auto found = readings[at]->owners.find(id);
      of_org.by_id[id] = found == readings[at]->owners.end()
                             ? OwnerBook::Owner{}
                             : OwnerBook::Owner{found->second.login, found->second.status};
    }
  }
  return owners;
}

Principal principal_of(const Prepared& prepared, std::size_t at) {
  const Live& live = prepared.orgs[at].live;
  Principal principal;
  principal.kind = "snapshot";
  if (live.self) {
    principal.user_id = live.self->id;
    principal.login = live.self->login;
  }
  if (!prepared.session) return principal;
  const OrgLink& link = prepared.session->link(prepared.links[at]);
  switch (link.kind) {
    case okta::CredentialKind::ssws: principal.kind = "ssws"; break;
    case okta::CredentialKind::access_token: principal.kind = "access_token"; break;
    case okta::CredentialKind::service_app: principal.kind = "service_app"; break;
  }
  principal.client_id = link.client_id;
  return principal;
}

}  // namespace

Reported<CheckProfile> load_profile(Stage& stage) {
  const std::string& name = stage.options().profile;
  if (auto profile = builtin_profile(name)) return std::move(*profile);
  auto text = stage.world().files.read(name, kMaxManifestBytes);
  if (!text) {
    std::string hint = did_you_mean(name, {kProfileNames.begin(), kProfileNames.end()});
    if (hint.empty()) hint = "the built-in ones are default and stig";
    return tl::unexpected<int>(
        stage.fail({Trouble::usage, "--profile " + escape(name) + ": " + text.error().message, hint}));
  }
  const Sources sources = {{name, std::move(*text)}};
  DecodedProfile decoded = decode_profile(sources.front());
  const int code = stage.refuse(decoded.diagnostics, sources, "the profile");
  if (!decoded.edits) return tl::unexpected<int>(code);
  return profile_of(*decoded.edits, name);
}

CheckRun check_orgs(Stage& stage, Prepared& prepared, const CheckProfile& profile) {
  CheckRun run;
  run.profile = profile;
  run.at = stage.world().clock.now();
  run.source_revision = stage.options().source_revision;
  const bool with_owners = stage.options().with_owners;
  std::vector<OwnerBook> owners;
  if (with_owners) owners = look_up_owners(stage, prepared);
  std::vector<int> codes;
  for (std::size_t at = 0; at < prepared.orgs.size(); ++at) {
    const PlannedOrg& org = prepared.orgs[at];
    const CheckInput input = {
        org.target.desired,     org.live, org.plan, profile, with_owners ? &owners[at] : nullptr, run.at,
        prepared.loaded.sources};
    run.orgs.push_back({check_org(input), kDone, org.read_at, principal_of(prepared, at)});
    const int code = code_of_check(run.orgs.back().check);
    run.orgs.back().exit_code = stage.options().soft_fail ? forgiving(code, kViolations) : code;
    codes.push_back(run.orgs.back().exit_code);
  }
  for (const FailedOrg& failed : prepared.failed) {
    run.unread.push_back({failed.org.authority(), failed.org.url(), failed.error.message, failed.error.mend,
                          code_of(failed.error.trouble)});
    codes.push_back(run.unread.back().exit_code);
  }
  run.exit_code = combine(codes);
  return run;
}

}  // namespace zonepin
