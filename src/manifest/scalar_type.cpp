#include "manifest/scalar_type.h"

#include <charconv>
#include <cstddef>

#include "manifest/source_text.h"

namespace zonepin {

namespace {

bool digits_only(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

constexpr std::string_view kDecimal = "0123456789";

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  return text;
}

bool is_integer(std::string_view text) {
  if (text.substr(0, 2) == "0o") return digits_only(text.substr(2), "01234567");
  if (text.substr(0, 2) == "0x") return digits_only(text.substr(2), "0123456789abcdefABCDEF");
  return digits_only(without_sign(text), kDecimal);
}

// Takes digits off the front and says how many there were.
std::size_t take_digits(std::string_view& text) {
  std::size_t count = text.find_first_not_of(kDecimal);
  if (count == std::string_view::npos) count = text.size();
  text.remove_prefix(count);
  return count;
}

bool is_floating(std::string_view text) {
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
  text = without_sign(text);
  if (text == ".inf" || text == ".Inf" || text == ".INF") return true;
  std::size_t digits = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    digits += take_digits(text);
  }
  if (digits == 0) return false;
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  return digits_only(without_sign(text.substr(1)), kDecimal);
}

std::string shortened(std::string_view text) {
  constexpr std::size_t kMost = 40;
  if (text.size() <= kMost) return std::string(text);
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80)
    --end;  // not within a code point
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace

ScalarType core_type(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
    return ScalarType::null;
  if (text == "true" || text == "True" || text == "TRUE" || text == "false" || text == "False" ||
      text == "FALSE") {
    return ScalarType::boolean;
  }
  if (is_integer(text)) return ScalarType::integer;
  if (is_floating(text)) return ScalarType::floating;
  return ScalarType::string;
}

ScalarType type_of(const Tree& tree, NodeId id) {
  const Node& node = tree.node(tree.resolve(id));
  if (node.kind == NodeKind::null) return ScalarType::null;
  switch (node.tag) {
    case NodeTag::null: return ScalarType::null;
    case NodeTag::boolean: return ScalarType::boolean;
    case NodeTag::integer: return ScalarType::integer;
    case NodeTag::floating: return ScalarType::floating;
    case NodeTag::string:
    case NodeTag::sequence:
    case NodeTag::mapping: return ScalarType::string;
    case NodeTag::none: break;
  }
  return node.style == NodeStyle::plain ? core_type(tree.scalar(id)) : ScalarType::string;
}

std::optional<std::uint64_t> integer_value(std::string_view text) {
  int base = 10;
  if (text.substr(0, 2) == "0o") base = 8;
  if (text.substr(0, 2) == "0x") base = 16;
  const bool negative = text.substr(0, 1) == "-";
  const std::string_view digits = base == 10 ? without_sign(text) : text.substr(2);
  std::uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, number, base);
  if (error != std::errc{} || stopped != end || (negative && number != 0)) return std::nullopt;
  return number;
}

std::string_view null_text(const Tree& tree, NodeId id) {
  const NodeId target = tree.resolve(id);
  if (type_of(tree, target) != ScalarType::null) return {};
  const std::string_view text = tree.scalar(target);
  return text.empty() ? null_word(tree.source_text(), tree.node(target).offset) : text;
}

std::string describe(const Tree& tree, NodeId id) {
  switch (tree.kind(id)) {
    case NodeKind::sequence: return "a list";
    case NodeKind::mapping: return "a mapping";
    case NodeKind::null:
    case NodeKind::alias:
    case NodeKind::scalar: break;
  }
  const std::string text = shortened(tree.scalar(id));
  switch (type_of(tree, id)) {
    case ScalarType::null: {
      const std::string word(null_text(tree, id));
      return word.empty() ? "nothing" : "the null value " + word;
    }
    case ScalarType::boolean: return "the boolean " + text;
    case ScalarType::integer: return "the integer " + text;
    case ScalarType::floating: return "the number " + text;
    case ScalarType::string: return "the text \"" + text + "\"";
  }
  return {};
}

}  // namespace zonepin
