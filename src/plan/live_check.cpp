#include "plan/live_check.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "plan/claims.h"

namespace zonepin {

namespace {

constexpr std::size_t kMostGuesses = 200;  // each looks at every name of the org
constexpr std::size_t kMostShown = 5;

class LiveCheck {
 public:
  LiveCheck(const Desired& desired, const Live& live, Instant now, const Sources& sources)
      : desired_(desired), live_(live), sources_(sources), claims_(claims_of(desired, live, now)) {
    for (std::size_t at = 0; at < live.tokens.size(); ++at) {
      names_.push_back(live.tokens[at].name);
      ids_.push_back(live.tokens[at].id);
      by_name_[live.tokens[at].name].push_back(at);
    }
    for (const auto& [id, login] : live.users.logins) logins_.push_back(login);
    for (const Zone& zone : live.zones) zone_names_.push_back(zone.name);
  }

  Diagnostics run() {
    for (std::size_t at = 0; at < desired_.tokens.size(); ++at) check_entry(at);
    check_claimed_twice();
    for (std::size_t at = 0; at < desired_.rules.size(); ++at) check_rule(at);
    for (const Waiver& waiver : desired_.waivers) check_match(waiver.match);
    for (const auto& scope : desired_.token_scopes) {
      if (scope) check_match(*scope);
    }
    for (const ZonePin& pin : desired_.zones) check_pin(pin);
    if (desired_.self) check_self(*desired_.self);
    for (const Ack& ack : desired_.acks) check_ack(ack);
    return sorted(std::move(diagnostics_));
  }

 private:
  void error(const Place& place, std::string summary, std::string detail) {
    diagnostics_.push_back({Severity::error, std::move(summary), std::move(detail), place});
  }
  void warning(const Place& place, std::string summary, std::string detail) {
    diagnostics_.push_back({Severity::warning, std::move(summary), std::move(detail), place});
  }

  std::string guess(std::string_view wanted, const std::vector<std::string_view>& candidates) {
    if (guesses_ == kMostGuesses) return {};
    ++guesses_;
    return did_you_mean(wanted, candidates);
  }

  std::string where(const Place& place) const {
    return escape(sources_[place.source].path) + ":" + std::to_string(place.line);
  }

  // --- owners

  bool is_nobody(const std::string& owner) const {
    const auto found = live_.users.ids.find(owner);
    return found != live_.users.ids.end() && found->second.empty();
  }

  void check_owner(const std::string& owner, const Place& place) {
    if (!is_nobody(owner)) return;
    std::string detail = guess(owner, logins_);
    if (detail.empty()) detail = "an owner is the login or the id of a user, as Okta writes it";
    error(place, "nobody in " + live_.host + " has the login " + in_quotes(owner), std::move(detail));
  }

  void check_match(const TokenMatch& match) {
    if (match.owner) check_owner(*match.owner, match.owner_place);
    for (const TokenMatch& excluded : match.excluded) check_match(excluded);
  }

  // --- entries

  void check_entry(std::size_t at) {
    const DesiredToken& entry = desired_.tokens[at];
    const EntryClaim& claim = claims_.entries[at];
    if (is_nobody(entry.owner)) return check_owner(entry.owner, entry.owner_place);
    if (claim.tokens.empty()) {
      check_missing(entry, claim);
    } else if (claim.tokens.size() > 1) {
      // Where entries by id decide for all of them, this one has no say, and does no harm.
      const auto is_by_id = [&](std::size_t token) { return !claims_.tokens[token].by_id.empty(); };
      if (std::all_of(claim.tokens.begin(), claim.tokens.end(), is_by_id)) return;
      error(entry.place,
            "this entry fits " + std::to_string(claim.tokens.size()) + " tokens of " + live_.host +
                " named " + in_quotes(entry.name),
            "tell them apart by owner or id: " + candidates(claim.tokens));
    } else if (!claim.contradiction.empty()) {
      error(entry.place, "this entry does not fit the token " + live_.tokens[claim.tokens.front()].id,
            claim.contradiction);
    }
  }

  void check_missing(const DesiredToken& entry, const EntryClaim& claim) {
    const std::string what =
        entry.id.empty() ? "named " + in_quotes(entry.name) : "with the id " + in_quotes(entry.id);
    if (claim.outside) {
      return error(entry.place, "the token " + what + " lies outside of the scope of this document",
                   "move the entry, or widen the scope");
    }
    std::string detail = entry.id.empty() ? guess(entry.name, names_) : guess(entry.id, ids_);
    if (entry.revoked) {
      // Gone is what it should be; but a slip of the pen looks just like it.
      if (detail.empty() || is_live_by_name(entry.name)) return;
      return warning(entry.place, live_.host + " has no API token " + what + ": nothing is left to revoke",
                     std::move(detail));
    }
    if (desired_.missing == Treatment::ignore) return;
    if (entry.id.empty() && is_live_by_name(entry.name)) {
      return error(entry.place,
                   live_.host + " has no API token " + what + " that belongs to " + in_quotes(entry.owner),
                   "others have that name: " + candidates(tokens_named(entry.name)));
    }
    if (detail.empty())
      detail = "zonepin list tokens shows what is there; a token that lapsed is there no longer";
    error(entry.place, live_.host + " has no API token " + what, std::move(detail));
  }

