#include <string>
#include <utility>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "model/token.h"

namespace zonepin {

namespace {

void decode_state(Reader& reader, const Fields& fields, DesiredToken& token) {
  const Value value = fields.get("state");
  const Value reason = fields.get("reason");
  Revocation revocation;
  if (reason.given()) revocation.reason = decode_reason(reader, reason);
  if (!value.given()) {
    if (reason.given() && fields.missing("state")) {
      reader.problems().error(reason.place, "a reason belongs to state: revoked",
                              "say in a comment (# …) why a network is what it is");
    }
    return;
  }
  const auto text = reader.text(value);
  if (!text) return;
  if (text->value != "revoked") {
    const std::string word = lowercase(text->value);
    const bool means_gone = word == "absent" || word == "deleted" || word == "delete" || word == "removed" ||
                            starts_with_ignoring_case(word, "revo");
    reader.problems().error(text->place, "state can't be " + in_quotes(text->value),
                            means_gone
                                ? "did you mean \"revoked\"?"
                                : "its one value is revoked; a token that stays gets a network instead");
    return;
  }
  if (fields.missing("reason")) {
    reader.problems().error(value.place, "a revoked token needs a reason",
                            "add reason: a ticket, or who decided it; a revoke can't be undone");
  }
  token.revoked = std::move(revocation);
}

void check_says_one_thing(Reader& reader, const Fields& fields) {
  const Value network = fields.get("network");
  const Value state = fields.get("state");
  if (network.given() && state.given()) {
    reader.problems().error(state.place, "an entry has either network or state, not both",
                            "keep the one that you mean");
  } else if (fields.missing("network") && fields.missing("state")) {
    reader.problems().error(
        fields.place(), "this entry does not say what is to be done with the token",
        "add network: { connection: ZONE, include: [a-zone] }, or state: revoked and a reason");
  }
}

void check_names_a_token(Reader& reader, const Fields& fields) {
  if (!fields.missing("id") || !fields.missing("name")) return;
  reader.problems().error(fields.place(), "this entry does not say which token it speaks of",
                          fields.given("owner") ? "add its name, or its id; an owner alone is not enough"
                                                : "add its name, or its id");
}

}  // namespace

DesiredToken decode_token(Reader& reader, const Value& entry) {
  DesiredToken token;
  token.place = entry.place;
  const auto fields = reader.mapping(entry, {"id", "name", "owner", "network", "state", "reason"},
                                     "write name: in front of it, and network: or state: below");
  if (!fields) return token;
  check_names_a_token(reader, *fields);
  check_says_one_thing(reader, *fields);
  if (const Value id = fields->get("id"); id.given()) token.id = decode_token_id(reader, id);
  if (const Value name = fields->get("name"); name.given()) {
    if (auto text = reader.text(name)) token.name = std::move(text->value);
  }
  if (const Value owner = fields->get("owner"); owner.given()) {
    token.owner_place = owner.place;
    if (auto text = reader.text(owner)) token.owner = std::move(text->value);
  }
  if (const Value network = fields->get("network"); network.given()) {
    token.network = decode_network(reader, network);
  }
  decode_state(reader, *fields, token);
  return token;
}

std::string decode_token_id(Reader& reader, const Value& id) {
  auto text = reader.text(id);
  if (!text) return {};
  if (is_token_id(text->value)) return std::move(text->value);
  std::string detail = "an id looks like 00Tabcdefg1234567890: at most 64 letters and digits";
  if (text->value == "current") {
    detail = "current would be whichever token the run uses: write the id that `zonepin list tokens` shows";
  } else if (text->value.find_first_of("/.%?#\\") != std::string::npos) {
    detail += "; it becomes part of a URL, so nothing else is let through";
  } else if (id.name == "id") {
    detail += "; is this a name? Then write name: instead of id:";
  }
  reader.problems().error(text->place, in_quotes(text->value) + " is not the id of a token", detail);
  return {};
}

std::string decode_reason(Reader& reader, const Value& reason) {
  auto text = reader.text(reason);
  if (!text) return {};
  if (!trim(text->value).empty()) return std::move(text->value);
  reader.problems().error(text->place, "the reason is blank", "name a ticket, or who decided it");
  return {};
}

}  // namespace zonepin
