#include "manifest/text_check.h"

#include <array>
#include <cstddef>
#include <string>

#include "base/text.h"
#include "manifest/limits.h"
#include "manifest/source_text.h"

namespace zonepin {

namespace {

using Byte = unsigned char;

std::string hexadecimal(unsigned code_point) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  std::string text(4, '0');
  for (std::size_t i = 4; i-- > 0; code_point >>= 4) text[i] = kHexDigits[code_point & 15];
  return text;
}

bool is_utf16(std::string_view text) {
  return text.substr(0, 2) == "\xff\xfe" || text.substr(0, 2) == "\xfe\xff";
}

Diagnostic not_utf8(std::string_view text, std::size_t offset, std::uint32_t source) {
  const bool utf16 = is_utf16(text);
  Diagnostic diagnostic;
  diagnostic.summary = utf16 ? "this file is UTF-16, not UTF-8" : "this is not UTF-8 text";
  diagnostic.detail =
      utf16 ? "save it as UTF-8" : "is it a binary file, or text in an older encoding? Save it as UTF-8";
  diagnostic.place = place_at(text, offset, source);
  return diagnostic;
}

Diagnostic not_allowed(std::string_view text, std::size_t offset, std::uint32_t source, unsigned code_point) {
  Diagnostic diagnostic;
  diagnostic.place = place_at(text, offset, source);
  if (code_point == 0) {
    diagnostic.summary = "a NUL byte: this is not a text file";
    diagnostic.detail = "is it binary, or UTF-16? A manifest is UTF-8 text";
  } else if (code_point == '\r') {
    diagnostic.summary = "a carriage return that no line feed follows";
    diagnostic.detail = "end lines with \\n or \\r\\n";
  } else if (code_point == 0xfeff) {
    diagnostic.summary = "a byte order mark in the middle of the file";
    diagnostic.detail =
        "only the file's start may have one: were two files joined here? Delete the invisible character";
  } else {
    diagnostic.summary = "the character U+" + hexadecimal(code_point) + " must not stand in YAML as it is";
    diagnostic.detail = "within double quotes it can be written as \"\\u" + hexadecimal(code_point) + "\"";
  }
  return diagnostic;
}

// The character at `offset`, if YAML does not allow it there (YAML 1.2, 5.1). Only called for bytes that are
// suspicious.
std::optional<unsigned> forbidden_at(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<Byte>(text[i]) : Byte{0}; };
  const Byte lead = byte(offset);
  if (lead == '\r') {
    if (byte(offset + 1) == '\n') return std::nullopt;
    return '\r';
  }
  if (lead < 0x80) return lead;
  const Byte second = byte(offset + 1);
  if (lead == 0xc2 && second < 0xa0 && second != 0x85) return second;
  if (lead == 0xef && second == 0xbb && byte(offset + 2) == 0xbf && offset > 0) return 0xfeffU;
  if (lead == 0xef && second == 0xbf && byte(offset + 2) >= 0xbe) return 0xffc0U | (byte(offset + 2) & 0x3fU);
  return std::nullopt;
}

constexpr std::array<bool, 256> suspicious_bytes() {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = i != '\t' && i != '\n';
  table[0x7f] = table[0xc2] = table[0xef] = true;
  return table;
}

}  // namespace

std::optional<Diagnostic> check_text(std::string_view text, std::uint32_t source) {
  if (text.size() > kMaxManifestBytes) {
    return Diagnostic{Severity::error,
                      "the file is larger than " + std::to_string(kMaxManifestBytes >> 20) + " MB",
                      "split it: several files and documents may speak of one org",
                      {source, 1, 1, 1}};
  }
  const auto bad = invalid_utf8(text);
  if (bad && is_utf16(text)) return not_utf8(text, *bad, source);
  // A binary file is better known by its NUL than by what else is wrong with it.
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) return not_allowed(text, nul, source, 0);
  static constexpr auto kSuspicious = suspicious_bytes();
  const std::size_t end = bad.value_or(text.size());
  for (std::size_t i = 0; i < end; ++i) {
    if (!kSuspicious[static_cast<Byte>(text[i])]) continue;
    if (const auto code_point = forbidden_at(text, i)) return not_allowed(text, i, source, *code_point);
  }
  if (bad) return not_utf8(text, *bad, source);
  return std::nullopt;
}

}  // namespace zonepin
