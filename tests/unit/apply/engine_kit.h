// An engine on its own: a plan for a few tokens, and an Okta whose answers are scripted per token.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "apply/engine.h"
#include "okta/drive.h"
#include "plan/make_plan.h"
#include "support/fakes.h"

namespace zonepin {

inline const OrgAddress kAcme{{"https", "acme.okta.com", 443}};

// Tokens numbered from 1: `a…` is replaced (ANYWHERE to the zone corp), `l…` is loosened (corp to ANYWHERE),
// `r…` is revoked.
class Workshop {
 public:
  explicit Workshop(const std::vector<std::string>& names) {
    live_.host = "acme.okta.com";
    live_.url = "https://acme.okta.com";
    live_.zones = {{"nzocorp", "corp", "IP", "ACTIVE", "POLICY", false, {}}};
    Desired desired;
    for (const std::string& name : names) {
      Token token;
      token.id = id_of(name);
      token.name = name;
      token.user_id = "00u1";
      token.client_name = std::string(kOrdinaryClient);
      token.created = "2025-11-02T14:47:13.000Z";
      token.expires_at = "2026-01-20T00:00:00.000Z";
      token.token_window = "P30D";
      token.network = name[0] == 'l' ? NetworkCondition{"ZONE", {"nzocorp"}, {}} : anywhere();
      live_.tokens.push_back(token);
      DesiredToken entry;
      entry.id = token.id;
      if (name[0] == 'r') entry.revoked = Revocation{"SEC-1"};
      if (name[0] == 'l') entry.network = DesiredNetwork{"ANYWHERE", {}, {}, {}};
      if (name[0] == 'a') entry.network = DesiredNetwork{"ZONE", {{"corp", {}}}, {}, {}};
      desired.tokens.push_back(entry);
    }
    PlanPolicy allowed;
    allowed.allow_revoke = true;
    plan = make_plan(desired, live_, allowed, fakes.clock.now(), {}).plan;
  }

  static std::string id_of(const std::string& name) { return "00T" + name; }

  FakeWorld fakes;
  OrgPlan plan;
  ApplyPolicy policy;
  okta::Witness* witness = nullptr;
  std::optional<Milliseconds> deadline;
  // Per token: answers in order; once they are used up, the write works.
  std::map<std::string, std::deque<FakeAnswer>> script;
  Milliseconds latency{100};
  std::function<void(const Arrival&)> on_arrival;

  OrgOutcome run() {
    fakes.network.server = [this](const Arrival& arrival) { return answer(arrival); };
    auto transport = fakes.network.open({});
    okta::Governor governor({100, 64});
    const Binding binding = bind_plan(plan, live_);
    Engine engine(plan, binding, live_, kAcme, policy, governor, 5, deadline);
    okta::FixedAuthorizer authorizer("SSWS", Secret("S3CRET"));
    okta::Doors doors{fakes.clock, fakes.interrupt, fakes.log, **transport, witness};
    okta::drive({{&engine, kAcme, &authorizer, &governor, 5, deadline, okta::kGrace}}, doors);
    return engine.take();
  }

  Live& live() { return live_; }

  // What was sent for one token: `PUT GET PUT`.
  std::string sent_for(const std::string& name) const {
    std::string words;
    for (const Arrival& arrival : fakes.network.arrivals) {
      if (arrival.request.target != "/api/v1/api-tokens/" + id_of(name)) continue;
      words += (words.empty() ? "" : " ") + std::string(to_string(arrival.request.method));
    }
    return words;
  }

  const ActionOutcome& action(const OrgOutcome& outcome, const std::string& name) const {
    for (const ActionOutcome& each : outcome.actions) {
      if (plan.changes[each.change].name == name) return each;
    }
    return outcome.actions.at(outcome.actions.size());
  }

  HttpResponse shown(const std::string& name, const std::optional<NetworkCondition>& network,
                     const std::string& owner = "00u1") const {
    std::string body =
        R"({"id":")" + id_of(name) + R"(","name":")" + name + R"(","userId":")" + owner +
        R"(","clientName":"Okta API","tokenWindow":"P30D","expiresAt":"2026-01-20T00:00:00.000Z")";
    if (network) {
      body += R"(,"network":{"connection":")" + network->connection + "\"";
      if (!network->include.empty()) body += R"(,"include":["nzocorp"])";
      if (!network->exclude.empty()) body += R"(,"exclude":["nzocorp"])";
      body += "}";
    }
    return {200, {{"X-Okta-Request-Id", "Shown"}}, body + "}"};
  }
  HttpResponse before(const std::string& name) const {
    return shown(name, name[0] == 'l' ? corp() : anywhere());
  }
  HttpResponse after(const std::string& name) const {
    return shown(name, name[0] == 'l' ? anywhere() : corp());
  }
  static NetworkCondition corp() { return {"ZONE", {"nzocorp"}, {}}; }

  static HttpResponse refusal(int status, const std::string& code) {
    return {status,
            {{"X-Okta-Request-Id", "Req1"}},
            R"({"errorCode":")" + code + R"(","errorSummary":"no","errorId":"oae1","errorCauses":[]})"};
  }
  static HttpResponse gone() { return refusal(404, "E0000007"); }
  static TransportError lost(TransportFault fault = TransportFault::lost) {
    return {fault, "the line broke"};
  }

 private:
  FakeAnswer answer(const Arrival& arrival) {
    if (on_arrival) on_arrival(arrival);
    const std::string name = arrival.request.target.substr(std::string("/api/v1/api-tokens/00T").size());
    auto& answers = script[name];
    FakeAnswer given{HttpResponse{}, latency};
    if (!answers.empty()) {
      given = answers.front();
      answers.pop_front();
      if (given.latency == Milliseconds(0)) given.latency = latency;
      return given;
    }
    if (arrival.request.method == HttpMethod::delete_)
      given.what = HttpResponse{204, {{"X-Okta-Request-Id", "ReqD"}}, ""};
    if (arrival.request.method == HttpMethod::put) given.what = after(name);
    if (arrival.request.method == HttpMethod::get) given.what = before(name);
    return given;
  }

  Live live_;
};

using Answers = std::deque<FakeAnswer>;

inline Answers of(std::initializer_list<std::variant<HttpResponse, TransportError>> answers) {
  Answers made;
  for (const auto& each : answers) made.push_back({each, Milliseconds(0)});
  return made;
}

}  // namespace zonepin
