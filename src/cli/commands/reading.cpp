// The commands that show what is live: snapshot, list, get.
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/planning.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "manifest/merge.h"
#include "okta/codec.h"
#include "okta/snapshot.h"
#include "report/lists.h"

namespace zonepin {

namespace {

// The one org that such a command speaks of, and the session with it.
Result<Session> session_with_one(Stage& stage) {
  const auto orgs = orgs_named(stage);
  if (!orgs) return fail(orgs.error());
  if (orgs->size() != 1) {
    return fail(Trouble::usage, "this command speaks of one org, not of " + std::to_string(orgs->size()),
                "give one --org");
  }
  return Session::open(stage, {{orgs->front(), {}}}, {false, !stage.options().paths.empty()});
}

Result<okta::Reading> read_one(Stage& stage, okta::ReadWants wants) {
  auto session = session_with_one(stage);
  if (!session) return fail(session.error());
  return std::move(session->read({0}, {std::move(wants)}).front());
}

// The tokens' owners that the manifests name by login.
Result<okta::ReadWants> wants_for_manifests(Stage& stage) {
  okta::ReadWants wants;
  wants.raw_pages = true;
  wants.self = true;
  if (stage.options().paths.empty()) return wants;
  auto loaded = load_manifests(stage);
  if (!loaded) return fail(loaded.error());
  if (has_errors(loaded->diagnostics)) {
    stage.refuse(loaded->diagnostics, loaded->sources);
    return fail(Trouble::usage, "the manifests can't be read, so it is not known which owners to look up");
  }
  std::vector<const Document*> documents;
  for (const Document& document : loaded->documents) documents.push_back(&document);
  Diagnostics contradictions;  // of documents of several orgs: nothing to this command
  wants.users = user_lookups(merge(documents, loaded->sources, contradictions),
                             stage.options().max_owner_lookups, stage.world().clock.now());
  return wants;
}

}  // namespace

int snapshot_command(Stage& stage) {
  auto wants = wants_for_manifests(stage);
  if (!wants) return stage.fail(wants.error());
  auto session = session_with_one(stage);
  if (!session) return stage.fail(session.error());
  auto reading = std::move(session->read({0}, {std::move(*wants)}).front());
  if (!reading) return stage.fail(reading.error());
  const auto text = okta::encode_snapshot(*reading, session->link(0).org, stage.world().clock.now());
  if (!text) return stage.fail(text.error());
  const std::string& path = stage.options().out_file;
  if (!path.empty()) {
    if (auto written = stage.write(path, *text); !written) return stage.fail(written.error());
  }
  if (path.empty() || stage.json()) stage.out(*text);
  if (path.empty()) return kDone;
  stage.note("snapshot of " + reading->live.host + " saved: " + plural(reading->live.tokens.size(), "token") +
             ", " + plural(reading->live.zones.size(), "zone"));
  return kDone;
}

int list_tokens_command(Stage& stage) {
  okta::ReadWants wants;
  wants.zones = !stage.json();  // a person wants their names
  wants.raw_pages = stage.json();
  auto reading = read_one(stage, std::move(wants));
  if (!reading) return stage.fail(reading.error());
  if (!stage.json()) {
    stage.out(tokens_text(reading->live, stage.world().clock.now(), stage.out_style()));
    return kDone;
  }
  const auto text = okta::project_tokens(reading->token_pages);
  if (!text) return stage.fail(text.error());
  stage.out(*text);
  return kDone;
}

int list_zones_command(Stage& stage) {
  okta::ReadWants wants;
  wants.tokens = false;
  wants.raw_pages = stage.json();
  auto reading = read_one(stage, std::move(wants));
  if (!reading) return stage.fail(reading.error());
  if (!stage.json()) {
    stage.out(zones_text(reading->live, stage.out_style()));
    return kDone;
  }
  const auto text = okta::concatenate(reading->zone_pages);
  if (!text) return stage.fail(text.error());
  stage.out(*text);
  return kDone;
}

int get_command(Stage& stage) {
  auto session = session_with_one(stage);
  if (!session) return stage.fail(session.error());
  const auto response = session->call(0, {okta::Operation::get_token, stage.options().subject, {}, {}});
  if (!response) return stage.fail(response.error());
  if (stage.json()) {
    const auto text = okta::project_token(response->body);
    if (!text) return stage.fail(text.error());
    stage.out(*text);
    return kDone;
  }
  const auto token = okta::decode_token(response->body);
  if (!token) return stage.fail(token.error());
  stage.out(token_text(*token, {}, stage.world().clock.now(), stage.out_style()));
  return kDone;
}

}  // namespace zonepin
