#include "property/random_manifest.h"

#include <algorithm>
#include <utility>

#include "manifest/plain_text.h"
#include "manifest/scalar_text.h"
#include "property/random_things.h"

namespace zonepin {

namespace {

// Writes things in whatever style. Every comment is another one.
class Scribe {
 public:
  explicit Scribe(Dice& dice) : dice_(dice) { untidiness_ = dice.below(3) * 20; }

  std::string take() { return std::move(out_); }
  std::size_t comments() const { return comments_; }

  void document(const Thing& thing, bool is_first) {
    if (is_first) {
      own_comments(3);
      if (dice_.chance(30)) end_line("---");
    } else {
      if (dice_.chance(20)) end_line("...");
      if (dice_.chance(20) && out_.substr(out_.size() - 4) == "...\n") own_comments(3);
      end_line("---");
    }
    most_column_ = 8;
    own_comments(8);
    if (dice_.chance(8)) {
      brackets(thing);
      end_line("");
    } else {
      fields(thing, dice_.chance(10) ? 2 : 0, Start::new_line);
    }
    own_comments(most_column_);
  }

 private:
  enum class Start { new_line, on_line };

  std::string comment() {
    return "# comment-" + std::to_string(comments_++) + (dice_.chance(20) ? ": x" : "") + ";";
  }

  void own_comments(std::size_t most_column) {
    while (dice_.chance(untidiness_ / 2)) {
      if (dice_.chance(40)) out_ += most_column == kAnyColumn && dice_.chance(20) ? "\n  \n" : "\n";
      out_ += std::string(dice_.below(most_column + 1), ' ') + comment() + "\n";
    }
    if (dice_.chance(untidiness_ / 2)) out_ += "\n";
  }

  void end_line(const std::string& text) {
    out_ += text;
    if (dice_.chance(untidiness_)) out_ += std::string(1 + dice_.below(3), ' ') + comment();
    if (dice_.chance(5)) out_ += "  ";
    out_ += "\n";
  }

  void fields(const Thing& mapping, std::size_t indent, Start start) {
    for (const auto& [key, value] : mapping.members) {
      if (start == Start::new_line) {
        own_comments(most_column_);
        out_ += std::string(indent, ' ');
      }
      start = Start::new_line;
      most_column_ = kAnyColumn;
      out_ += scalar(text(key), Spot::key, indent) + ":";
      value_behind(value, indent, Behind::key);
    }
  }

  void items(const Thing& list, std::size_t indent) {
    for (const auto& [key, value] : list.members) {
      own_comments(most_column_);
      most_column_ = kAnyColumn;
      out_ += std::string(indent, ' ') + "-";
      value_behind(value, indent, Behind::dash);
    }
  }

  enum class Behind { key, dash };
  enum class Spot { key, line, brackets };

  void value_behind(const Thing& value, std::size_t indent, Behind behind) {
    const bool is_collection = value.kind == Thing::Kind::list || value.kind == Thing::Kind::mapping;
    if (!is_collection) return scalar_behind(value, indent);
    if (value.members.empty() || dice_.chance(35)) {
      if (dice_.chance(10)) {
        end_line("");
        own_comments(kAnyColumn);
        out_ += std::string(indent + 1, ' ');
      }
      out_ += ' ';
      brackets(value);
      return end_line("");
    }
    if (behind == Behind::dash && value.kind == Thing::Kind::mapping && dice_.chance(80)) {
      const std::size_t spaces = 1 + dice_.below(3);
      out_ += std::string(spaces, ' ');
      return fields(value, indent + 1 + spaces, Start::on_line);
    }
    end_line("");
    const std::size_t deeper = indent + 1 + dice_.below(4);
    if (value.kind == Thing::Kind::mapping) return fields(value, deeper, Start::new_line);
    items(value, behind == Behind::key && dice_.chance(30) ? indent : deeper);
  }

  void scalar_behind(const Thing& value, std::size_t indent) {
    if (value.kind == Thing::Kind::text && dice_.chance(30) && can_be_literal(value.text)) {
      return literal(value.text, indent);
    }
    if (dice_.chance(8)) {
      end_line("");
      own_comments(kAnyColumn);
      out_ += std::string(indent + 1, ' ');
    }
    out_ += std::string(1 + (dice_.chance(10) ? 2 : 0), ' ');
    end_line(scalar(value, Spot::line, indent));
  }

  static bool can_be_literal(const std::string& value) {
    return value.front() != ' ' && value.find_first_of("\t\u202e") == std::string::npos &&
           value.front() != '\n';
  }

