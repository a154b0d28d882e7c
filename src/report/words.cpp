#include "report/words.h"

#include <algorithm>

#include "base/text.h"

namespace zonepin {

namespace {

// A longer message keeps its two ends: what it is about, and what to do.

constexpr std::size_t kIdColumns = 64;
constexpr std::size_t kRuleColumns = 40;
constexpr std::size_t kPathColumns = 300;
// Zones that a cell of a table names; the whole table is cut to the page anyway.
constexpr std::size_t kCellZones = 8;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t name_columns(const Page& page) {
  // A zone's name in quotes with a comma still fits beside the label of a field.
  return std::min(kNameColumns, page.room_after(kFieldIndent + kLabelColumns) - 3);
}

void append_zones(Words& words, const std::vector<std::string>& ids, const ZoneNames& zones,
                  std::size_t columns) {
  for (std::size_t at = 0; at < ids.size(); ++at) {
    zones.append(words, ids[at], columns);
    if (at + 1 < ids.size()) attach(words, ",");
  }
}

void append_lists(Words& words, const NetworkCondition& condition, const ZoneNames& zones,
                  std::size_t columns) {
  if (!condition.include.empty()) {
    append_words(words, "only from");
    append_zones(words, condition.include, zones, columns);
  }
  if (!condition.exclude.empty()) {
    append_words(words, condition.include.empty() ? "from anywhere but" : "and not from");
    append_zones(words, condition.exclude, zones, columns);
  }
}

std::string zones_cell(const std::vector<std::string>& ids, const ZoneNames& zones) {
  std::string text;
  for (std::size_t at = 0; at < ids.size() && at < kCellZones; ++at) {
    text += (at == 0 ? "" : ", ") + zones.plain(ids[at]);
  }
  if (ids.size() > kCellZones) text += ", and " + std::to_string(ids.size() - kCellZones) + " more";
  return text;
}

}  // namespace

std::string rule_text(std::string_view name) {
  return escape_cut(name, kRuleColumns);
}

std::string message_text(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return escape_message(text);
  std::size_t head = bytes * 2 / 3;
  while (head > 0 && continues_character(text[head])) --head;
  std::size_t tail = text.size() - (bytes - bytes * 2 / 3);
  while (tail < text.size() && continues_character(text[tail])) ++tail;
  return escape_message(text.substr(0, head)) + "… " + escape_message(text.substr(tail));
}

Words token_words(std::string_view name, std::string_view id, const Page& page) {
  Words words;
  if (!name.empty()) words.push_back({in_quotes(name, name_columns(page)), Ink::strong});
  if (!id.empty()) words.push_back({escape_cut(id, kIdColumns), name.empty() ? Ink::strong : Ink::plain});
  if (words.empty()) words.push_back({"(no name)"});
  return words;
}

Words place_words(const SourceRef& source) {
  return words_of(escape_cut(source.file, kPathColumns) + ":" + std::to_string(source.line));
}

std::string text_of(const Words& words) {
  std::string text;
  for (const Word& word : words) {
    if (!text.empty()) text += ' ';
    text += word.text;
  }
  return text;
}

std::string minute_text(Instant instant) {
  const std::string text = format_seconds(instant);
  return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

std::string age_text(Instant instant, Instant now) {
  constexpr Milliseconds kMinute{60'000};
  if (now - instant >= kMinute) return format_length(now - instant) + " ago";
  if (instant - now >= kMinute) return "in " + format_length(instant - now);
  return "just now";
}

std::string last_use_text(const std::optional<Instant>& used, Instant now) {
  if (!used) return "unknown, counts as just now";
  return "about " + minute_text(*used) + ", " + age_text(*used, now);
}

ZoneNames::ZoneNames(const std::map<std::string, Zone>& zones) {
  for (const auto& entry : zones) add(entry.second);
}

ZoneNames::ZoneNames(const std::vector<Zone>& zones) {
  for (const Zone& zone : zones) add(zone);
}

void ZoneNames::add(const Zone& zone) {
  by_id_.emplace(zone.id, &zone);
  ++times_named_[zone.name];
}

void ZoneNames::append(Words& words, const std::string& id, std::size_t columns) const {
  if (is_reserved_zone(id)) {
    words.push_back({id});
    return;
  }
  const auto found = by_id_.find(id);
  const Zone* zone = found == by_id_.end() ? nullptr : found->second;
  const bool named = zone != nullptr && !zone->name.empty();
  if (named) words.push_back({in_quotes(zone->name, columns)});
  if (!named || times_named_.at(zone->name) > 1) words.push_back({"[" + escape_cut(id, kIdColumns) + "]"});
  if (zone == nullptr || is_usable(*zone)) return;
  append_words(words, "(" + why_unusable(*zone) + ")", Ink::attention);
}

std::string ZoneNames::plain(const std::string& id) const {
  if (is_reserved_zone(id)) return id;
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || found->second->name.empty()) return "[" + escape_cut(id, kIdColumns) + "]";
  return escape_cut(found->second->name, kNameColumns);
}

std::string undecided_words(const OrgPlan& plan) {
  const Summary summary = summary_of(plan);
  const std::size_t count = summary.count(Status::ambiguous) + summary.count(Status::conflict);
  if (count == 0) return {};
  return plural(count, "token") + " could not be decided and " +
         (count == 1 ? "stays as it is" : "stay as they are") + ": `zonepin plan` says why.";
}

namespace {

// A count that fits a column exactly, with a comma every three digits; beyond that about: `about 7.9e28`.
std::string count_text(const std::string& count) {
  constexpr std::size_t kExactDigits = 15;
  if (count.size() > kExactDigits) {
    return "about " + count.substr(0, 1) + "." + count.substr(1, 1) + "e" + std::to_string(count.size() - 1);
  }
  std::string text;
  for (std::size_t at = 0; at < count.size(); ++at) {
    if (at != 0 && (count.size() - at) % 3 == 0) text += ',';
    text += count[at];
  }
  return text;
}

// The words of a list that may be longer than its first members, `more` of which were cut before.
void append_cidrs(Words& words, const std::vector<std::string>& cidrs, std::size_t more) {
  const std::size_t shown = std::min(cidrs.size(), kMaxCidrs);
  const std::size_t left = cidrs.size() - shown + more;
  for (std::size_t at = 0; at < shown; ++at) {
    words.push_back({escape(cidrs[at])});
    if (at + 1 < shown || left != 0) attach(words, ",");
  }
  if (left != 0) append_words(words, "and " + std::to_string(left) + " more");
}

}  // namespace

Words addresses_words(const AddressList& list) {
  Words words;
  const bool all = list.all_but && list.all_but->empty();
  if (list.all_but) {
    append_words(words, all ? "everything" : "everything but");
    append_cidrs(words, *list.all_but, 0);
    return words;
  }
  append_cidrs(words, list.cidrs, list.more);
  append_words(words, "(" + count_text(list.count) + (list.count == "1" ? " address)" : " addresses)"));
  return words;
}

Words condition_words(const std::optional<NetworkCondition>& condition, const ZoneNames& zones,
                      const Page& page) {
  if (!condition) return words_of("no condition, which counts as ANYWHERE");
  const bool has_lists = !condition->include.empty() || !condition->exclude.empty();
  const bool known = condition->connection == kAnywhere || condition->connection == kZone;
  Words words;
  words.push_back({known ? condition->connection : in_quotes(condition->connection, name_columns(page))});
  if (!known) {
    attach(words, ",");
    append_words(words, "which zonepin doesn't know", Ink::attention);
  }
  if (condition->connection == kAnywhere && !has_lists) return words;
  attach(words, ",");
  if (has_lists) {
    append_lists(words, *condition, zones, name_columns(page));
  } else {
    append_words(words, "no zone named");
  }
  return words;
}

std::string condition_cell(const std::optional<NetworkCondition>& condition, const ZoneNames& zones) {
  if (!condition) return "none (anywhere)";
  std::string text;
  if (condition->connection == kAnywhere) {
    text = "anywhere";
  } else if (condition->connection != kZone) {
    text = escape_cut(condition->connection, kIdColumns);
  }
  const auto add = [&](const std::string& words) { text += (text.empty() ? "" : ", ") + words; };
  if (!condition->include.empty()) add("only from " + zones_cell(condition->include, zones));
  if (!condition->exclude.empty()) add("not from " + zones_cell(condition->exclude, zones));
  return text.empty() ? "ZONE, no zone named" : text;
}

}  // namespace zonepin
