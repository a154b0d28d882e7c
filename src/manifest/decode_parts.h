// The parts of a manifest, one function each. Every one reports what is wrong; what it gives is complete only
// then when it reported nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/decode.h"
#include "manifest/reader.h"
#include "model/desired.h"

namespace zonepin {

// One document of any kind; what it holds is added to `manifests`.
void decode_document(Reader& reader, const Value& document, Manifests& manifests);

// The body of one kind.
Document decode_api_tokens(Reader& reader, const Fields& fields);
std::vector<OrgEntry> decode_orgs(Reader& reader, const Value& orgs);

DesiredToken decode_token(Reader& reader, const Value& entry);
Rule decode_rule(Reader& reader, const Value& entry);
DesiredNetwork decode_network(Reader& reader, const Value& network);
// Also reports what is wrong with all of them together.
std::vector<ZonePin> decode_zone_pins(Reader& reader, const Value& zones);
Ack decode_ack(Reader& reader, const Value& entry);
Waiver decode_waiver(Reader& reader, const Value& entry);
TokenMatch decode_match(Reader& reader, const Value& match);
TokenMatch decode_scope(Reader& reader, const Value& scope);
Self decode_self(Reader& reader, const Value& self);
Limits decode_limits(Reader& reader, const Value& limits);

// What is to be done: exactly one of network, state: revoked (with reason, perhaps not_before) and ignore.
struct Wanted {
  std::optional<DesiredNetwork> network;
  std::optional<Revocation> revoked;
  bool ignore = false;
};
// "an entry" / "a rule", and what to say when it wants nothing.
struct WantedWords {
  std::string_view subject;
  std::string_view wants_nothing;
};
Wanted decode_wanted(Reader& reader, const Fields& fields, const WantedWords& words);

// A token id: [A-Za-z0-9]{1,64} and not `current`. Empty when it is none.
std::string decode_token_id(Reader& reader, const Value& id);
// The id of another thing at Okta: letters and digits behind `prefix`, at most 64 in all.
struct IdKind {
  std::string_view what;     // "a zone"
  std::string_view prefix;   // "nzo"
  std::string_view example;  // 20 characters
};
std::string decode_id(Reader& reader, const Value& id, const IdKind& kind);
// Why something is done; not blank. Empty when it is.
std::string decode_reason(Reader& reader, const Value& reason);
// The text of a field, if it is given and one; else empty.
std::string decode_text(Reader& reader, const Fields& fields, std::string_view name);
// A glob without a fault; empty when it has one.
std::string decode_glob(Reader& reader, const Value& glob);

// Points in time: a date ends with its day, UTC, or begins with it; an instant is itself.
std::optional<Instant> decode_until(Reader& reader, const Value& until);
std::optional<Instant> decode_not_before(Reader& reader, const Value& not_before);
std::optional<Duration> decode_duration(Reader& reader, const Value& duration);

// Single addresses and CIDRs without host bits, at least one, none twice.
std::vector<std::string> decode_addresses(Reader& reader, const Value& list);

// Members of one list, by what they say and where: a second one of the same text is an error.
struct Member {
  std::string_view text;
  Place place;
};
void check_repeated(Reader& reader, std::vector<Member> members, std::string_view list_name);

// Reports `name` as missing in `where`, unless it is given or was misspelt.
void require(Reader& reader, const Fields& fields, std::string_view name, std::string_view where,
             std::string detail);

}  // namespace zonepin
