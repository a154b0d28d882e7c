// A comment for a pull or merge request, in CommonMark with the little HTML that folds. Whatever is not a
// word of plain letters stands in code: no link, mention, reference, emoji or formula comes about in it, on
// GitHub as on GitLab.
#include <algorithm>

#include "base/text.h"
#include "report/formats.h"
#include "report/markup.h"
#include "report/said.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxOrgsNamed = 60;
constexpr std::size_t kMaxBulletDetails = 8;
// Kept free for the words that end a group, an org and the comment.
constexpr std::size_t kMarkdownReserve = 600;

// As GitHub counts at worst: in UTF-16.
std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0U ? 2 : 1;
  }
  return units;
}

// A code span: its fence is longer than any run of backticks in it.
std::string code_span(std::string_view shown) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : shown) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const bool pad = shown.empty() || shown.front() == '`' || shown.back() == '`' || shown.front() == ' ' ||
                   shown.back() == ' ';
  const std::string_view space = pad ? " " : "";
  std::string out = fence;
  out.append(space).append(shown).append(space).append(fence);
  return out;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Words that no renderer makes anything of: no punctuation inside, and not like a commit or an issue.
bool is_plain_word(std::string_view word) {
  if (word == "…") return true;
  if (!word.empty() && word.front() == '-') return false;  // an option
  bool digits = false;
  bool hyphens = false;
  for (const char c : word) {
    const bool digit = c >= '0' && c <= '9';
    digits = digits || digit;
    hyphens = hyphens || c == '-';
    if (!is_letter(c) && !digit && c != '-' && c != '\'' && c != '(' && c != ')') return false;
  }
  return !digits || (!hyphens && word.size() < 7);
}

void append_prose_word(std::string& out, std::string_view word) {
  std::size_t end = word.size();
  while (end > 0 && std::string_view(".,;:").find(word[end - 1]) != std::string_view::npos) --end;
  const std::string_view tail = word.substr(end);
  word = word.substr(0, end);
  if (!word.empty()) out += is_plain_word(word) ? std::string(word) : code_span(word);
  // A colon right before a letter or a second one could start an emoji: here a space or the end follows.
  out += tail.size() > 1 ? tail.substr(0, 1) : tail;
}

// Where the quoted stretch at the front of `text` ends, its quotes included; 0: it does not.
std::size_t quoted_length(std::string_view text) {
  const char quote = text.front();
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      return at + 1;
    }
  }
  return 0;
}

// A sentence of ours: names in quotes, and what we put between backticks, become code.
std::string prose(std::string_view shown) {
  std::string out;
  while (!shown.empty()) {
    const char front = shown.front();
    std::size_t taken = 1;
    if (front == ' ') {
      out += ' ';
    } else if (front == '"' || front == '`') {
      taken = quoted_length(shown);
      if (taken == 0) return out + code_span(shown);
      out += code_span(shown.substr(1, taken - 2));
    } else {
      taken = std::min(shown.find_first_of(" \"`"), shown.size());
      append_prose_word(out, shown.substr(0, taken));
    }
    shown.remove_prefix(taken);
  }
  return out;
}

std::string bullet(const ReportItem& item) {
  std::string text = "- ";
  if (!item.name.empty()) text += code_span(shown_name(item.name, 60)) + " ";
  if (!item.token_id.empty()) text += code_span(shown_name(item.token_id, 64)) + " ";
  if (const std::string marks = shown_marks(item); !marks.empty()) text += "(" + marks + ") ";
  text += prose(message_text(item.message));
  if (item.place) {
    text += " " + code_span(shown_name(item.place->file, 200) + ":" + std::to_string(item.place->line));
  }
  text += "\n";
  if (!item.accepted.empty()) text += "  - accepted: " + prose(message_text(item.accepted)) + "\n";
  const std::size_t shown = std::min(item.details.size(), kMaxBulletDetails);
  for (std::size_t at = 0; at < shown; ++at) {
    const ItemDetail& detail = item.details[at];
    text += "  - " + prose(shown_name(detail.label)) + ": " + prose(message_text(detail.text)) + "\n";
  }
  if (const std::size_t left = details_left_out(item, shown); left > 0)
    text += "  - and " + std::to_string(left) + " more\n";
  return text;
}