  std::vector<std::size_t> tokens_named(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? std::vector<std::size_t>() : found->second;
  }
  bool is_live_by_name(const std::string& name) const { return by_name_.count(name) != 0; }

  std::string candidates(const std::vector<std::size_t>& tokens) const {
    std::vector<std::string> words;
    for (const std::size_t at : tokens) {
      if (words.size() == kMostShown) {
        words.push_back("and " + std::to_string(tokens.size() - kMostShown) + " more");
        break;
      }
      const Token& token = live_.tokens[at];
      const std::string_view login = live_.users.login_of(token.user_id);
      const std::string owner =
          login.empty() ? escape(token.user_id.value_or("an unknown owner")) : in_quotes(login);
      words.push_back(token.id + " of " + owner);
    }
    return join(words, ", ");
  }

  void check_claimed_twice() {
    for (std::size_t at = 0; at < live_.tokens.size(); ++at) {
      const Claim& claim = claims_.tokens[at];
      const auto& entries = claim.by_id.empty() ? claim.by_name : claim.by_id;
      for (std::size_t i = 1; i < entries.size(); ++i) {
        error(desired_.tokens[entries[i]].place,
              "the token " + live_.tokens[at].id + " is claimed by another entry as well",
              "by the one at " + where(desired_.tokens[entries.front()].place) + ": keep one of the two");
      }
    }
  }

  // --- rules

  void check_rule(std::size_t at) {
    const Rule& rule = desired_.rules[at];
    const RuleClaim& claim = claims_.rules[at];
    check_match(rule.match);
    const std::string matches = "this rule matches " + plural(claim.matched, "token") + " of " + live_.host;
    if (rule.min && claim.matched < *rule.min) {
      error(rule.place, matches + ", fewer than its min", "min is " + std::to_string(*rule.min));
    } else if (rule.max && claim.matched > *rule.max) {
      error(rule.place, matches + ", more than its max", "max is " + std::to_string(*rule.max));
    } else if (claim.matched == 0 && claim.in_doubt == 0 && !rule.min) {
      warning(rule.place, "this rule matches no token of " + live_.host,
              claim.outside > 0
                  ? plural(claim.outside, "token") + " would fit, outside of the document's scope"
                  : "min: 0 says that this is meant");
    }
  }

  // --- the rest

  void check_pin(const ZonePin& pin) {
    const auto named = [&](const Zone& zone) { return zone.name == pin.name; };
    if (std::none_of(live_.zones.begin(), live_.zones.end(), named)) {
      std::string detail = guess(pin.name, zone_names_);
      if (detail.empty()) detail = "zonepin list zones shows what is there";
      return error(pin.place, live_.host + " has no network zone " + in_quotes(pin.name), std::move(detail));
    }
    const auto is_pinned = [&](const Zone& zone) { return named(zone) && zone.id == pin.id; };
    if (!pin.id || std::any_of(live_.zones.begin(), live_.zones.end(), is_pinned)) return;
    const auto zone = std::find_if(live_.zones.begin(), live_.zones.end(), named);
    error(pin.place, "the zone " + in_quotes(pin.name) + " of " + live_.host + " has another id",
          "it is " + escape(zone->id) + ", and the pin says " + escape(*pin.id) + ": was it made anew?");
  }

  void check_self(const Self& self) {
    if (!self.owner.empty() && is_nobody(self.owner)) return check_owner(self.owner, self.place);
    if (!self.id.empty() && std::find(ids_.begin(), ids_.end(), self.id) == ids_.end()) {
      return error(self.place, live_.host + " has no API token with the id " + in_quotes(self.id),
                   guess(self.id, ids_));
    }
    if (!self.name.empty() && std::find(names_.begin(), names_.end(), self.name) == names_.end()) {
      error(self.place, live_.host + " has no API token named " + in_quotes(self.name),
            guess(self.name, names_));
    }
  }

  void check_ack(const Ack& ack) {
    if (std::find(ids_.begin(), ids_.end(), ack.token_id) != ids_.end()) return;
    std::string detail = guess(ack.token_id, ids_);
    if (detail.empty()) detail = "an ack whose token is gone can go, too";
    warning(ack.place, live_.host + " has no API token with the id " + in_quotes(ack.token_id),
            std::move(detail));
  }

  const Desired& desired_;
  const Live& live_;
  const Sources& sources_;
  Claims claims_;
  std::map<std::string_view, std::vector<std::size_t>> by_name_;
  std::vector<std::string_view> names_;
  std::vector<std::string_view> ids_;
  std::vector<std::string_view> logins_;
  std::vector<std::string_view> zone_names_;
  std::size_t guesses_ = 0;
  Diagnostics diagnostics_;
};

}  // namespace

Diagnostics check_against_live(const Desired& desired, const Live& live, Instant now,
                               const Sources& sources) {
  return LiveCheck(desired, live, now, sources).run();
}

}  // namespace zonepin
