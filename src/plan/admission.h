// Whether a condition lets a token be used from some addresses, and why: by which zone and which of its
// gateways. Pure; what can't be known is said, not guessed (docs/reach.md).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "model/address_set.h"
#include "model/token.h"
#include "plan/reach.h"

namespace zonepin {

// Of several, the last one counts.
enum class Verdict { allowed, unknown, denied };
std::string_view to_string(Verdict verdict);

enum class GroundKind {
  condition,     // ANYWHERE, or no condition
  included,      // a zone that the condition includes holds the addresses
  outside,       // no included zone holds them
  excluded,      // a zone that the condition excludes holds them
  not_excluded,  // no excluded zone holds them
  blocked,       // a zone of usage BLOCKLIST holds them
  exempt,        // the zone that is exempt from those holds them
  unknowable,    // it depends on what can't be known
  revoked,       // the token is to be revoked
};
std::string_view to_string(GroundKind kind);

// One reason of an admission.
struct Ground {
  GroundKind kind = GroundKind::condition;
  Verdict verdict = Verdict::allowed;  // what it speaks for
  std::string zone_id;                 // empty: it is about no single zone
  std::string zone_name;
  std::vector<std::string>
      gateways;         // of that zone, as Okta has them: those that hold the addresses; the first few
  std::string message;  // one line; names in it are escaped

  bool operator==(const Ground&) const = default;
};

// What was asked for, taken apart by verdict.
struct Admission {
  AddressSet allowed;
  AddressSet unknown;
  AddressSet denied;
  std::vector<Ground> grounds;       // what denies comes first, then what is unknown
  std::vector<std::string> assumed;  // what no document of Okta's says, in words; sorted

  // Of all addresses together: denied when any of them is, allowed when all of them are.
  Verdict verdict() const;
  bool operator==(const Admission&) const = default;
};

// One org's answers for one set of addresses, each condition worked out once. Refers to the book and to the
// zones that it was made from.
class AdmissionBook {
 public:
  // `overridden`: ids of zones whose content somebody only plans; the reasons say so.
  AdmissionBook(ReachBook& reaches, const std::vector<Zone>& zones, AddressSet asked,
                const std::set<std::string>& overridden = {});

  // None: a token without a condition. Good until the book is gone.
  const Admission& admission_of(const std::optional<NetworkCondition>& condition);

  // What is assumed of the org, whatever the condition: that its own dynamic BLOCKLIST zone, whose content
  // nobody can know, does not block the addresses. Sorted.
  const std::vector<std::string>& assumed() const { return assumed_; }

 private:
  using Key = std::tuple<bool, std::string, std::vector<std::string>, std::vector<std::string>>;

  // What of a zone bears on some addresses.
  struct Hit {
    AddressSet part;  // of them, what the zone holds
    std::vector<std::string> gateways;
    std::size_t count = 0;  // of gateways, those that are not kept included

    std::string words() const;  // ": 203.0.113.0/24"
  };
  static Hit hit_of(const Zone& zone, const AddressSet& part);
  std::string label(const Zone& zone) const;
  std::string subject(const AddressSet& part) const;
  std::string member_labels(const std::vector<std::string>& members) const;
  std::vector<const Zone*> zones_named(const std::vector<std::string>& members) const;
  void learn_blocks();
  Admission make(const std::optional<NetworkCondition>& condition);
  // `within`: what of inside_ the reach is known to hold.
  void add_condition_grounds(const std::optional<NetworkCondition>& condition, const Reach& reach,
                             const AddressSet& within, std::vector<Ground>& grounds);
  void add_zone_grounds(const std::vector<std::string>& members, GroundKind kind, Verdict verdict,
                        std::vector<Ground>& grounds);
  static void add_unknown(const std::vector<std::string>& parts, std::vector<Ground>& grounds);

  ReachBook& reaches_;
  const std::vector<Zone>& zones_;
  AddressSet asked_;
  AddressSet inside_;  // of those asked for, what no zone is known to block
  const std::set<std::string> overridden_;
  std::map<std::string_view, const Zone*> by_id_;
  AddressSet exempt_;
  std::vector<Ground> blocks_;               // of what is blocked, and of what is exempt from that
  std::vector<std::string> unknown_blocks_;  // zones that may block more; sorted, in words
  std::vector<std::string> assumed_;
  std::unordered_map<const Zone*, Hit> hits_;  // on inside_
  std::map<Key, Admission> known_;
};

}  // namespace zonepin
