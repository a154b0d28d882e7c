// Names, conditions, places and times as a person reads them: escaped, cut, ready for a Page. For this room
// only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "model/token.h"
#include "plan/plan.h"
#include "report/page.h"

namespace zonepin {

// Of a name, however wide the page.
inline constexpr std::size_t kNameColumns = 60;

// A message or reason of any length and content: escaped, its middle left out where it is longer than about
// `bytes`.
std::string message_text(std::string_view text, std::size_t bytes = 400);

// The name of a rule or a guard.
std::string rule_text(std::string_view name);

// `"name" id`; either may be empty.
Words token_words(std::string_view name, std::string_view id, const Page& page);

Words place_words(const SourceRef& source);

// As one line without colours.
std::string text_of(const Words& words);

// `2026-10-02 03:04 UTC`
std::string minute_text(Instant instant);
// "52 days ago", "just now", "in 3 h".
std::string age_text(Instant instant, Instant now);
// `about 2026-10-02 03:04 UTC, 52 days ago`; an unknown one counts as just now (DESIGN 4).
std::string last_use_text(const std::optional<Instant>& used, Instant now);

// `2 tokens could not be decided and stay as they are: `zonepin plan` says why.` Empty where there is none.
std::string undecided_words(const OrgPlan& plan);

// The names of one org's zones. Refers to what it was made from.
class ZoneNames {
 public:
  explicit ZoneNames(const std::map<std::string, Zone>& zones);
  explicit ZoneNames(const std::vector<Zone>& zones);

  // The name in quotes, the id in brackets where the name is unknown or not enough, and why a token can't use
  // it if so.
  void append(Words& words, const std::string& id, std::size_t name_columns) const;
  // The same for a cell of a table: the name alone where it is known.
  std::string plain(const std::string& id) const;

 private:
  void add(const Zone& zone);

  std::unordered_map<std::string_view, const Zone*> by_id_;
  std::unordered_map<std::string_view, std::size_t> times_named_;
};

// `ZONE, only from "corp", "ci"`. None: there is no condition.
Words condition_words(const std::optional<NetworkCondition>& condition, const ZoneNames& zones,
                      const Page& page);
// The same for a cell of a table: `only from corp, ci`.
std::string condition_cell(const std::optional<NetworkCondition>& condition, const ZoneNames& zones);

// `everything but 203.0.113.0/24`, or the CIDRs, cut after kMaxCidrs, and how many addresses: `203.0.113.0/24
// (256 addresses)`.
inline constexpr std::size_t kMaxCidrs = 24;
Words addresses_words(const AddressList& list);

}  // namespace zonepin
