// What Okta does where nobody has published it (FACTS 10): each open point is one named choice here and
// nowhere else, so that a client can be tried against either answer. docs/simulator.md lists them; a state
// file and --choice set them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zonepin::sim {

// In every enum the first value is the default: the one that does most harm to a careless client.

// A token used from outside its network condition.
enum class OutsideNetwork { e0000011_401, e0000006_403 };
// A PUT body without some of name and userId.
enum class PartialPut { accepted, refused };
// A PUT body with another name.
enum class Rename { applied, ignored, refused };
// A PUT body with another userId.
enum class OwnerChange { refused, ignored, applied };
// A PUT body without `network`.
enum class OmittedNetwork { cleared, kept, refused };
// `include: []` or `exclude: []` in a PUT body.
enum class EmptyList { absent, refused };
// ALL_ZONES and ALL_IP_ZONES in a PUT body.
enum class ReservedWords { accepted, refused };
// LegacyIpZone and DefaultExemptIpZone: system zones that are ACTIVE, of type IP and usage POLICY.
enum class SystemZones { accepted, refused };
// In which order a list comes back.
enum class ListOrder { as_sent, reversed };
// A PUT that changes nothing.
enum class IdlePut { moves_last_updated, leaves_last_updated };
// Tokens whose clientName is not "Okta API", in the list.
enum class AgentTokens { listed, hidden };
// A PUT on such a token.
enum class AgentPut { accepted, refused };
// Tokens of a deactivated owner: always useless (FACTS 7), but in the list?
enum class DeactivatedOwner { listed, hidden };
// What a zone PUT says as lastUpdated; recorded was the time of the write before (FACTS 3.2).
enum class ZonePutAnswer { stale_last_updated, fresh_last_updated };
// `limit` above kMaxZonePage.
enum class LargeLimit { capped, refused };
// Whether a scope that ends in .manage is enough to read (FACTS 6.2).
enum class ManageScope { writes_only, reads_too };
// The token endpoint's word for a scope that the app was not granted (FACTS 6.2 has both).
enum class UngrantedScope { invalid_scope, consent_required };
// Whether API calls, too, need a nonce in their DPoP proofs (FACTS 6.3: not required).
enum class ApiNonce { not_required, required };

struct Choices {
  OutsideNetwork outside_network{};
  PartialPut partial_put{};
  Rename rename{};
  OwnerChange owner_change{};
  OmittedNetwork omitted_network{};
  EmptyList empty_list{};
  ReservedWords reserved_words{};
  SystemZones system_zones{};
  ListOrder list_order{};
  IdlePut idle_put{};
  AgentTokens agent_tokens{};
  AgentPut agent_put{};
  DeactivatedOwner deactivated_owner{};
  ZonePutAnswer zone_put_answer{};
  LargeLimit large_limit{};
  ManageScope manage_scope{};
  UngrantedScope ungranted_scope{};
  ApiNonce api_nonce{};

  bool operator==(const Choices&) const = default;
};

// Fixed ones, for which a second answer would teach a client nothing.
inline constexpr int kDefaultZonePage = 20;                     // FACTS 3.1: seen, not documented
inline constexpr int kMaxZonePage = 200;                        // what clients ask for
inline constexpr std::string_view kTokenKind = "ApiToken";      // in "Resource not found: ID (ApiToken)"
inline constexpr std::string_view kPersonsClient = "Okta API";  // clientName of a token that a person made

// One choice as words.
struct ChoiceWords {
  std::string_view name;
  std::vector<std::string_view> values;  // in the enum's order: the default first
};

const std::vector<ChoiceWords>& choice_words();
std::string_view choice_value(const Choices& choices, std::string_view name);  // name: one of choice_words()

// False when there is no such choice or value.
bool set_choice(Choices& choices, std::string_view name, std::string_view value);

}  // namespace zonepin::sim
