#include "report/lists.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "report/table.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kCellColumns = 200;
// Gateways that a cell names; a cell is cut anyway.
constexpr std::size_t kCellGateways = 8;

std::string cell(const std::optional<std::string>& text) {
  return text ? escape_cut(*text, kCellColumns) : std::string();
}

// By name and id: how a person looks for one.
template <class Value>
std::vector<const Value*> by_name(const std::vector<Value>& values) {
  std::vector<const Value*> order;
  for (const Value& value : values) order.push_back(&value);
  std::sort(order.begin(), order.end(), [](const Value* a, const Value* b) {
    return std::tie(a->name, a->id) < std::tie(b->name, b->id);
  });
  return order;
}

std::string used_cell(const Token& token, Instant now) {
  const auto used = last_use_of(token);
  return used ? age_text(*used, now) : "unknown";
}

// `no, type DYNAMIC`: in the few columns that a table has.
std::string usable_cell(const Zone& zone) {
  if (is_usable(zone)) return "yes";
  std::string why = why_unusable(zone);
  for (const std::string_view lead : {"is of ", "is a ", "is "}) {
    if (!why.starts_with(lead)) continue;
    why.erase(0, lead.size());
    break;
  }
  return "no, " + why;
}

std::string gateways_cell(const Zone& zone) {
  std::vector<std::string> values;
  for (std::size_t at = 0; at < zone.gateways.size() && at < kCellGateways; ++at) {
    values.push_back(escape_cut(zone.gateways[at].value, kCellColumns));
  }
  if (zone.gateways.size() > kCellGateways)
    values.push_back("and " + std::to_string(zone.gateways.size() - kCellGateways) + " more");
  return join(values, ", ");
}

std::string source_words(const Live& live, Instant now) {
  std::string words = " in " + escape_cut(live.host, kCellColumns);
  if (live.taken_at) {
    words +=
        ", as of the snapshot of " + minute_text(*live.taken_at) + " (" + age_text(*live.taken_at, now) + ")";
  }
  return words;
}

std::string footer(const std::string& text, const Style& style) {
  Page page(style);
  page.line(0, words_of(text), kBlockIndent);
  return page.take();
}

}  // namespace

std::string tokens_text(const Live& live, Instant now, const Style& style) {
  if (live.tokens.empty()) return footer("No tokens" + source_words(live, now) + ".", style);
  const ZoneNames zones(live.zones);
  std::vector<Row> rows;
  std::size_t open = 0;
  for (const Token* token : by_name(live.tokens)) {
    const std::string_view login = live.users.login_of(token->user_id);
    if (effective_network(*token).connection == kAnywhere) ++open;
    rows.push_back({cell(token->name), cell(token->id), condition_cell(token->network, zones),
                    used_cell(*token, now), login.empty() ? cell(token->user_id) : cell(std::string(login)),
                    cell(token->client_name)});
  }
  const std::vector<Column> columns = {{"NAME", 14},      {"ID", 20},          {"CONDITION", 20},
                                       {"LAST USED", 11}, {"OWNER", 20, true}, {"CLIENT", 8, true}};
  return table_text(columns, rows, style) + "\n" +
         footer(plural(rows.size(), "token") + source_words(live, now) + "; " + std::to_string(open) +
                    (open == 1 ? " can" : " of them can") + " be used from anywhere.",
                style);
}

std::string zones_text(const Live& live, const Style& style) {
  if (live.zones.empty())
    return footer("No network zones in " + escape_cut(live.host, kCellColumns) + ".", style);
  std::vector<Row> rows;
  std::size_t usable = 0;
  for (const Zone* zone : by_name(live.zones)) {
    if (is_usable(*zone)) ++usable;
    rows.push_back({cell(zone->name), cell(zone->id), usable_cell(*zone), gateways_cell(*zone),
                    cell(zone->type), cell(zone->status), cell(zone->usage)});
  }
  const std::vector<Column> columns = {{"NAME", 14},      {"ID", 20},         {"FOR TOKENS", 19},
                                       {"GATEWAYS", 12},  {"TYPE", 10, true}, {"STATUS", 8, true},
                                       {"USAGE", 9, true}};
  return table_text(columns, rows, style) + "\n" +
         footer(plural(rows.size(), "network zone") + " in " + escape_cut(live.host, kCellColumns) +
                    "; a token's condition can name " + std::to_string(usable) +
                    " of them (ACTIVE, type IP, usage POLICY).",
                style);
}

}  // namespace zonepin
