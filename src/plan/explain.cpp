#include "plan/explain.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/match.h"
#include "plan/claims.h"
#include "plan/decide.h"
#include "plan/make_plan.h"

namespace zonepin {

namespace {

class Explainer {
 public:
  Explainer(const Desired& desired, const Live& live, Instant now, const Sources& sources,
            const OrgPlan& plan)
      : desired_(desired),
        live_(live),
        now_(now),
        sources_(sources),
        plan_(plan),
        zones_(live.zones, desired.zones),
        claims_(claims_of(desired, live, now)),
        decider_(desired, claims_, zones_, now, sources, diagnostics_) {}

  Explanation of_token(std::size_t at) const {
    Explanation explanation = of_change(change_of(live_.tokens[at].id));
    explanation.token = live_.tokens[at];
    explanation.owner_login = live_.users.login_of(live_.tokens[at].user_id);
    const Decision decision = decider_.decision_for(at);
    const Claim& claim = claims_.tokens[at];
    for (const std::size_t index : claim.by_id) add_entry(index, "entry by id", true, decision, explanation);
    for (const std::size_t index : claim.by_name)
      add_entry(index, "entry by name", claim.by_id.empty(), decision, explanation);
    const bool entries = !claim.by_id.empty() || !claim.by_name.empty();
    for (const std::size_t index : claim.by_rule) add_rule(index, entries, decision, explanation);
    for (const std::size_t index : claim.in_doubt) {
      explanation.voices.push_back(
          rule_voice(index, Say::in_doubt, "its owner's login or its clientName is not known"));
    }
    add_rules_out_of_scope(live_.tokens[at], claim, explanation);
    add_default(decision, explanation);
    std::stable_sort(explanation.voices.begin(), explanation.voices.end(),
                     [](const Voice& a, const Voice& b) { return a.say < b.say; });
    add_settings(live_.tokens[at], decision, explanation);
    explanation.advice = advice_on(live_.tokens[at], decision);
    return explanation;
  }

  Explanation of_absent(const Change& change, std::size_t entry) const {
    Explanation explanation = of_change(change);
    Voice voice = entry_voice(entry, desired_.tokens[entry].id.empty() ? "entry by name" : "entry by id");
    voice.say = Say::decides;
    voice.why = "no live token fits it";
    explanation.voices.push_back(std::move(voice));
    if (change.status == Status::missing) {
      explanation.advice.push_back(
          "take the entry out if the token is gone for good, or correct its id, name or owner");
    }
    if (change.status == Status::gone)
      explanation.advice.push_back("nothing: it is done; the entry may stay as a record");
    return explanation;
  }

  const Change& change_of(const std::string& id) const {
    return *std::find_if(plan_.changes.begin(), plan_.changes.end(),
                         [&](const Change& change) { return change.id == id && change.before; });
  }

 private:
  Explanation of_change(const Change& change) const {
    Explanation explanation;
    explanation.host = plan_.host;
    explanation.change = change;
    explanation.zones = plan_.zones;
    for (const Finding& finding : plan_.findings) {
      const bool same_place = finding.token_id.empty() && finding.source && finding.source == change.source;
      if ((!change.id.empty() && finding.token_id == change.id) || same_place)
        explanation.findings.push_back(finding);
    }
    for (const Guard& guard : plan_.guards) {
      if (std::binary_search(guard.token_ids.begin(), guard.token_ids.end(), change.id))
        explanation.guards.push_back(guard);
    }
    return explanation;
  }

  Voice entry_voice(std::size_t index, std::string what) const {
    const DesiredToken& entry = desired_.tokens[index];
    Voice voice;
    voice.what = std::move(what);
    voice.source = source_of(entry.place, sources_);
    voice.network = decider_.entry_network(index);
    if (entry.revoked) voice.reason = entry.revoked->reason;
    return voice;
  }

  Voice rule_voice(std::size_t index, Say say, std::string why) const {
    const Rule& rule = desired_.rules[index];
    Voice voice{"rule",         source_of(rule.place, sources_), say,
                std::move(why), decider_.rule_network(index),    {}};
    if (rule.revoked) voice.reason = rule.revoked->reason;
    return voice;
  }

  void add_entry(std::size_t index, const char* what, bool first, const Decision& decision,
                 Explanation& explanation) const {
    Voice voice = entry_voice(index, what);
    const bool undecided = decision.wish == Wish::conflict || decision.wish == Wish::ambiguous;
    voice.say = !first ? Say::overruled : undecided ? Say::undecided : Say::decides;
    if (!first) voice.why = "an entry by id comes first";
    explanation.voices.push_back(std::move(voice));
  }

  void add_rule(std::size_t index, bool entries, const Decision& decision, Explanation& explanation) const {
    if (entries) {
      return explanation.voices.push_back(
          rule_voice(index, Say::overruled, "an entry comes before any rule"));
    }
    if (decision.wish == Wish::conflict)
      return explanation.voices.push_back(rule_voice(index, Say::undecided, {}));
    const Rule& rule = desired_.rules[index];
    if (rule.place == decision.place)
      return explanation.voices.push_back(rule_voice(index, Say::decides, {}));
    std::string why = "it wants the same as the rule that decides";
    if (decision.wish == Wish::ignore && !rule.ignore) why = "a rule with `ignore` comes before all others";
    if (decision.revocation != nullptr && rule.network)
      why = "a rule that revokes comes before one with a network";
    if (decision.revocation != nullptr && rule.revoked)
      why = "another rule revokes it, earlier or for the first reason";
    explanation.voices.push_back(rule_voice(index, Say::overruled, std::move(why)));
  }

