#include "base/text.h"
#include "report/lists.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kValueColumns = 200;
constexpr std::size_t kMaxGateways = 20;

Words optional_words(const std::optional<std::string>& text) {
  return words_of(text ? escape_cut(*text, kValueColumns) : std::string("unknown"));
}

// A date as Okta wrote it, with its age where it can be read.
Words date_words(const std::optional<std::string>& text, Instant now) {
  if (!text) return words_of("unknown");
  const auto instant = parse_instant(*text);
  if (!instant) return optional_words(text);
  return words_of(minute_text(*instant) + ", " + age_text(*instant, now));
}

void append_zone(Page& page, const std::string& id, const std::vector<Zone>& zones, const ZoneNames& names) {
  Words words;
  names.append(words, id, page.room_after(kFieldIndent + kLabelColumns) - 3);
  for (const Zone& zone : zones) {
    if (zone.id != id) continue;
    attach(words, ":");
    if (zone.gateways.empty()) append_words(words, "no gateways");
    for (std::size_t at = 0; at < zone.gateways.size() && at < kMaxGateways; ++at) {
      append_words(words, escape_cut(zone.gateways[at].value, kValueColumns));
      if (at + 1 < zone.gateways.size()) attach(words, ",");
    }
    if (zone.gateways.size() > kMaxGateways) {
      append_words(words, "and " + std::to_string(zone.gateways.size() - kMaxGateways) + " more");
    }
    break;
  }
  page.field("zone", words);
}

}  // namespace

std::string token_text(const Token& token, const std::vector<Zone>& zones, Instant now, const Style& style) {
  Page page(style);
  const ZoneNames names(zones);
  page.line(0, token_words(token.name, token.name.empty() ? token.id : std::string(), page), kBlockIndent);
  page.field("id", words_of(escape_cut(token.id, kValueColumns)));
  page.field("owner", optional_words(token.user_id));
  page.field("client", optional_words(token.client_name));
  page.field("condition", condition_words(token.network, names, page));
  if (token.network) {
    for (const std::string& id : token.network->include) append_zone(page, id, zones, names);
    for (const std::string& id : token.network->exclude) append_zone(page, id, zones, names);
  }
  page.field("last used", words_of(last_use_text(last_use_of(token), now)));
  page.field("created", date_words(token.created, now));
  page.field("updated", date_words(token.last_updated, now));
  page.field("expires", date_words(token.expires_at, now));
  page.field("window", optional_words(token.token_window));
  return page.take();
}

}  // namespace zonepin