std::string summary_of(const ReportOrg& org) {
  std::string text = counts_text(org.counts) + ".";
  if (!org.remark.empty()) text += " " + prose(message_text(org.remark));
  if (org.exit_code != 0) text += " Exit code " + std::to_string(org.exit_code) + ".";
  return text;
}

// Fills a comment and knows what it had to leave out.
class Comment {
 public:
  explicit Comment(const Report& report) : report_(report) {}

  std::string whole() {
    head();
    std::vector<std::size_t> with_items;
    for (std::size_t at = 0; at < report_.orgs.size(); ++at) {
      groups_.push_back(groups_of(report_, report_.orgs[at]));
      if (!groups_.back().empty()) with_items.push_back(at);
    }
    // What one org leaves of its share goes to those behind it.
    std::size_t left = with_items.size();
    for (const std::size_t at : with_items) {
      const std::size_t room = kMaxMarkdownCharacters - kMarkdownReserve -
                               std::min(used_, kMaxMarkdownCharacters - kMarkdownReserve);
      org(report_.orgs[at], groups_[at], room / left--);
    }
    foot();
    return std::move(text_);
  }

 private:
  void add(const std::string& text) {
    text_ += text;
    used_ += utf16_length(text);
  }

  void head() {
    // By this line a later run finds its comment, to write it anew.
    add("<!-- zonepin:" + std::string(to_string(report_.kind)) + " -->\n");
    add("### zonepin " + std::string(to_string(report_.kind)) + ": " +
        (report_.orgs.empty() ? "no org is concerned" : counts_text(total_counts(report_))) + "\n\n");
    if (report_.kind == ReportKind::failure) {
      add("The run failed with exit code " + std::to_string(report_.exit_code) + ".\n\n");
      return;
    }
    for (std::size_t at = 0; at < report_.orgs.size() && at < kMaxOrgsNamed; ++at) {
      const ReportOrg& org = report_.orgs[at];
      add("- " + code_span(shown_host(org)) + ": " + summary_of(org) + "\n");
    }
    if (report_.orgs.size() > kMaxOrgsNamed)
      add("- and " + std::to_string(report_.orgs.size() - kMaxOrgsNamed) + " more orgs\n");
    add("\n");
  }

  void org(const ReportOrg& org, const std::vector<ItemGroup>& groups, std::size_t share) {
    std::size_t items = 0;
    for (const ItemGroup& group : groups) items += group.items.size();
    const std::string open = "<details><summary><code>" + markup_text(shown_host(org)) +
                             "</code>: " + plural(items, "line") + "</summary>\n\n";
    const std::string close = "</details>\n\n";
    const std::size_t end = used_ + share;
    if (used_ + utf16_length(open) + utf16_length(close) + kMarkdownReserve / 2 > end) {
      left_out_ += items;
      return;
    }
    add(open);
    for (const ItemGroup& each : groups) group(each, end);
    add(close);
  }

  void group(const ItemGroup& group, std::size_t end) {
    const std::string heading =
        "**" + prose(message_text(group.rule->title)) + "** (" + std::to_string(group.items.size()) + ")\n\n";
    std::size_t shown = 0;
    std::string lines;
    std::size_t size = utf16_length(heading);
    for (const ReportItem* item : group.items) {
      const std::string line = bullet(*item);
      const std::size_t length = utf16_length(line);
      if (used_ + size + length + 120 > end) break;
      lines += line;
      size += length;
      ++shown;
    }
    left_out_ += group.items.size() - shown;
    if (shown == 0) return;
    if (shown < group.items.size())
      lines += "- and " + std::to_string(group.items.size() - shown) + " more\n";
    add(heading + lines + "\n");
  }

  void foot() {
    if (left_out_ != 0) {
      add("**" + plural(left_out_, "line") +
          " left out here**, because a comment is bounded. The other formats have them all.\n\n");
    }
    std::string text =
        code_span(format_seconds(report_.at)) + ", exit code " + std::to_string(report_.exit_code);
    if (!report_.source_revision.empty())
      text += ", revision " + code_span(shown_name(report_.source_revision, 60));
    if (!report_.digest.empty()) text += ", digest " + code_span(report_.digest.substr(0, 12));
    add(text + "\n");
  }

  const Report& report_;
  std::vector<std::vector<ItemGroup>> groups_;
  std::string text_;
  std::size_t used_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace

std::string markdown_report(const Report& report) {
  return Comment(report).whole();
}

}  // namespace zonepin