  void add_rules_out_of_scope(const Token& token, const Claim& claim, Explanation& explanation) const {
    for (std::size_t index = 0; index < desired_.rules.size(); ++index) {
      const Rule& rule = desired_.rules[index];
      const bool known = std::binary_search(claim.by_rule.begin(), claim.by_rule.end(), index) ||
                         std::binary_search(claim.in_doubt.begin(), claim.in_doubt.end(), index);
      if (known || !rule.scope || !matches(rule.match, token, live_.users, now_)) continue;
      explanation.voices.push_back(
          rule_voice(index, Say::out_of_scope, "the token lies outside of the scope of its document"));
    }
  }

  void add_default(const Decision& decision, Explanation& explanation) const {
    if (!desired_.default_network) return;
    const bool decides = decision.wish == Wish::network && decision.place == desired_.default_network->place;
    Voice voice{
        "default",
        source_of(desired_.default_network->place, sources_),
        decides ? Say::decides : Say::overruled,
        decides ? "no entry and no rule speaks of it" : "it is for tokens that nothing else speaks of",
        decider_.default_network(),
        {}};
    explanation.voices.push_back(std::move(voice));
  }

  void add_settings(const Token& token, const Decision& decision, Explanation& explanation) const {
    std::set<std::string> names;
    if (decision.network) {
      for (const auto* list : {&decision.network->include, &decision.network->exclude}) {
        for (const std::string& id : *list) {
          const Zone* zone = zones_.by_id(id);
          names.insert(zone == nullptr ? id : zone->name);
          if (zone != nullptr) explanation.zones.emplace(id, *zone);
        }
      }
    }
    for (const ZonePin& pin : desired_.zones) {
      if (names.count(pin.name) != 0) explanation.pins.push_back(pin);
    }
    for (const Ack& ack : desired_.acks) {
      if (ack.token_id == token.id) explanation.acks.push_back(ack);
    }
    for (const Waiver& waiver : desired_.waivers) {
      if (matches(waiver.match, token, live_.users, now_)) explanation.waivers.push_back(waiver);
    }
  }

  std::vector<std::string> advice_on(const Token& token, const Decision& decision) const {
    const std::string by_id = "an entry `id: " + token.id + "` in tokens comes before ";
    switch (decision.wish) {
      case Wish::nothing:
        return {
            "declare it: an entry by name or by id, a rule that matches it, or a `default`; until then it is "
            "never written"};
      case Wish::ambiguous: return {by_id + "entries by name", "an `owner` in the entry may leave one token"};
      case Wish::conflict: return advice_on_conflict(token, decision);
      case Wish::network:
      case Wish::revoke:
      case Wish::wait:
      case Wish::ignore: break;
    }
    std::vector<std::string> advice;
    const Claim& claim = claim_of(token);
    advice.push_back("edit " + decider_.where(decision.place));
    if (claim.by_id.empty()) {
      advice.push_back(by_id + (!claim.by_name.empty()  ? "one by name"
                                : claim.by_rule.empty() ? "the default"
                                                        : "every rule"));
    }
    return advice;
  }

  // Two entries by its id, or one that does not fit it, can't be overruled.
  std::vector<std::string> advice_on_conflict(const Token& token, const Decision& decision) const {
    const Claim& claim = claim_of(token);
    if (claim.by_id.size() > 1) return {"keep one of the entries by its id"};
    if (claim.by_id.size() == 1) return {"edit " + decider_.where(decision.place)};
    return {"an entry `id: " + token.id + "` in tokens comes before any entry by name and any rule"};
  }

  const Claim& claim_of(const Token& token) const {
    return claims_.tokens[static_cast<std::size_t>(&token - live_.tokens.data())];
  }

  const Desired& desired_;
  const Live& live_;
  Instant now_;
  const Sources& sources_;
  const OrgPlan& plan_;
  Diagnostics diagnostics_;  // of the plan, which was made without an error
  ZoneBook zones_;
  Claims claims_;
  Decider decider_;
};

}  // namespace

std::string_view to_string(Say say) {
  switch (say) {
    case Say::decides: return "decides";
    case Say::overruled: return "overruled";
    case Say::undecided: return "undecided";
    case Say::in_doubt: return "in-doubt";
    case Say::out_of_scope: return "out-of-scope";
  }
  return "";
}

std::vector<Explanation> explain(const std::string& subject, const Desired& desired, const Live& live,
                                 Instant now, const Sources& sources, const OrgPlan& plan) {
  const Desired sorted = in_order(desired, sources);
  const Explainer explainer(sorted, live, now, sources, plan);
  std::vector<Explanation> explanations;
  for (std::size_t at = 0; at < live.tokens.size(); ++at) {
    const Token& token = live.tokens[at];
    // An id wins: nobody can hide a token behind the name of another.
    if (token.id == subject) return {explainer.of_token(at)};
    if (token.name == subject) explanations.push_back(explainer.of_token(at));
  }
  for (const Change& change : plan.changes) {
    if (change.before || (change.id != subject && change.name != subject)) continue;
    for (std::size_t index = 0; index < sorted.tokens.size(); ++index) {
      const DesiredToken& entry = sorted.tokens[index];
      if (entry.id == change.id && entry.name == change.name &&
          source_of(entry.place, sources) == change.source)
        explanations.push_back(explainer.of_absent(change, index));
    }
  }
  return explanations;
}

}  // namespace zonepin
