#include "plan/remarks.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "model/match.h"

namespace zonepin {

namespace {

// Looking for the nearest name costs a walk over all names: beyond this many missing tokens it is left out.
constexpr std::size_t kMaxSuggestions = 100;
// Candidates listed in one message.
constexpr std::size_t kMaxCandidates = 20;

std::string label_of(const DesiredToken& entry) {
  return entry.id.empty() ? in_quotes(entry.name) : entry.id;
}

class Remarks {
 public:
  Remarks(const Desired& desired, const Live& live, const Claims& claims, const Decider& decider,
          const Sources& sources)
      : desired_(desired), live_(live), claims_(claims), decider_(decider), sources_(sources) {}

  std::vector<Finding> all() {
    for (std::size_t index = 0; index < desired_.tokens.size(); ++index) on_ambiguity(index);
    for (std::size_t at = 0; at < live_.tokens.size(); ++at) on_shadows(at);
    for (std::size_t index = 0; index < desired_.rules.size(); ++index) on_rule(index);
    return std::move(findings_);
  }

 private:
  Finding& add(std::string rule, const char* severity, const Place& place, std::string message) {
    findings_.push_back({std::move(rule), severity, {}, std::move(message), source_of(place, sources_), {}});
    return findings_.back();
  }

  void add_on(const Rule& rule, std::string id, const char* severity, std::string message) {
    add(std::move(id), severity, rule.place, std::move(message)).subject = match_text(rule.match);
  }

  void on_ambiguity(std::size_t index) {
    const DesiredToken& entry = desired_.tokens[index];
    const auto& matches = claims_.entries[index].tokens;
    if (!entry.id.empty() || matches.size() < 2) return;
    // Where entries by id decide for all of them, this one has no say, which is said as `shadowed`.
    if (std::all_of(matches.begin(), matches.end(),
                    [&](std::size_t at) { return !claims_.tokens[at].by_id.empty(); }))
      return;
    std::vector<std::string> candidates;
    for (const std::size_t at : matches) candidates.push_back(describe(live_.tokens[at]));
    std::sort(candidates.begin(), candidates.end());
    if (candidates.size() > kMaxCandidates) {
      const std::size_t more = candidates.size() - kMaxCandidates;
      candidates.resize(kMaxCandidates);
      candidates.push_back(std::to_string(more) + " more");
    }
    Finding& finding = add("ambiguous", "error", entry.place,
                           std::to_string(matches.size()) + " live tokens match " + label_of(entry) +
                               ". It decides for none of them: name one by its id, or add `owner:`");
    finding.details = std::move(candidates);
    finding.subject = entry_text(entry);
  }

  void on_shadows(std::size_t at) {
    const Claim& claim = claims_.tokens[at];
    if (claim.by_id.empty()) return;
    for (const std::size_t index : claim.by_name) {
      const Place& place = desired_.tokens[index].place;
      add("shadowed", "warning", place,
          "the entry at " + decider_.where(place) + " has no say: the one by id at " +
              decider_.where(desired_.tokens[claim.by_id.front()].place) + " decides")
          .token_id = live_.tokens[at].id;
    }
  }

  void on_rule(std::size_t index) {
    const Rule& rule = desired_.rules[index];
    const RuleClaim& claim = claims_.rules[index];
    const std::string where = decider_.where(rule.place);
    if (std::string why = decider_.out_of_bounds(index); !why.empty()) {
      add_on(rule, std::string(kRuleBounds), "error", std::move(why));
    } else if (claim.matched + claim.in_doubt == 0 && rule.min != std::size_t{0}) {
      add_on(rule, "rule-unused", "warning",
             "the rule at " + where + " matches no live token" +
                 (claim.outside > 0 ? " within the scope of its document" : "") +
                 ": correct it, take it out, or say `min: 0` if that is fine");
    }
    if (claim.outside > 0) {
      add_on(rule, "rule-scope", "note",
             "the rule at " + where + " would match " + plural(claim.outside, "more token") +
                 " outside of the scope of its document: it decides for none of them");
    }
    if (claim.in_doubt > 0) {
      add_on(
          rule, "rule-in-doubt", "warning",
          "whether the rule at " + where + " matches " + plural(claim.in_doubt, "more token") +
              " can't be told, because their owner's login or their clientName is not known: it decides for "
              "none of them");
    }
  }

  const Desired& desired_;
  const Live& live_;
  const Claims& claims_;
  const Decider& decider_;
  const Sources& sources_;
  std::vector<Finding> findings_;
};

}  // namespace

std::string describe(const Token& token) {
  std::string created = escape(token.created.value_or("unknown"));
  if (const auto at = parse_instant(token.created.value_or(""))) created = format_seconds(*at);
  std::string text = token.id + " (owner " + escape(token.user_id.value_or("unknown")) + ", created " +
                     created + ", last used ";
  const auto used = last_use_of(token);
  return text + (used ? "about " + format_seconds(*used) : std::string("unknown")) + ")";
}

std::vector<Finding> remarks_on(const Desired& desired, const Live& live, const Claims& claims,
                                const Decider& decider, const Sources& sources) {
  return Remarks(desired, live, claims, decider, sources).all();
}

MissingWords::MissingWords(const Desired& desired, const Live& live, const Claims& claims)
    : desired_(desired), live_(live), claims_(claims) {}

std::string MissingWords::why(std::size_t index) {
  const DesiredToken& entry = desired_.tokens[index];
  if (const auto outside = claims_.entries[index].outside) {
    return "a live token has this name, but does not lie within the scope of the entry's document: " +
           describe(live_.tokens[*outside]);
  }
  if (!entry.owner.empty() && entry.id.empty() && !is_user_id(entry.owner)) {
    const auto found = live_.users.ids.find(entry.owner);
    if (found == live_.users.ids.end() || found->second.empty())
      return "no user of this org has the login " + in_quotes(entry.owner);
  }
  if (suggestions_++ >= kMaxSuggestions) return {};
  if (names_.empty()) index_live();
  if (!entry.id.empty()) return did_you_mean(entry.id, ids_);
  if (!std::binary_search(names_.begin(), names_.end(), std::string_view(entry.name)))
    return did_you_mean(entry.name, names_);
  return "a live token has this name, but another owner: " + describe(namesake(entry.name));
}

void MissingWords::index_live() {
  for (const Token& token : live_.tokens) {
    names_.push_back(token.name);
    ids_.push_back(token.id);
  }
  std::sort(names_.begin(), names_.end());
  std::sort(ids_.begin(), ids_.end());
}

// REQUIRES: a live token has this name. Of several, the one with the smallest id.
const Token& MissingWords::namesake(const std::string& name) const {
  const Token* found = nullptr;
  for (const Token& token : live_.tokens) {
    if (token.name == name && (found == nullptr || token.id < found->id)) found = &token;
  }
  return *found;
}

}  // namespace zonepin
