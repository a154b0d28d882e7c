// "May this token be used from there, now and after what is planned?", for one token of an org or for all of
// them (`zonepin can-i`). Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/address_set.h"
#include "model/token.h"
#include "plan/admission.h"
#include "plan/plan.h"

namespace zonepin {

// Addresses that a token is to be used from.
struct Asked {
  std::string text;  // as a person wrote it: an address, a CIDR or a range
  AddressSet addresses;
};

// A zone edit that is only planned: the zone would hold these gateways, and nothing else.
struct ZoneOverride {
  std::string zone;                   // its id, else its exact name
  std::vector<std::string> gateways;  // each is one by parse_gateway(); none: the zone would be empty
};

// An org's zones as they would be.
struct PlannedZones {
  std::vector<Zone> zones;
  std::set<std::string> overridden;  // ids
};

// Lets a zone hold what an override says; status and usage stay. A zone of a dynamic type counts as one of
// type IP from then on. False: no zone is called so. Two zones of the name, or a zone that is overridden
// already: Trouble::usage.
Result<bool> override_zone(const ZoneOverride& edit, PlannedZones& planned);

struct CanIQuestion {
  std::vector<Asked> asked;
  std::string token_id;               // of the only token asked about; empty: all of the org
  const OrgPlan* plan = nullptr;      // to be carried out; none: conditions stay as they are
  std::optional<PlannedZones> zones;  // as they would be; none: they stay as they are

  bool has_after() const { return plan != nullptr || zones.has_value(); }
};

// A token at one time.
struct Standpoint {
  std::optional<NetworkCondition> condition;
  std::optional<std::string> revoked;  // the reason; none: it is not
  std::vector<Admission> admissions;   // beside what was asked

  Verdict verdict() const;
};

struct TokenAnswer {
  std::string id;
  std::string name;
  Standpoint now;
  std::optional<Standpoint> after;  // none: nothing is planned

  // What counts: of afterwards, where there is such a thing.
  Verdict verdict() const { return after ? after->verdict() : now.verdict(); }
};

struct VerdictCounts {
  std::size_t allowed = 0;
  std::size_t unknown = 0;
  std::size_t denied = 0;

  void add(Verdict verdict);
  bool operator==(const VerdictCounts&) const = default;
};

struct OrgAnswer {
  std::string host;
  std::vector<Zone> zones;  // that conditions may name
  VerdictCounts now;        // of the tokens asked about
  std::optional<VerdictCounts> after;
  // The token asked about; of all tokens those that are not allowed: denied ones first, of these the ones
  // that are allowed now, then by name and id.
  std::vector<TokenAnswer> tokens;
  std::vector<std::string> assumed;  // of the org, and of any token asked about; sorted

  Verdict verdict() const;  // the worst of all tokens, afterwards where there is such a thing
};

OrgAnswer answer_of(const Live& live, const CanIQuestion& question);

}  // namespace zonepin
