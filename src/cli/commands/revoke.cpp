#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/orders.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "okta/codec.h"
#include "report/sentence.h"

namespace zonepin {

namespace {

Result<Session> ssws_session(Stage& stage) {
  const auto orgs = orgs_named(stage);
  if (!orgs) return fail(orgs.error());
  if (orgs->size() != 1) {
    return fail(Trouble::usage, "revoke --current speaks of one org, not of " + std::to_string(orgs->size()),
                "give one --org");
  }
  auto session = Session::open(stage, {{orgs->front(), {}}}, {true, false});
  if (session && session->link(0).kind != okta::CredentialKind::ssws) {
    return fail(Trouble::usage,
                "revoke --current revokes an SSWS API token; " + session->link(0).variable + " is an " +
                    std::string(to_string(session->link(0).kind)),
                "Okta offers this for API tokens only");
  }
  return session;
}

int revoke_current(Stage& stage) {
  if (!stage.options().auto_approve && !stage.world().terminal.can_ask()) {
    return stage.fail(
        {Trouble::usage, "nobody can be asked here, and nothing was revoked", "add --auto-approve"});
  }
  auto session = ssws_session(stage);
  if (!session) return stage.fail(session.error());
  const OrgLink& link = session->link(0);
  const auto answer = session->call(0, {okta::Operation::get_current_user, {}, {}, {}});
  if (!answer) return stage.fail(answer.error());
  const auto owner = okta::decode_user(answer->body);
  if (!owner) return stage.fail(owner.error());
  const std::string what =
      "the API token in " + link.variable + " at " + link.org.authority() + ", owned by " +
      (owner->login.empty() ? escape(owner->id) : in_quotes(owner->login) + " (" + escape(owner->id) + ")");
  stage.note("about to revoke " + what + ": it can't be brought back, and zonepin can't use it any more");
  if (!stage.options().auto_approve) {
    const auto yes = stage.confirm("Revoke it? Only \"yes\" is taken as one: ");
    if (!yes) return stage.fail(yes.error());
    if (!*yes) return stage.fail({Trouble::failure, "not approved, and nothing was revoked", {}});
  }
  const auto revoked = session->call(0, {okta::Operation::revoke_current, {}, {}, {}});
  if (!revoked) {
    Error error = revoked.error();
    if (error.trouble == Trouble::failure) {
      error.mend = "it may have been revoked all the same: `zonepin list tokens` with it answers 401 then";
    }
    return stage.fail(error);
  }
  const std::string host = link.org.authority();
  stage.out(stage.json() ? "{\n  \"format_version\": \"1.0\",\n  \"org\": \"" + host +
                               "\",\n  \"revoked\": \"current\"\n}\n"
                         : sentence_text("Revoked " + what + ".", stage.out_style()));
  return kDone;
}

}  // namespace

int revoke_command(Stage& stage) {
  return stage.options().current ? revoke_current(stage) : carry_out_order(stage);
}

}  // namespace zonepin
