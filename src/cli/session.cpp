#include "cli/session.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/ensure.h"
#include "base/text.h"
#include "cli/discreet.h"
#include "cli/targets.h"
#include "okta/refusal.h"

namespace zonepin {

namespace {

// A single call as a machine.
class OneCall : public okta::Machine {
 public:
  OneCall(okta::Call call, okta::Governor& governor, std::uint64_t seed, std::optional<Milliseconds> deadline)
      : lane_(governor, seed, deadline) {
    lane_.submit(std::move(call));
  }
  okta::Lane& lane() override { return lane_; }
  void advance(Milliseconds) override {
    for (okta::Ended& ended : lane_.take_ended()) ended_ = std::move(ended);
  }
  bool finished() const override { return ended_.has_value(); }
  void interrupt() override { lane_.stop(); }
  const okta::Ended& ended() const { return *ended_; }

 private:
  okta::Lane lane_;
  std::optional<okta::Ended> ended_;
};

// Variables without a suffix speak for the environment's org; where it names none, for the only one on the
// command line.
Result<okta::PlainVariables> plain_variables_for(const OrgAddress& org, Stage& stage) {
  const auto of_environment = okta::org_of_environment(stage.world().environment, stage.world().files);
  if (!of_environment) return fail(of_environment.error());
  if (*of_environment) {
    return **of_environment == org ? okta::PlainVariables::belong : okta::PlainVariables::belong_elsewhere;
  }
  if (stage.options().orgs.empty()) return okta::PlainVariables::belong_elsewhere;
  const auto named = orgs_named(stage);
  if (!named) return fail(named.error());
  return named->size() == 1 && named->front() == org ? okta::PlainVariables::belong
                                                     : okta::PlainVariables::belong_elsewhere;
}

Error no_credential(const OrgNamed& named, Stage& stage) {
  const std::string suffix = "__" + environment_suffix(named.org);
  const auto others = okta::plain_credential_variables(stage.world().environment);
  std::string message = "there is no credential for " + named.org.authority();
  if (!named.by_manifest.empty()) message += ", which " + named.by_manifest + " names";
  if (!others.empty()) message += ": " + join(others, ", ") + " belongs to another org";
  const std::string mend =
      "set OKTA_API_TOKEN" + suffix + ", or name this org with --org or OKTA_ORG_NAME beside OKTA_API_TOKEN";
  const bool foreign = !named.by_manifest.empty() || !others.empty();
  return {foreign ? Trouble::stale : Trouble::usage, message, mend};
}

// Two hosts whose variables would have the same name can't be told apart.
Result<void> check_suffixes(const std::vector<OrgNamed>& orgs) {
  std::map<std::string, std::string> hosts;
  for (const OrgNamed& named : orgs) {
    const auto [at, fresh] = hosts.emplace(environment_suffix(named.org), named.org.authority());
    if (fresh || at->second == named.org.authority()) continue;
    return fail(Trouble::usage,
                at->second + " and " + named.org.authority() +
                    " would take their credentials from variables of one name (…__" + at->first + ")",
                "run them one by one");
  }
  return {};
}

TransportOptions transport_options(const Options& options) {
  TransportOptions transport;
  transport.ca_file = options.ca_file;
  transport.max_connections = std::max<std::size_t>(options.parallelism, 4);
  transport.user_agent = "zonepin/" ZONEPIN_VERSION;
  if (options.timeout) transport.total_timeout = std::min(transport.total_timeout, *options.timeout);
  return transport;
}

}  // namespace

Result<Session> Session::open(Stage& stage, const std::vector<OrgNamed>& orgs, okta::Access access) {
  Session session(stage);
  session.started_ = stage.world().clock.steady();
  if (auto distinct = check_suffixes(orgs); !distinct) return fail(distinct.error());
  for (const OrgNamed& named : orgs) {
    const auto plain = plain_variables_for(named.org, stage);
    if (!plain) return fail(plain.error());
    auto credential = okta::credential_for(named.org, *plain, stage.world().environment, stage.world().files);
    if (!credential) return fail(credential.error());
    if (!*credential) return fail(no_credential(named, stage));
    OrgLink link;
    link.org = named.org;
    link.kind = (*credential)->kind;
    link.variable = (*credential)->variable;
    link.chosen_scopes = (*credential)->scopes;
    stage.hide((*credential)->secret);
    auto authorizer =
        okta::authorizer_for(**credential, named.org, access, stage.world().clock, stage.world().random);
    if (!authorizer) return fail(authorizer.error());
    link.authorizer = std::move(*authorizer);
    link.authorizer->tell_secrets([&stage](const Secret& secret) { stage.hide(secret); });
    link.governor = std::make_unique<okta::Governor>(
        okta::PacePolicy{stage.options().budget_percent, stage.options().parallelism});
    session.links_.push_back(std::move(link));
  }
  auto transport = stage.world().network.open(transport_options(stage.options()));
  if (!transport) return fail(transport.error());
  session.transport_ = discreet_transport(std::move(*transport), stage);
  return session;
}

std::optional<Milliseconds> Session::deadline() const {
  const auto timeout = stage_->options().timeout;
  return timeout ? std::optional<Milliseconds>(started_ + *timeout) : std::nullopt;
}

Error Session::told(Error error, const OrgAddress& org) const {
  if (error.message.find(org.authority()) == std::string::npos)
    error.message = org.authority() + ": " + error.message;
  const auto end = deadline();
  if (end && stage_->world().clock.steady() >= *end && error.trouble == Trouble::failure) {
    error.trouble = Trouble::unfinished;
    error.mend = "the time of this run is over (--timeout): run it again, or give it more";
  }
  return error;
}

void Session::drive(const std::vector<std::size_t>& which, const std::vector<okta::Machine*>& machines,
                    Milliseconds grace) {
  ensure(which.size() == machines.size(), "one machine per org");
  std::vector<okta::Job> jobs;
  for (std::size_t at = 0; at < which.size(); ++at) {
    OrgLink& link = links_[which[at]];
    jobs.push_back({machines[at], link.org, link.authorizer.get(), link.governor.get(),
                    stage_->world().random.next(), deadline(), grace});
  }
  World& world = stage_->world();
  DiscreetLog log(*stage_);
  okta::Doors doors{world.clock, world.interrupt, log, *transport_, {}};
  okta::drive(jobs, doors);
}

std::vector<Result<okta::Reading>> Session::read(const std::vector<std::size_t>& which,
                                                 const std::vector<okta::ReadWants>& wants) {
  std::vector<std::unique_ptr<okta::Reader>> readers;
  std::vector<okta::Machine*> machines;
  for (std::size_t at = 0; at < which.size(); ++at) {
    OrgLink& link = links_[which[at]];
    readers.push_back(std::make_unique<okta::Reader>(link.org, wants[at], *link.governor,
                                                     stage_->world().random.next(), deadline()));
    machines.push_back(readers.back().get());
  }
  drive(which, machines, Milliseconds(0));
  std::vector<Result<okta::Reading>> readings;
  // What is in flight gets its time, so all may have been read after a signal all the same: nobody waits for
  // it any more.
  const bool interrupted = stage_->world().interrupt.requested();
  for (std::size_t at = 0; at < readers.size(); ++at) {
    Result<okta::Reading> reading = readers[at]->take();
    if (!reading) reading = fail(told(reading.error(), links_[which[at]].org));
    if (interrupted && reading) {
      reading = fail(Trouble::interrupted, "interrupted while reading " + links_[which[at]].org.authority(),
                     "nothing was written");
    }
    readings.push_back(std::move(reading));
  }
  return readings;
}

std::unique_ptr<Engine> Session::engine_for(std::size_t at, const OrgPlan& plan, const Binding& binding,
                                            const Live& live) {
  const ApplyPolicy policy{stage_->options().parallelism, stage_->options().max_failures};
  OrgLink& link = links_[at];
  return std::make_unique<Engine>(plan, binding, live, link.org, policy, *link.governor,
                                  stage_->world().random.next(), deadline());
}

void Session::carry_out(const std::vector<std::size_t>& which, const std::vector<Engine*>& engines) {
  drive(which, {engines.begin(), engines.end()}, okta::kGrace);
}

Result<HttpResponse> Session::call(std::size_t at, okta::Call call) {
  const Milliseconds grace = okta::is_write(call.operation) ? okta::kGrace : Milliseconds(0);
  OneCall machine(std::move(call), *links_[at].governor, stage_->world().random.next(), deadline());
  drive({at}, {&machine}, grace);
  const okta::Ended& ended = machine.ended();
  const std::string authority = links_[at].org.authority();
  if (ended.no_authorization) return fail(*ended.no_authorization);
  if (ended.error) return fail(told(okta::explain(ended.call, *ended.error, authority), links_[at].org));
  if (!ended.response) {
    const bool interrupted = stage_->world().interrupt.requested();
    return fail(
        interrupted ? Trouble::interrupted : Trouble::unfinished,
        "could not " + okta::describe(ended.call) + ": " + (interrupted ? "interrupted" : "the time ran out"),
        "nothing was sent; run it again");
  }
  if (ended.response->status < 200 || ended.response->status >= 300) {
    return fail(okta::explain(ended.call, okta::refusal_of(*ended.response), authority));
  }
  return *ended.response;
}

}  // namespace zonepin