  void literal(const std::string& value, std::size_t indent) {
    const std::size_t content = value.find_last_not_of('\n') + 1;
    const std::size_t breaks = value.size() - content;
    out_ += breaks == 0 ? " |-" : breaks == 1 ? " |" : " |+";
    end_line("");
    const std::size_t deeper = indent + 1 + dice_.below(4);
    std::size_t at = 0;
    while (at < content) {
      const std::size_t end = std::min(value.find('\n', at), content);
      if (end > at) out_ += std::string(deeper, ' ') + value.substr(at, end - at);
      out_ += "\n";
      at = end + 1;
    }
    for (std::size_t i = 1; i < breaks; ++i) out_ += "\n";
    // What is indented like the text is text; behind |+ even empty lines are.
    most_column_ = indent;
    if (breaks > 1) out_ += std::string(indent, ' ') + comment() + "\n";
  }

  std::string scalar(const Thing& value, Spot spot, std::size_t indent) {
    if (value.kind == Thing::Kind::word) return value.text;
    // Where it is broken over lines each of them has to be harmless.
    const bool is_plain = is_plain_text(value.text, ScalarSpot::brackets) &&
                          value.text.find_first_of(":#,'\"?!&*|>%`=\\<~$;^") == std::string::npos;
    if (is_plain && dice_.chance(60)) return spot == Spot::key ? value.text : broken(value.text, indent, 20);
    const bool is_single = value.text.find_first_of("\n\t") == std::string::npos && dice_.chance(50) &&
                           yaml_quoted(value.text).find("\\u") == std::string::npos;
    if (!is_single) return yaml_quoted(value.text);
    std::string quoted = "'";
    for (const char c : value.text) quoted += c == '\'' ? "''" : std::string(1, c);
    return (spot == Spot::key ? quoted : broken(quoted, indent, 20)) + "'";
  }

  // A single blank between words may as well be the end of a line.
  std::string broken(const std::string& words, std::size_t indent, std::size_t percent) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool between = words[i] == ' ' && i > 1 && i + 1 < words.size() && words[i - 1] != ' ' &&
                           words[i + 1] != ' ' && words[i + 1] != '#' && words[i - 1] != '\'';
      out += between && dice_.chance(percent) ? "\n" + std::string(indent + 2 + dice_.below(3), ' ')
                                              : std::string(1, words[i]);
    }
    return out;
  }

  // Over several lines, there is room for comments.
  void brackets(const Thing& value) {
    const bool is_mapping = value.kind == Thing::Kind::mapping;
    const bool over_lines = dice_.chance(25);
    out_ += is_mapping ? "{" : "[";
    for (std::size_t i = 0; i < value.members.size(); ++i) {
      gap(over_lines);
      const auto& [key, member] = value.members[i];
      if (is_mapping) out_ += scalar(text(key), Spot::key, kDeep) + ": ";
      if (member.kind == Thing::Kind::list || member.kind == Thing::Kind::mapping) {
        brackets(member);
      } else {
        out_ += scalar(member, Spot::brackets, kDeep);
      }
      gap(over_lines);
      if (i + 1 < value.members.size() || dice_.chance(10)) out_ += ",";
    }
    gap(over_lines);
    out_ += is_mapping ? "}" : "]";
  }

  void gap(bool over_lines) {
    if (!over_lines || dice_.chance(50)) {
      out_ += dice_.chance(50) ? " " : "";
      return;
    }
    end_line("");
    while (dice_.chance(untidiness_ / 2)) out_ += std::string(dice_.below(12) + 1, ' ') + comment() + "\n";
    out_ += std::string(kDeep, ' ');
  }

  static constexpr std::size_t kAnyColumn = 12;
  static constexpr std::size_t kDeep = 14;  // deeper than any block that brackets stand in

  Dice& dice_;
  std::string out_;
  std::size_t untidiness_ = 0;
  std::size_t comments_ = 0;
  std::size_t most_column_ = 8;
};

}  // namespace

RandomManifest random_manifest(std::uint64_t seed) {
  Dice dice(seed);
  ThingMaker maker(dice);
  Scribe scribe(dice);
  const std::size_t documents = 1 + dice.below(3);
  for (std::size_t i = 0; i < documents; ++i) scribe.document(maker.document(), i == 0);
  const std::size_t comments = scribe.comments();
  std::string text = scribe.take();
  if (!dice.chance(10)) return {std::move(text), comments};
  std::string returns;
  for (const char c : text) returns += c == '\n' ? "\r\n" : std::string(1, c);
  return {"\xef\xbb\xbf" + returns, comments};
}

}  // namespace zonepin
