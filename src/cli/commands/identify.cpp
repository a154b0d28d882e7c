// Which token a secret belongs to. Okta has no way to ask: a token that is used shows it by its expiry.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "model/sighting.h"
#include "okta/codec.h"
#include "okta/refusal.h"
#include "report/identity_report.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxSecretFile = 4'096;
// Okta tells times to the second: so far apart, two uses are told from each other.
constexpr Milliseconds kApart{2'100};

// The secret alone on its line, perhaps as it stands in a header. Never a word of it in a message, nor the
// path: a person may have put the secret there.
Result<Secret> read_secret(Stage& stage) {
  const std::string& path = stage.options().secret_file;
  if (path == "-" && stage.world().terminal.can_ask()) {
    return fail(Trouble::usage, "a secret that is typed here would be seen by everybody who sees the screen",
                "pipe it in, or name the file that holds it with --secret-file");
  }
  auto text = stage.world().files.read(path, kMaxSecretFile);
  if (!text) {
    return fail(Trouble::usage,
                "the secret can't be read from what --secret-file names: there must be a file of at most " +
                    std::to_string(kMaxSecretFile) + " bytes",
                "a secret itself does not belong on a command line");
  }
  std::string_view value = trim(*text);
  constexpr std::string_view kScheme = "SSWS ";
  if (value.substr(0, kScheme.size()) == kScheme) value = trim(value.substr(kScheme.size()));
  Secret secret{std::string(value)};
  wipe(*text);
  stage.hide(secret);
  const std::string_view shown = secret.reveal();
  if (!shown.empty() && std::all_of(shown.begin(), shown.end(), [](char c) { return c > 0x20 && c < 0x7f; }))
    return secret;
  return fail(Trouble::usage,
              secret.empty() ? "there is no secret to identify: nothing but blanks was read"
                             : "what was read can't be the secret of a token: it is more than one word",
              "the secret must stand there alone");
}

class Identification {
 public:
  explicit Identification(Stage& stage) : stage_(stage) {}

  int code() {
    auto found = found_out();
    if (!found) return stage_.fail(found.error());
    const Instant now = stage_.world().clock.now();
    stage_.out(stage_.json() ? identity_json(*found) : identity_text(*found, now, stage_.out_style()));
    if (!is_told(found->suspects)) return stage_.fail(untold(found->suspects));
    const std::string& id = found->suspects.tokens.front().id;
    stage_.note("to shut it in: zonepin fence " + id + " --zone ZONE; for good: zonepin revoke " + id +
                " --reason WHY");
    return kDone;
  }

 private:
  Result<IdentityReport> found_out() {
    auto secret = read_secret(stage_);
    if (!secret) return fail(secret.error());
    if (auto opened = open(*secret); !opened) return fail(opened.error());
    const std::string host = session_->link(0).org.authority();
    stage_.note("about to use the secret once at " + host +
                " (GET /api/v1/users/me), between two lists of the tokens: that moves the expiry of its "
                "token, and changes nothing else");
    okta::ReadWants wants;
    wants.zones = false;
    wants.self = true;
    auto before = std::move(session_->read({0}, {wants}).front());
    if (!before) return fail(before.error());
    session_->pause(kApart);  // a token that somebody used just now would not move otherwise
    IdentityReport report{host, {}, {}};
    auto sighting = use(*secret, report);
    if (!sighting) return fail(sighting.error());
    const bool same_owner =
        !before->live.self || !sighting->user_id || sighting->user_id == before->live.self->id;
    if (may_share_owner(before->live) && same_owner) session_->pause(kApart);
    wants.self = false;
    auto after = std::move(session_->read({0}, {wants}).front());
    if (!after) return fail(after.error());
    report.suspects = suspects_of(before->live.tokens, after->live.tokens, *sighting);
    return report;
  }

  Result<void> open(const Secret& secret) {
    const auto orgs = orgs_named(stage_);
    if (!orgs) return fail(orgs.error());
    if (orgs->size() != 1) {
      return fail(Trouble::usage, "identify speaks of one org, not of " + std::to_string(orgs->size()),
                  "give one --org");
    }
    auto session = Session::open(stage_, {{orgs->front(), {}}}, {false, false});
    if (!session) return fail(session.error());
    session_ = std::move(*session);
    const OrgLink& link = session_->link(0);
    if (link.secret.reveal() != secret.reveal()) return {};
    return fail(Trouble::usage,
                "this is the secret of the credential in use (" + link.variable +
                    "), and a token can't be told apart from itself",
                "run it with another credential of this org; `zonepin doctor` says what can be said of this "
                "one");
  }

  // Whether the token that zonepin runs with moves as well, and may be taken for the other: one of a caller
  // with several tokens, or of an unknown caller.
  bool may_share_owner(const Live& live) const {
    if (session_->link(0).kind != okta::CredentialKind::ssws) return false;
    if (!live.self) return true;
    return std::count_if(live.tokens.begin(), live.tokens.end(),
                         [&](const Token& token) { return token.user_id == live.self->id; }) > 1;
  }

  // The one use.
  Result<Sighting> use(const Secret& secret, IdentityReport& report) {
    okta::FixedAuthorizer as("SSWS", secret.clone());
    const okta::Call call{okta::Operation::get_current_user, {}, {}, {}};
    const auto answer = session_->call_as(0, call, as);
    if (!answer) return fail(answer.error());
    if (answer->status == 401) {
      return fail(Trouble::failure,
                  "this is not the secret of a live token of " + report.host + " (HTTP 401)",
                  "it was revoked, has lapsed or is of another org; a token whose owner is deactivated, or "
                  "that may not be used from this address, can be refused in the same way");
    }
    Sighting sighting;
    if (const auto date = header(answer->headers, "Date")) sighting.at = parse_http_date(*date);
    if (answer->status == 403) return sighting;  // it lives, and may not ask this
    if (answer->status < 200 || answer->status >= 300)
      return fail(okta::explain(call, okta::refusal_of(*answer), report.host));
    const auto owner = okta::decode_user(answer->body);
    if (!owner) return fail(owner.error());
    report.owner = User{owner->id, owner->login};
    sighting.user_id = owner->id;
    return sighting;
  }

  static Error untold(const Suspects& suspects) {
    const std::string why = suspects.moved > 1 ? plural(suspects.moved, "token") + " were used in that time"
                                               : std::string("no expiry moved; Okta may be late in telling");
    return {Trouble::failure, "which token it is could not be told: " + why, "run it again in a minute"};
  }

  Stage& stage_;
  std::optional<Session> session_;
};

}  // namespace

int identify_command(Stage& stage) {
  return Identification(stage).code();
}

}  // namespace zonepin
