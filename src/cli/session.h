// The connection of a run to its orgs: one transport, and per org a credential and a pace.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apply/engine.h"
#include "base/result.h"
#include "cli/stage.h"
#include "model/org.h"
#include "okta/auth.h"
#include "okta/credentials.h"
#include "okta/drive.h"
#include "okta/pace.h"
#include "okta/reader.h"

namespace zonepin {

// Who names an org: a manifest can never choose where a credential goes.
struct OrgNamed {
  OrgAddress org;
  std::string by_manifest{};  // "file:line" where only a manifest names it; empty: the command line or the
                              // environment does
  // What a manifest (or a saved plan) says of it, and where.
  std::string org_id{};     // what it must answer as; empty: not said
  std::string client_id{};  // of its service app; empty: not said
  std::string place{};
};

// One org as a run reaches it, or why it can't.
struct OrgLink {
  OrgNamed named;
  OrgAddress org;
  okta::CredentialKind kind = okta::CredentialKind::ssws;
  std::string variable;                    // that the credential came from
  std::string client_id;                   // of a service app
  Secret secret;                           // of that credential: to tell another one apart from it
  std::vector<std::string> chosen_scopes;  // by OKTA_API_SCOPES; empty: those that the run needs
  std::unique_ptr<okta::Authorizer> authorizer;
  std::unique_ptr<okta::Governor> governor;
  std::optional<Error> trouble;  // no byte goes there (any more); authorizer and governor may be missing
  bool is_proven = false;        // it answered as the org that it must be, or nothing is said of that
};

class Session {
 public:
  // Finds a credential for every org before any connection is made; what is wrong with that of one org is the
  // trouble of its link, and the others go on. An org of a manifest without one is Trouble::stale, one of the
  // command line or environment Trouble::usage. Credentials that can't be told apart are an error.
  static Result<Session> open_each(Stage& stage, const std::vector<OrgNamed>& orgs, okta::Access access);
  // The same for commands that want them all: a link with trouble is an error.
  static Result<Session> open(Stage& stage, const std::vector<OrgNamed>& orgs, okta::Access access);

  std::size_t size() const { return links_.size(); }
  const OrgLink& link(std::size_t at) const { return links_[at]; }

  // Reads the orgs of `which` (links) side by side; results beside `which`. Before its first read an org that
  // is said to have an id is asked for it, without a credential: another one is Trouble::stale, and nothing
  // more is sent there.
  std::vector<Result<okta::Reading>> read(const std::vector<std::size_t>& which,
                                          const std::vector<okta::ReadWants>& wants);

  // One engine per org, side by side.
  std::unique_ptr<Engine> engine_for(std::size_t at, const OrgPlan& plan, const Binding& binding,
                                     const Live& live);
  void carry_out(const std::vector<std::size_t>& which, const std::vector<Engine*>& engines,
                 okta::Witness& witness);

  // One call, for commands that make just one.
  Result<HttpResponse> call(std::size_t at, const okta::Call& call);
  // The same as somebody else, whatever the status of the answer: a refusal is an answer, too.
  Result<HttpResponse> call_as(std::size_t at, okta::Call call, okta::Authorizer& authorizer);

  // Lets time pass, less if somebody wants the run to end.
  void pause(Milliseconds length);

 private:
  explicit Session(Stage& stage) : stage_(&stage) {}
  std::optional<Milliseconds> deadline() const;
  // With several orgs in a run it matters who answered, and what fails after the run's time is over did so
  // for that.
  Error told(Error error, const OrgAddress& org) const;
  void prove(const std::vector<std::size_t>& which);
  // `grace`: of requests that are on their way when the run's time is over. Writes have one, for a write that
  // is given up on may have been carried out or not.
  // `as`: instead of the credentials of the orgs; null: with these.
  void drive(const std::vector<std::size_t>& which, const std::vector<okta::Machine*>& machines,
             Milliseconds grace, okta::Authorizer* as = nullptr, okta::Witness* witness = nullptr);
  Result<HttpResponse> call_with(std::size_t at, okta::Call call, okta::Authorizer* as);

  Stage* stage_;
  Milliseconds started_{0};
  std::vector<OrgLink> links_;
  std::unique_ptr<Transport> transport_;
};

}  // namespace zonepin
