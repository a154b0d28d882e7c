// What is to become of each live token, and who says so (DESIGN 3, "who decides"): pure, one token at a time.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/desired.h"
#include "model/token.h"
#include "plan/claims.h"
#include "plan/plan.h"
#include "plan/zone_book.h"

namespace zonepin {

// What a manifest wants of one token.
enum class Wish {
  nothing,    // nobody speaks of it
  network,    // its condition is to be `network`
  revoke,     // it is to be gone
  wait,       // it is to be gone, but not yet
  ignore,     // it is not zonepin's business
  ambiguous,  // an entry by name speaks of several tokens
  conflict,   // it can't be decided: see `why`
};

struct Decision {
  Wish wish = Wish::nothing;
  std::optional<NetworkCondition>
      network{};  // Wish::network; none: it names a zone that can't be used, a diagnostic says which
  const Revocation* revocation = nullptr;  // Wish::revoke, Wish::wait
  Place place{};                           // of what decides; unknown: nothing does
  std::string why{};                       // Wish::ambiguous, Wish::conflict: one line, escaped
  std::optional<DecidedBy> by{};           // none: nothing decides
};

// Works out decisions. Refers to what it is made from, which must outlive it.
class Decider {
 public:
  // Every condition that is wanted is resolved once: what is wrong with one is added to `diagnostics`.
  Decider(const Desired& desired, const Claims& claims, const ZoneBook& zones, Instant now,
          const Sources& sources, Diagnostics& diagnostics);

  Decision decision_for(std::size_t token) const;

  // What is wanted, with zone ids; none: no network, or a zone that can't be used.
  const std::optional<NetworkCondition>& entry_network(std::size_t entry) const {
    return entry_networks_[entry].condition;
  }
  const std::optional<NetworkCondition>& rule_network(std::size_t rule) const {
    return rule_networks_[rule].condition;
  }
  const std::optional<NetworkCondition>& default_network() const { return default_network_.condition; }

  // Whether a rule matches fewer or more tokens than its `min` and `max`: it decides for none then, and what
  // it matches is in conflict.
  std::string out_of_bounds(std::size_t rule) const;

  // "manifests/a.yaml:12", for a message.
  std::string where(const Place& place) const;

 private:
  Decision by_entries(const std::vector<std::size_t>& entries) const;
  Decision wanting(const ResolvedNetwork& network, const Place& place) const;
  Decision by_rules(const Claim& claim) const;
  Decision of_rules(std::vector<std::size_t> rules) const;
  Decision of_networks(const std::vector<std::size_t>& rules) const;
  std::string doubt_about(const Claim& claim, const Decision& decision) const;
  Decision fallback() const;
  Decision revoking(const Revocation& revocation, const Place& place) const;

  const Desired& desired_;
  const Claims& claims_;
  Instant now_;
  const Sources& sources_;
  std::vector<ResolvedNetwork> entry_networks_;  // beside Desired::tokens
  std::vector<ResolvedNetwork> rule_networks_;   // beside Desired::rules
  ResolvedNetwork default_network_;
};

}  // namespace zonepin
