#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "manifest/decode_parts.h"

namespace zonepin {

namespace {

// What stands only beside state: revoked.
void check_belongs_to_state(Reader& reader, const Fields& fields) {
  if (!fields.missing("state")) return;
  if (const Value reason = fields.get("reason"); reason.given()) {
    reader.problems().error(reason.place, "a reason belongs to state: revoked",
                            "say in a comment (# …) why a token is treated as it is");
  }
  if (const Value not_before = fields.get("not_before"); not_before.given()) {
    reader.problems().error(not_before.place, "not_before belongs to state: revoked",
                            "a network holds from the next apply on: add it when its time has come");
  }
}

bool decode_revoked(Reader& reader, const Value& state) {
  const auto text = reader.text(state, "its one value is revoked; a token that stays gets a network instead");
  if (!text) return false;
  if (text->value == "revoked") return true;
  const std::string word = lowercase(text->value);
  const bool means_gone = word == "absent" || word == "deleted" || word == "delete" || word == "removed" ||
                          starts_with_ignoring_case(word, "revo");
  std::string detail = "its one value is revoked; a token that stays gets a network instead";
  if (means_gone) detail = "did you mean \"revoked\"?";
  if (word == "ignore" || word == "ignored") detail = "write ignore: true instead";
  reader.problems().error(text->place, "state can't be " + in_quotes(text->value), std::move(detail));
  return false;
}

std::optional<Revocation> decode_revocation(Reader& reader, const Fields& fields) {
  Revocation revocation;
  if (const Value reason = fields.get("reason"); reason.given()) {
    revocation.reason = decode_reason(reader, reason);
  }
  if (const Value not_before = fields.get("not_before"); not_before.given()) {
    revocation.not_before = decode_not_before(reader, not_before);
  }
  check_belongs_to_state(reader, fields);
  const Value state = fields.get("state");
  if (!state.given() || !decode_revoked(reader, state)) return std::nullopt;
  if (fields.missing("reason")) {
    reader.problems().error(state.place, "a revoked token needs a reason",
                            "add reason: a ticket, or who decided it; a revoke can't be undone");
  }
  return revocation;
}

bool decode_ignore(Reader& reader, const Value& value) {
  const auto ignore = reader.boolean(value);
  if (!ignore || *ignore) return ignore.value_or(false);
  reader.problems().error(
      value.place, "ignore can only be true",
      "a token that is not ignored gets a network, or state: revoked: leave this line out");
  return false;
}

// What a merge key brings stands above.
bool is_merged(const Fields& fields, const Value& value) {
  const auto position = [](const Place& place) { return std::pair(place.line, place.column); };
  return position(value.place) < position(fields.place());
}

// Within the entry itself, which is where it is mended.
Place place_of_clash(const Fields& fields, const Value& one, const Value& other) {
  if (!is_merged(fields, other)) return other.place;
  return is_merged(fields, one) ? fields.place() : one.place;
}

void check_wants_one_thing(Reader& reader, const Fields& fields, const WantedWords& words) {
  std::array<Value, 3> given;
  std::size_t count = 0;
  bool none = true;
  for (const std::string_view name : {"network", "state", "ignore"}) {
    if (const Value value = fields.get(name); value.given()) given[count++] = value;
    none = none && fields.missing(name);
  }
  if (count > 1) {
    reader.problems().error(
        place_of_clash(fields, given[0], given[1]),
        std::string(words.subject) + " has either " + std::string(given[0].name) + " or " +
            std::string(given[1].name) + ", not both",
        is_merged(fields, given[0]) || is_merged(fields, given[1])
            ? "one of the two comes from a merge key (<<): merge less, or keep the one that you mean"
            : "keep the one that you mean");
  } else if (none) {
    reader.problems().error(fields.place(), std::string(words.wants_nothing),
                            "add network: { connection: ZONE, include: [a-zone] }, or state: revoked and a "
                            "reason, or ignore: true");
  }
}

}  // namespace

Wanted decode_wanted(Reader& reader, const Fields& fields, const WantedWords& words) {
  check_wants_one_thing(reader, fields, words);
  Wanted wanted;
  if (const Value network = fields.get("network"); network.given()) {
    wanted.network = decode_network(reader, network);
  }
  wanted.revoked = decode_revocation(reader, fields);
  if (const Value ignore = fields.get("ignore"); ignore.given())
    wanted.ignore = decode_ignore(reader, ignore);
  return wanted;
}

}  // namespace zonepin
