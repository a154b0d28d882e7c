#include "manifest/write.h"

#include <utility>

#include "base/ensure.h"
#include "base/text.h"
#include "manifest/layout_text.h"
#include "manifest/plain_text.h"
#include "manifest/scalar_text.h"

namespace zonepin {

namespace {

constexpr std::size_t kLevelBlanks = 2;  // blanks per level

using Texts = std::vector<std::string>;

// What a field of a mapping holds: a text, a glob (in quotes where it has a wildcard), a word of the
// language, or a list of texts.
enum class MemberKind { text, glob, word, list };

std::string scalar(const std::string& text, ScalarSpot spot) {
  return is_plain_text(text, spot) ? text : yaml_quoted(text);
}

std::string glob(const std::string& text, ScalarSpot spot) {
  return text.find_first_of("*?[") != std::string::npos ? yaml_quoted(text) : scalar(text, spot);
}

// A mapping's fields, each a line or, where one does not fit, a block of its own below the key.
class Block {
 public:
  Block(std::string& out, std::size_t indent) : out_(out), indent_(indent) {}

  // In front of the next line stands this instead of blanks: the `- ` of a list.
  void begin_item() { is_item_ = true; }

  void notes(const Notes& notes) {
    for (const std::string& note : notes) out_ += std::string(indent_, ' ') + yaml_comment(note) + "\n";
  }

  // `value` is YAML already.
  void line(const std::string& key, const std::string& value) {
    out_ += lead() + key + ":" + (value.empty() ? "" : " " + value) + "\n";
  }

  void text(const std::string& key, const std::string& value) {
    if (!value.empty()) line(key, scalar(value, ScalarSpot::line));
  }

  // Fields of one mapping: on one line within braces if that fits.
  struct Member {
    std::string key;
    Texts texts;
    MemberKind kind = MemberKind::text;
  };
  void mapping(const std::string& key, const std::vector<Member>& members) {
    Texts parts;
    for (const Member& member : members)
      parts.push_back(member.key + ": " + flow(member, ScalarSpot::brackets));
    const std::string all = "{ " + join(parts, ", ") + " }";
    const std::size_t width =
        indent_ + (is_item_ ? kLevelBlanks : 0) + display_width(key) + 2 + display_width(all);
    if (width <= kManifestWidth) return line(key, all);
    line(key, {});
    Block inner(out_, indent_ + kLevelBlanks);
    for (const Member& member : members) inner.member(member);
  }

 private:
  std::string lead() {
    if (!std::exchange(is_item_, false)) return std::string(indent_, ' ');
    std::string lead = std::string(indent_, ' ') + "- ";
    indent_ += kLevelBlanks;
    return lead;
  }

  // What stands behind the key, on its line.
  static std::string flow(const Member& member, ScalarSpot spot) {
    switch (member.kind) {
      case MemberKind::text: return scalar(member.texts.front(), spot);
      case MemberKind::glob: return glob(member.texts.front(), spot);
      case MemberKind::word: return member.texts.front();
      case MemberKind::list: break;
    }
    Texts items;
    for (const std::string& text : member.texts) items.push_back(scalar(text, ScalarSpot::brackets));
    return "[" + join(items, ", ") + "]";
  }

  void member(const Member& member) {
    const std::string behind = flow(member, ScalarSpot::line);
    const bool fits = indent_ + member.key.size() + 2 + display_width(behind) <= kManifestWidth;
    if (member.kind != MemberKind::list || fits) return line(member.key, behind);
    line(member.key, {});
    for (const std::string& text : member.texts)
      out_ += std::string(indent_ + kLevelBlanks, ' ') + "- " + scalar(text, ScalarSpot::line) + "\n";
  }

