#include "cli/session.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "base/ensure.h"
#include "base/text.h"
#include "cli/discreet.h"
#include "cli/targets.h"
#include "okta/codec.h"
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

// Sends no credential.
class Nobody : public okta::Authorizer {
 public:
  Result<Secret> authorize(HttpRequest&) override { return Secret(); }
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

// Every org that is under way gets the connections that it may use, so that one that hangs takes none from
// the others; descriptors have an end.
std::size_t connections_for(std::size_t orgs, std::size_t parallelism) {
  constexpr std::size_t kMostConnections = 256;
  const std::size_t each = std::max<std::size_t>(parallelism, 4);
  return std::clamp(std::min(orgs, okta::kMostAtOnce) * each, each, kMostConnections);
}

TransportOptions transport_options(const Options& options, std::size_t orgs) {
  TransportOptions transport;
  transport.ca_file = options.ca_file;
  transport.max_connections = connections_for(orgs, options.parallelism);
  transport.user_agent = "zonepin/" ZONEPIN_VERSION;
  if (options.timeout) transport.total_timeout = std::min(transport.total_timeout, *options.timeout);
  return transport;
}

// Gives the link its credential.
Result<void> equip(OrgLink& link, Stage& stage, okta::Access access) {
  World& world = stage.world();
  const auto plain = plain_variables_for(link.org, stage);
  if (!plain) return fail(plain.error());
  std::optional<okta::ClientId> client;
  if (!link.named.client_id.empty()) client = okta::ClientId{link.named.client_id, link.named.place};
  auto credential = okta::credential_for(link.org, *plain, world.environment, world.files, client);
  if (!credential) return fail(credential.error());
  if (!*credential) return fail(no_credential(link.named, stage));
  link.kind = (*credential)->kind;
  link.variable = (*credential)->variable;
  link.chosen_scopes = (*credential)->scopes;
  stage.hide((*credential)->secret);
  auto authorizer = okta::authorizer_for(**credential, link.org, access, world.clock, world.random);
  if (!authorizer) return fail(authorizer.error());
  link.authorizer = std::move(*authorizer);
  link.client_id = (*credential)->client_id;
  link.secret = std::move((*credential)->secret);
  link.authorizer->tell_secrets([&stage](const Secret& secret) { stage.hide(secret); });
  link.governor = std::make_unique<okta::Governor>(
      okta::PacePolicy{stage.options().budget_percent, stage.options().parallelism});
  return {};
}

// Whether the org is the one that it must be, from what it answered when it was asked.
Result<void> check_org_id(const OrgNamed& named, const okta::Ended& ended) {
  const std::string authority = named.org.authority();
  const std::string must = named.place + " says that it is " + escape(named.org_id);
  if (ended.error) return fail(okta::explain(ended.call, *ended.error, authority));
  if (!ended.response) {
    return fail(Trouble::unfinished, "could not ask " + authority + " which org it is: the time ran out",
                "no credential was sent there; run it again");
  }
  const int status = ended.response->status;
  if (status != 200) {
    Error error = okta::explain(ended.call, okta::refusal_of(*ended.response), authority);
    if (status >= 400 && status < 500 && status != 429) {
      error.trouble = Trouble::failure;
      error.mend = "it is asked because " + must + "; an Okta org answers this to everybody";
    }
    return fail(std::move(error));
  }
  const auto id = okta::decode_org_id(ended.response->body);
  if (!id) return fail(id.error().trouble, id.error().message + "; " + must, id.error().mend);
  if (*id == named.org_id) return {};
  return fail(Trouble::stale,
              authority + " is another org: it answers as " + escape_cut(*id, 64) + ", and " + must,
              "no credential was sent there: check the host, or correct the org_id");
}

}  // namespace

Result<Session> Session::open_each(Stage& stage, const std::vector<OrgNamed>& orgs, okta::Access access) {
  Session session(stage);
  session.started_ = stage.world().clock.steady();
  if (auto distinct = check_suffixes(orgs); !distinct) return fail(distinct.error());
  for (const OrgNamed& named : orgs) {
    OrgLink link;
    link.named = named;
    link.org = named.org;
    link.is_proven = named.org_id.empty();
    if (auto equipped = equip(link, stage, access); !equipped) link.trouble = equipped.error();
    session.links_.push_back(std::move(link));
  }
  auto transport = stage.world().network.open(transport_options(stage.options(), orgs.size()));
  if (!transport) return fail(transport.error());
  session.transport_ = discreet_transport(std::move(*transport), stage);
  return session;
}

Result<Session> Session::open(Stage& stage, const std::vector<OrgNamed>& orgs, okta::Access access) {
  auto session = open_each(stage, orgs, access);
  if (!session) return session;
  for (const OrgLink& link : session->links_) {
    if (link.trouble) return fail(*link.trouble);
  }
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
                    Milliseconds grace, okta::Authorizer* as, okta::Witness* witness) {
  ensure(which.size() == machines.size(), "one machine per org");
  std::vector<okta::Job> jobs;
  for (std::size_t at = 0; at < which.size(); ++at) {
    OrgLink& link = links_[which[at]];
    okta::Authorizer* authorizer = as == nullptr ? link.authorizer.get() : as;
    jobs.push_back({machines[at], link.org, authorizer, link.governor.get(), stage_->world().random.next(),
                    deadline(), grace});
  }
  World& world = stage_->world();
  DiscreetLog log(*stage_);
  okta::Doors doors{world.clock, world.interrupt, log, *transport_, witness};
  okta::drive(jobs, doors);
}

