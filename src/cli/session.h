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

// One org as a run reaches it.
struct OrgLink {
  OrgAddress org;
  okta::CredentialKind kind = okta::CredentialKind::ssws;
  std::string variable;                    // that the credential came from
  std::vector<std::string> chosen_scopes;  // by OKTA_API_SCOPES; empty: those that the run needs
  std::unique_ptr<okta::Authorizer> authorizer;
  std::unique_ptr<okta::Governor> governor;
};

// Who names an org: a manifest can never choose where a credential goes.
struct OrgNamed {
  OrgAddress org;
  std::string by_manifest;  // "file:line" where only a manifest names it; empty: the command line or the
                            // environment does
};

class Session {
 public:
  // Finds a credential for every org before any connection is made. An org of a manifest without one is
  // Trouble::stale, one of the command line or environment Trouble::usage.
  static Result<Session> open(Stage& stage, const std::vector<OrgNamed>& orgs, okta::Access access);

  std::size_t size() const { return links_.size(); }
  const OrgLink& link(std::size_t at) const { return links_[at]; }

  // Reads all orgs (or those of `which`, indices into them) side by side; results beside `which`.
  std::vector<Result<okta::Reading>> read(const std::vector<std::size_t>& which,
                                          const std::vector<okta::ReadWants>& wants);

  // One engine per org, side by side.
  std::unique_ptr<Engine> engine_for(std::size_t at, const OrgPlan& plan, const Binding& binding,
                                     const Live& live);
  void carry_out(const std::vector<std::size_t>& which, const std::vector<Engine*>& engines);

  // One call, for commands that make just one.
  Result<HttpResponse> call(std::size_t at, okta::Call call);

 private:
  explicit Session(Stage& stage) : stage_(&stage) {}
  std::optional<Milliseconds> deadline() const;
  // With several orgs in a run it matters who answered, and what fails after the run's time is over did so
  // for that.
  Error told(Error error, const OrgAddress& org) const;
  // `grace`: of requests that are on their way when the run's time is over. Writes have one, for a write that
  // is given up on may have been carried out or not.
  void drive(const std::vector<std::size_t>& which, const std::vector<okta::Machine*>& machines,
             Milliseconds grace);

  Stage* stage_;
  Milliseconds started_{0};
  std::vector<OrgLink> links_;
  std::unique_ptr<Transport> transport_;
};

}  // namespace zonepin
