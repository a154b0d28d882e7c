#include "report/item_text.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "report/said.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kDetailLabelColumns = 20;

Ink ink_of(const ReportItem& item) {
  if (!needs_attention(item.state)) return Ink::plain;
  if (item.state == ItemState::waived) return Ink::faint;
  switch (item.level) {
    case ItemLevel::error: return Ink::bad;
    case ItemLevel::warning: return Ink::attention;
    case ItemLevel::note: return Ink::plain;
  }
  return Ink::plain;
}

std::string_view sign_of(const ReportItem& item) {
  switch (item.state) {
    case ItemState::fail:
    case ItemState::broken: return item.level == ItemLevel::error ? "!" : "-";
    case ItemState::unknown:
    case ItemState::not_reviewed: return "?";
    case ItemState::pending: return "~";
    case ItemState::not_reached: return ".";
    case ItemState::waived:
    case ItemState::told: return "o";
    case ItemState::done: return "+";
    case ItemState::pass: return "=";
  }
  return "?";
}

void append_details(Page& page, const ReportItem& item, std::size_t most) {
  const std::vector<ItemDetail>& details = item.details;
  const std::size_t shown = std::min(details.size(), most);
  for (std::size_t at = 0; at < shown; ++at) {
    const bool repeated = at != 0 && details[at - 1].label == details[at].label;
    page.field(repeated ? std::string() : escape_cut(details[at].label, kDetailLabelColumns),
               words_of(message_text(details[at].text)));
  }
  if (const std::size_t left = details_left_out(item, shown); left > 0)
    page.field("", words_of("and " + std::to_string(left) + " more"));
}

void append_item(Page& page, const ReportItem& item, std::size_t most_details) {
  Words words = {{std::string(sign_of(item)), ink_of(item)}};
  const bool named = !item.name.empty() || !item.token_id.empty();
  if (named) {
    for (Word& word : token_words(item.name, item.token_id, page)) words.push_back(std::move(word));
  }
  if (const std::string marks = shown_marks(item); !marks.empty()) append_words(words, "(" + marks + ")");
  if (!named) append_words(words, message_text(item.message));
  page.line(kBlockIndent, words, kFieldIndent);
  if (named && !item.message.empty())
    page.line(kFieldIndent, words_of(message_text(item.message)), kFieldIndent);
  if (!item.accepted.empty()) page.line(kFieldIndent, words_of(message_text(item.accepted)), kFieldIndent);
  if (item.place) page.field("source", place_words(*item.place));
  if (!item.owner.empty()) page.field("owner", words_of(escape_cut(item.owner, kNameColumns)));
  append_details(page, item, most_details);
}

}  // namespace

void append_items(Page& page, const std::vector<const ReportItem*>& items, const ItemLimits& limits) {
  const std::size_t shown = std::min(items.size(), limits.items);
  for (std::size_t at = 0; at < shown; ++at) append_item(page, *items[at], limits.details);
  if (shown == items.size()) return;
  page.line(kBlockIndent,
            words_of("and " + std::to_string(items.size() - shown) + " more (--format json lists all)"),
            kFieldIndent);
}

}  // namespace zonepin
