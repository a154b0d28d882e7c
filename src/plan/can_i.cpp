#include "plan/can_i.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <tuple>
#include <unordered_map>

#include "base/text.h"
#include "plan/reach.h"

namespace zonepin {

namespace {

// The admissions at one time, for each of the sets that were asked for.
class Moment {
 public:
  Moment(const std::vector<Zone>& zones, const std::vector<Asked>& asked,
         const std::set<std::string>& overridden)
      : reaches_(zones) {
    for (const Asked& one : asked)
      books_.push_back(std::make_unique<AdmissionBook>(reaches_, zones, one.addresses, overridden));
  }

  Standpoint standpoint_of(const std::optional<NetworkCondition>& condition) {
    Standpoint standpoint;
    standpoint.condition = condition;
    for (const auto& book : books_) standpoint.admissions.push_back(book->admission_of(condition));
    return standpoint;
  }

  void add_assumed(std::set<std::string>& assumed) const {
    for (const auto& book : books_) assumed.insert(book->assumed().begin(), book->assumed().end());
  }

 private:
  ReachBook reaches_;
  std::vector<std::unique_ptr<AdmissionBook>> books_;
};

Standpoint revoked_standpoint(const std::vector<Asked>& asked, const std::string& reason) {
  Standpoint standpoint;
  standpoint.revoked = reason;
  for (const Asked& one : asked) {
    Admission admission;
    admission.denied = one.addresses;
    admission.grounds = {{GroundKind::revoked,
                          Verdict::denied,
                          {},
                          {},
                          {},
                          "the token is to be revoked" + (reason.empty() ? "" : ": " + escape(reason))}};
    standpoint.admissions.push_back(std::move(admission));
  }
  return standpoint;
}

class Answering {
 public:
  Answering(const Live& live, const CanIQuestion& question)
      : live_(live), question_(question), now_(live.zones, question.asked, {}) {
    if (question.zones) {
      planned_ = std::make_unique<Moment>(question.zones->zones, question.asked, question.zones->overridden);
    }
    if (question.plan == nullptr) return;
    for (const Change& change : question.plan->changes) {
      if (is_action(change.status)) actions_.emplace(change.id, &change);
    }
  }

  OrgAnswer answer() {
    OrgAnswer answer;
    answer.host = live_.host;
    answer.zones = live_.zones;
    if (question_.has_after()) answer.after.emplace();
    for (const Token& token : live_.tokens) {
      if (!question_.token_id.empty() && token.id != question_.token_id) continue;
      add(token, answer);
    }
    std::sort(answer.tokens.begin(), answer.tokens.end(),
              [](const TokenAnswer& a, const TokenAnswer& b) { return rank(a) < rank(b); });
    now_.add_assumed(assumed_);
    if (planned_) planned_->add_assumed(assumed_);
    answer.assumed = {assumed_.begin(), assumed_.end()};
    return answer;
  }

 private:
  static std::tuple<bool, Verdict, std::string_view, std::string_view> rank(const TokenAnswer& token) {
    return {token.verdict() != Verdict::denied, token.now.verdict(), token.name, token.id};
  }

  void add_assumed(const Standpoint& standpoint) {
    for (const Admission& admission : standpoint.admissions)
      assumed_.insert(admission.assumed.begin(), admission.assumed.end());
  }

  void add(const Token& token, OrgAnswer& answer) {
    TokenAnswer one{token.id, token.name, now_.standpoint_of(token.network), {}};
    answer.now.add(one.now.verdict());
    add_assumed(one.now);
    if (question_.has_after()) {
      one.after = after(token);
      answer.after->add(one.after->verdict());
      add_assumed(*one.after);
    }
    if (!question_.token_id.empty() || one.verdict() != Verdict::allowed)
      answer.tokens.push_back(std::move(one));
  }

  Standpoint after(const Token& token) {
    const auto action = actions_.find(token.id);
    const Change* change = action == actions_.end() ? nullptr : action->second;
    if (change != nullptr && change->status == Status::revoke)
      return revoked_standpoint(question_.asked, change->reason);
    Moment& then = planned_ ? *planned_ : now_;
    return then.standpoint_of(change != nullptr && change->after ? change->after->network : token.network);
  }

  const Live& live_;
  const CanIQuestion& question_;
  Moment now_;
  std::unique_ptr<Moment> planned_;  // none: the zones stay as they are
  std::unordered_map<std::string_view, const Change*> actions_;
  std::set<std::string> assumed_;
};

}  // namespace

Result<bool> override_zone(const ZoneOverride& edit, PlannedZones& planned) {
  std::vector<Zone*> found;
  for (Zone& zone : planned.zones) {
    if (zone.id == edit.zone) {
      found = {&zone};
      break;
    }
    if (zone.name == edit.zone) found.push_back(&zone);
  }
  if (found.empty()) return false;
  if (found.size() > 1) {
    std::vector<std::string> ids;
    for (const Zone* zone : found) ids.push_back(escape(zone->id));
    std::sort(ids.begin(), ids.end());
    return fail(Trouble::usage, "several network zones are named " + in_quotes(edit.zone),
                "write the id instead: " + join(ids, ", "));
  }
  Zone& zone = *found.front();
  if (!planned.overridden.insert(zone.id).second) {
    return fail(Trouble::usage,
                "network zone " + in_quotes(zone.name) + " (" + escape(zone.id) + ") is overridden twice",
                "say once all that it would hold");
  }
  zone.type = "IP";
  zone.gateways.clear();
  for (const std::string& gateway : edit.gateways)
    zone.gateways.push_back({gateway.find('/') == std::string::npos ? "RANGE" : "CIDR", gateway});
  return true;
}

Verdict Standpoint::verdict() const {
  Verdict worst = Verdict::allowed;
  for (const Admission& admission : admissions) worst = std::max(worst, admission.verdict());
  return worst;
}

void VerdictCounts::add(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed: ++allowed; break;
    case Verdict::unknown: ++unknown; break;
    case Verdict::denied: ++denied; break;
  }
}

Verdict OrgAnswer::verdict() const {
  const VerdictCounts& counts = after ? *after : now;
  if (counts.denied > 0) return Verdict::denied;
  return counts.unknown > 0 ? Verdict::unknown : Verdict::allowed;
}

OrgAnswer answer_of(const Live& live, const CanIQuestion& question) {
  return Answering(live, question).answer();
}

}  // namespace zonepin