  std::string& out_;
  std::size_t indent_;
  bool is_item_ = false;
};

Texts texts_of(const std::vector<ZoneRef>& zones) {
  Texts texts;
  for (const ZoneRef& zone : zones) texts.push_back(zone.text);
  return texts;
}

void write_network(Block& block, const DesiredNetwork& network) {
  std::vector<Block::Member> members = {{"connection", {network.connection}, MemberKind::word}};
  if (!network.include.empty()) members.push_back({"include", texts_of(network.include), MemberKind::list});
  if (!network.exclude.empty()) members.push_back({"exclude", texts_of(network.exclude), MemberKind::list});
  block.mapping("network", members);
}

// What is wanted of a token, or of those that a rule fits.
template <class Wanting>
void write_wanted(Block& block, const Wanting& wanting) {
  if (wanting.network) write_network(block, *wanting.network);
  if (wanting.revoked) {
    block.line("state", "revoked");
    block.text("reason", wanting.revoked->reason);
    if (wanting.revoked->not_before) block.line("not_before", format_seconds(*wanting.revoked->not_before));
  }
  if (wanting.ignore) block.line("ignore", "true");
}

void write_entry(std::string& out, const Noted<DesiredToken>& entry, std::size_t indent) {
  Block block(out, indent);
  block.notes(entry.notes);
  block.begin_item();
  block.text("id", entry.part.id);
  block.text("name", entry.part.name);
  block.text("owner", entry.part.owner);
  write_wanted(block, entry.part);
}

void write_rule(std::string& out, const Noted<Rule>& rule, std::size_t indent) {
  Block block(out, indent);
  block.notes(rule.notes);
  block.begin_item();
  const TokenMatch& match = rule.part.match;
  ensure(!match.idle && !match.age && match.excluded.empty(),
         "a draft's rules go by what tokens are for good");
  std::vector<Block::Member> members;
  if (match.name) members.push_back({"name", {*match.name}, MemberKind::glob});
  if (match.owner) members.push_back({"owner", {*match.owner}, MemberKind::glob});
  if (match.client) members.push_back({"client", {*match.client}, MemberKind::glob});
  if (match.connection) members.push_back({"connection", {*match.connection}, MemberKind::word});
  block.mapping("match", members);
  write_wanted(block, rule.part);
  if (rule.part.min) block.line("min", std::to_string(*rule.part.min));
  if (rule.part.max) block.line("max", std::to_string(*rule.part.max));
}

void write_pin(std::string& out, const Noted<ZonePin>& pin, std::size_t indent) {
  Block block(out, indent);
  block.notes(pin.notes);
  std::vector<Block::Member> members;
  if (pin.part.id) members.push_back({"id", {*pin.part.id}, MemberKind::text});
  if (!pin.part.within.empty()) members.push_back({"within", pin.part.within, MemberKind::list});
  if (!pin.part.covers.empty()) members.push_back({"covers", pin.part.covers, MemberKind::list});
  if (pin.part.quarantine) members.push_back({"quarantine", {"true"}, MemberKind::word});
  block.mapping(scalar(pin.part.name, ScalarSpot::line), members);
}

}  // namespace

std::string write_entries(const std::vector<Noted<DesiredToken>>& tokens, std::size_t indent) {
  std::string out;
  for (const auto& token : tokens) write_entry(out, token, indent);
  return out;
}

std::string write_document(const Draft& draft) {
  std::string out;
  Block top(out, 0);
  top.notes(draft.notes);
  top.line("apiVersion", "zonepin/v1");
  top.line("kind", "ApiTokens");
  if (draft.org) top.text("org", *draft.org);
  if (!draft.zones.empty()) top.line("zones", {});
  for (const auto& pin : draft.zones) write_pin(out, pin, kLevelBlanks);
  if (!draft.tokens.empty()) top.line("tokens", {});
  out += write_entries(draft.tokens, kLevelBlanks);
  if (!draft.rules.empty()) top.line("rules", {});
  for (const auto& rule : draft.rules) write_rule(out, rule, kLevelBlanks);
  top.notes(draft.closing);
  return out;
}

std::string write_documents(const std::vector<Draft>& drafts) {
  std::string out;
  for (const Draft& draft : drafts) {
    if (!out.empty()) out += "---\n";
    out += write_document(draft);
  }
  return out;
}

}  // namespace zonepin