void Session::prove(const std::vector<std::size_t>& which) {
  // What this answer says of a rate limit is of another window than the org's: a governor for it alone.
  std::deque<okta::Governor> governors;
  std::vector<std::unique_ptr<OneCall>> calls;
  std::vector<okta::Machine*> machines;
  std::vector<std::size_t> asked;
  for (const std::size_t at : which) {
    if (links_[at].trouble || links_[at].is_proven) continue;
    governors.emplace_back(okta::PacePolicy{100, 1});
    calls.push_back(std::make_unique<OneCall>(okta::Call{okta::Operation::get_org, {}, {}, {}},
                                              governors.back(), stage_->world().random.next(), deadline()));
    machines.push_back(calls.back().get());
    asked.push_back(at);
  }
  if (asked.empty()) return;
  Nobody nobody;
  drive(asked, machines, Milliseconds(0), &nobody);
  for (std::size_t at = 0; at < asked.size(); ++at) {
    OrgLink& link = links_[asked[at]];
    auto checked = check_org_id(link.named, calls[at]->ended());
    if (!checked) link.trouble = told(checked.error(), link.org);
    if (link.trouble && stage_->world().interrupt.requested()) {
      link.trouble = Error{Trouble::interrupted, "interrupted while reading " + link.org.authority(),
                           "nothing was written"};
    }
    link.is_proven = !link.trouble;
  }
}

std::vector<Result<okta::Reading>> Session::read(const std::vector<std::size_t>& which,
                                                 const std::vector<okta::ReadWants>& wants) {
  prove(which);
  std::vector<std::unique_ptr<okta::Reader>> readers;  // beside `which`; null where nothing is asked
  std::vector<okta::Machine*> machines;
  std::vector<std::size_t> asked;
  for (std::size_t at = 0; at < which.size(); ++at) {
    OrgLink& link = links_[which[at]];
    readers.push_back(nullptr);
    if (link.trouble) continue;
    okta::ReadWants these = wants[at];
    these.self = these.self && link.kind == okta::CredentialKind::ssws;  // no other credential is a token
    readers.back() = std::make_unique<okta::Reader>(link.org, std::move(these), *link.governor,
                                                    stage_->world().random.next(), deadline());
    machines.push_back(readers.back().get());
    asked.push_back(which[at]);
  }
  if (!asked.empty()) drive(asked, machines, Milliseconds(0));
  std::vector<Result<okta::Reading>> readings;
  // What is in flight gets its time, so all may have been read after a signal all the same: nobody waits for
  // it any more.
  const bool interrupted = stage_->world().interrupt.requested();
  for (std::size_t at = 0; at < readers.size(); ++at) {
    if (!readers[at]) {
      readings.push_back(fail(*links_[which[at]].trouble));
      continue;
    }
    Result<okta::Reading> reading = readers[at]->take();
    readers[at].reset();
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
  const ApplyPolicy policy{stage_->options().parallelism, stage_->options().max_failures,
                           stage_->options().recheck};
  OrgLink& link = links_[at];
  return std::make_unique<Engine>(plan, binding, live, link.org, policy, *link.governor,
                                  stage_->world().random.next(), deadline());
}

void Session::carry_out(const std::vector<std::size_t>& which, const std::vector<Engine*>& engines,
                        okta::Witness& witness) {
  drive(which, {engines.begin(), engines.end()}, okta::kGrace, nullptr, &witness);
}

Result<HttpResponse> Session::call(std::size_t at, const okta::Call& call) {
  auto response = call_with(at, call, nullptr);
  if (!response || (response->status >= 200 && response->status < 300)) return response;
  return fail(okta::explain(call, okta::refusal_of(*response), links_[at].org.authority()));
}

Result<HttpResponse> Session::call_as(std::size_t at, okta::Call call, okta::Authorizer& authorizer) {
  return call_with(at, std::move(call), &authorizer);
}

void Session::pause(Milliseconds length) {
  const Milliseconds until = stage_->world().clock.steady() + length;
  transport_->wait(deadline() ? std::min(until, *deadline()) : until);
}

Result<HttpResponse> Session::call_with(std::size_t at, okta::Call call, okta::Authorizer* as) {
  const Milliseconds grace = okta::is_write(call.operation) ? okta::kGrace : Milliseconds(0);
  OneCall machine(std::move(call), *links_[at].governor, stage_->world().random.next(), deadline());
  drive({at}, {&machine}, grace, as);
  const okta::Ended& ended = machine.ended();
  const std::string authority = links_[at].org.authority();
  if (ended.withheld) return fail(*ended.withheld);
  if (ended.error) return fail(told(okta::explain(ended.call, *ended.error, authority), links_[at].org));
  if (!ended.response) {
    const bool interrupted = stage_->world().interrupt.requested();
    return fail(
        interrupted ? Trouble::interrupted : Trouble::unfinished,
        "could not " + okta::describe(ended.call) + ": " + (interrupted ? "interrupted" : "the time ran out"),
        "nothing was sent; run it again");
  }
  return *ended.response;
}

}  // namespace zonepin
