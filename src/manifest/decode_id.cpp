#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "model/token.h"

namespace zonepin {

namespace {

constexpr std::size_t kOktaIdLength = 20;  // of every id that was ever seen (FACTS 1.1, 3.2)
constexpr std::size_t kNearLength = 2;

// A letter too few or too many comes from copying. Okta promises no length, so it is no error.
void warn_of_length(Reader& reader, const Text& id, std::string_view prefix) {
  const std::size_t length = id.value.size();
  const bool near = length != kOktaIdLength && length + kNearLength >= kOktaIdLength &&
                    length <= kOktaIdLength + kNearLength;
  if (!near || std::string_view(id.value).substr(0, prefix.size()) != prefix) return;
  reader.problems().warning(
      id.place,
      in_quotes(id.value) + " has " + std::to_string(length) + " characters, ids of Okta have " +
          std::to_string(kOktaIdLength),
      length < kOktaIdLength ? "was a letter lost in copying?" : "did a letter come in while copying?");
}

// Every id of a token that was ever seen begins with 00T, but Okta does not promise it.
void warn_of_other_kind(Reader& reader, const Text& id) {
  constexpr std::array<std::array<std::string_view, 2>, 4> kOthers = {
      {{"00u", "a user"}, {"00o", "an org"}, {"0oa", "an app"}, {"nzo", "a zone"}}};
  if (id.value.size() != kOktaIdLength) return;
  for (const auto& [prefix, what] : kOthers) {
    if (std::string_view(id.value).substr(0, prefix.size()) != prefix) continue;
    reader.problems().warning(id.place, in_quotes(id.value) + " looks like the id of " + std::string(what),
                              "the id of a token begins with 00T: `zonepin list tokens` shows it");
  }
}

std::string_view why_no_token_id(const Value& id, const std::string& text) {
  if (text.find_first_of("/.%?#\\") != std::string::npos) {
    return "; it becomes part of a URL, so nothing else is let through";
  }
  if (id.name != "id") return "";
  return "; is this a name? Then write name: instead of id:";
}

}  // namespace

std::string decode_token_id(Reader& reader, const Value& id) {
  auto text = reader.text(id);
  if (!text) return {};
  if (is_token_id(text->value)) {
    warn_of_length(reader, *text, "00T");
    warn_of_other_kind(reader, *text);
    return std::move(text->value);
  }
  std::string detail = "an id looks like 00Tabcdefg1234567890: at most 64 letters and digits";
  detail += why_no_token_id(id, text->value);
  if (text->value == "current") {
    detail = "current would be whichever token the run uses: write the id that `zonepin list tokens` shows";
  }
  reader.problems().error(text->place, in_quotes(text->value) + " is not the id of a token",
                          std::move(detail));
  return {};
}

std::string decode_id(Reader& reader, const Value& id, const IdKind& kind) {
  constexpr std::size_t kMaxLength = 64;
  auto text = reader.text(id);
  if (!text) return {};
  const std::string_view value = text->value;
  const bool letters_and_digits = std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  if (letters_and_digits && value.substr(0, kind.prefix.size()) == kind.prefix &&
      value.size() > kind.prefix.size() && value.size() <= kMaxLength) {
    warn_of_length(reader, *text, kind.prefix);
    return std::move(text->value);
  }
  reader.problems().error(text->place, in_quotes(value) + " is not the id of " + std::string(kind.what),
                          "it begins with " + std::string(kind.prefix) +
                              " and holds letters and digits: " + std::string(kind.example));
  return {};
}

std::string decode_reason(Reader& reader, const Value& reason) {
  auto text = reader.text(reason);
  if (!text) return {};
  if (!trim(text->value).empty()) return std::move(text->value);
  reader.problems().error(text->place, "the reason is blank", "name a ticket, or who decided it");
  return {};
}

std::string decode_text(Reader& reader, const Fields& fields, std::string_view name) {
  const Value value = fields.get(name);
  if (!value.given()) return {};
  auto text = reader.text(value);
  return text ? std::move(text->value) : std::string();
}

void require(Reader& reader, const Fields& fields, std::string_view name, std::string_view where,
             std::string detail) {
  if (!fields.missing(name)) return;
  reader.problems().error(fields.place(), std::string(name) + " is missing in " + std::string(where),
                          std::move(detail));
}

}  // namespace zonepin
