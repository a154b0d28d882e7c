#include "sim/choices.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include "base/ensure.h"

namespace zonepin::sim {

namespace {

struct ChoiceRow {
  std::string_view name;
  std::vector<std::string_view> values;
  std::size_t (*get)(const Choices&);
  void (*set)(Choices&, std::size_t);
};

template <auto Member>
ChoiceRow choice_row(std::string_view name, std::vector<std::string_view> values) {
  return ChoiceRow{name, std::move(values),
                   [](const Choices& choices) { return static_cast<std::size_t>(choices.*Member); },
                   [](Choices& choices, std::size_t value) {
                     using Enum = std::remove_reference_t<decltype(choices.*Member)>;
                     choices.*Member = static_cast<Enum>(value);
                   }};
}

const std::vector<ChoiceRow>& choice_rows() {
  static const std::vector<ChoiceRow> rows = {
      choice_row<&Choices::outside_network>("outsideNetwork", {"401-E0000011", "403-E0000006"}),
      choice_row<&Choices::partial_put>("partialPut", {"accepted", "refused"}),
      choice_row<&Choices::rename>("rename", {"applied", "ignored", "refused"}),
      choice_row<&Choices::owner_change>("ownerChange", {"refused", "ignored", "applied"}),
      choice_row<&Choices::omitted_network>("omittedNetwork", {"cleared", "kept", "refused"}),
      choice_row<&Choices::empty_list>("emptyList", {"absent", "refused"}),
      choice_row<&Choices::reserved_words>("reservedWords", {"accepted", "refused"}),
      choice_row<&Choices::system_zones>("systemZones", {"accepted", "refused"}),
      choice_row<&Choices::list_order>("listOrder", {"as-sent", "reversed"}),
      choice_row<&Choices::idle_put>("idlePut", {"moves-lastUpdated", "leaves-lastUpdated"}),
      choice_row<&Choices::agent_tokens>("agentTokens", {"listed", "hidden"}),
      choice_row<&Choices::agent_put>("agentPut", {"accepted", "refused"}),
      choice_row<&Choices::deactivated_owner>("deactivatedOwner", {"listed", "hidden"}),
      choice_row<&Choices::zone_put_answer>("zonePutAnswer", {"stale-lastUpdated", "fresh-lastUpdated"}),
      choice_row<&Choices::large_limit>("largeLimit", {"capped", "refused"}),
      choice_row<&Choices::manage_scope>("manageScope", {"writes-only", "reads-too"}),
      choice_row<&Choices::ungranted_scope>("ungrantedScope", {"invalid_scope", "consent_required"}),
      choice_row<&Choices::api_nonce>("apiNonce", {"not-required", "required"}),
  };
  return rows;
}

const ChoiceRow* find_choice(std::string_view name) {
  const std::vector<ChoiceRow>& rows = choice_rows();
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const ChoiceRow& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<ChoiceWords>& choice_words() {
  static const std::vector<ChoiceWords> words = [] {
    std::vector<ChoiceWords> all;
    for (const ChoiceRow& row : choice_rows()) all.push_back(ChoiceWords{row.name, row.values});
    return all;
  }();
  return words;
}

std::string_view choice_value(const Choices& choices, std::string_view name) {
  const ChoiceRow* row = find_choice(name);
  ensure(row != nullptr, "choice_value: there is no such choice");
  return row->values.at(row->get(choices));
}

bool set_choice(Choices& choices, std::string_view name, std::string_view value) {
  const ChoiceRow* row = find_choice(name);
  if (row == nullptr) return false;
  const auto found = std::find(row->values.begin(), row->values.end(), value);
  if (found == row->values.end()) return false;
  row->set(choices, static_cast<std::size_t>(found - row->values.begin()));
  return true;
}

}  // namespace zonepin::sim
