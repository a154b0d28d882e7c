#include "adopt/adopt.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "adopt/grouping.h"
#include "adopt/wording.h"
#include "base/text.h"
#include "manifest/scalar_text.h"

namespace zonepin {

namespace {

constexpr std::string_view kActiveUser = "ACTIVE";
constexpr std::string_view kReviewReason =
    "TO REVIEW: no manifest speaks of this token; say why it goes, or pin it instead";

// How an entry names its token, and why not otherwise.
struct Naming {
  std::string id;
  std::string name;
  std::string why_by_id;  // worth a word to a reader; else empty
};

class Adoption {
 public:
  Adoption(const Live& live, const AdoptWishes& wishes) : live_(live), wishes_(wishes), wording_(live.zones) {
    for (const Token& token : live.tokens) ++names_[token.name];
  }

  Adopted adopted() {
    choose();
    adopted_.tokens = chosen_.size();
    adopted_.draft.org = wishes_.org;
    adopted_.draft.notes = opening();
    if (wishes_.as == AdoptAs::rules) add_rules();
    for (const Token* token : chosen_) {
      if (ruled_.count(token) == 0) adopted_.draft.tokens.push_back(entry_for(*token));
    }
    if (wishes_.pins == Pins::written) adopted_.draft.zones = wording_.pins(zones_in_use_);
    return std::move(adopted_);
  }

 private:
  // By name, then by id.
  void choose() {
    for (const Token& token : live_.tokens) {
      if (!wishes_.only || wishes_.only->count(token.id) != 0) chosen_.push_back(&token);
    }
    std::sort(chosen_.begin(), chosen_.end(), [](const Token* a, const Token* b) {
      return std::tie(a->name, a->id) < std::tie(b->name, b->id);
    });
  }

  // Takes out of the entries what rules say.
  void add_rules() {
    std::map<const Token*, std::string> conditions;
    std::map<const Token*, NetworkWord> words;
    for (const Token* token : chosen_) {
      NetworkWord word = wording_.network(canonical(effective_network(*token)));
      if (!word.network) continue;
      conditions.emplace(token, text_of(*word.network));
      words.emplace(token, std::move(word));
    }
    for (const FoundRule& found : find_rules(live_, conditions)) {
      Noted<Rule> rule;
      rule.part.match = found.match;
      rule.part.min = found.min();
      rule.notes.push_back(description(found));
      NetworkWord& word = words.at(found.matching.front());
      rule.part.network = word.network;
      rule.notes.insert(rule.notes.end(), word.notes.begin(), word.notes.end());
      zones_in_use_.insert(word.zone_ids.begin(), word.zone_ids.end());
      ruled_.insert(found.matching.begin(), found.matching.end());
      adopted_.draft.rules.push_back(std::move(rule));
    }
    adopted_.ruled = ruled_.size();
  }

  // Equal where the conditions are: members stand with their lengths.
  static std::string text_of(const DesiredNetwork& network) {
    std::string text = network.connection;
    for (const auto* list : {&network.include, &network.exclude}) {
      text += '\n' + std::to_string(list->size());
      for (const ZoneRef& zone : *list) text += '\n' + std::to_string(zone.text.size()) + ':' + zone.text;
    }
    return text;
  }

  std::string description(const FoundRule& found) const {
    std::string text = plural(found.matching.size(), "token");
    if (!found.match.owner) return text;
    const auto owner = wishes_.owners.find(*found.match.owner);
    const bool known = owner != wishes_.owners.end() && !owner->second.login.empty();
    return known ? text + " of " + escape(owner->second.login) : text;
  }

  Notes opening() const {
    const std::string all = plural(live_.tokens.size(), "live token");
    Notes notes;
    notes.push_back("Exported from " + escape(live_.host) + ": " +
                    (wishes_.only ? std::to_string(chosen_.size()) + " of " + all : all) + ".");
    const bool by_id = wishes_.key == EntryKey::automatic && wishes_.wants == EntryWants::live;
    const bool none_known = std::none_of(wishes_.owners.begin(), wishes_.owners.end(),
                                         [](const auto& owner) { return !owner.second.status.empty(); });
    if (by_id && none_known && !chosen_.empty()) {
      notes.emplace_back(
          "Entries are by id: which owners are active is not known here; --key name writes names.");
    }
    return notes;
  }

  OwnerFacts owner_of(const Token& token) const {
    const auto found = wishes_.owners.find(token.user_id.value_or(""));
    return found == wishes_.owners.end() ? OwnerFacts{} : found->second;
  }

  // `00T…, owner "ci@acme.example"`, and what else tells the token apart.
  std::string description(const Token& token) const {
    const OwnerFacts owner = owner_of(token);
    std::string text = token.id + ", owner ";
    if (!owner.login.empty()) {
      text += escape(owner.login);
    } else {
      text += token.user_id ? escape(*token.user_id) : "unknown";
    }
    if (!owner.status.empty() && owner.status != kActiveUser) text += " (" + escape(owner.status) + ")";
    if (token.client_name && *token.client_name != kOrdinaryClient)
      text += ", client " + in_quotes(*token.client_name);
    if (wishes_.usage == Usage::left_out) return text;
    const auto used = last_use_of(token);
    return text + (used ? ", last used about " + format_seconds(*used).substr(0, 10) : ", last use unknown");
  }

  std::string why_not_by_name(const Token& token) const {
    if (trim(token.name).empty()) return token.name.empty() ? "it has no name" : "its name is blank";
    if (!is_writable_text(token.name)) return "its name is too long for a manifest";
    const std::size_t namesakes = names_.at(token.name);
    if (namesakes > 1) return std::to_string(namesakes) + " tokens have this name";
    // An entry by such a name is read letter by letter, and a warning says so in every run.
    if (token.name.find('*') != std::string::npos) return "its name looks like a glob";
    return {};
  }

  Naming naming_of(const Token& token) const {
    const std::string why_not = why_not_by_name(token);
    const bool named = !trim(token.name).empty() && is_writable_text(token.name);
    Naming by_id{token.id, named ? token.name : std::string(), {}};
    switch (wishes_.key) {
      case EntryKey::id: return by_id;
      case EntryKey::name:
        by_id.why_by_id = why_not;
        return why_not.empty() ? Naming{{}, token.name, {}} : by_id;
      case EntryKey::automatic: break;
    }
    // A revocation is no place for a name that might be somebody else's tomorrow.
    if (wishes_.wants == EntryWants::revocation) return by_id;
    const OwnerFacts owner = owner_of(token);
    if (why_not.empty() && owner.status == kActiveUser) return {{}, token.name, {}};
    by_id.why_by_id = why_not;
    return by_id;
  }

  Noted<DesiredToken> entry_for(const Token& token) {
    Naming naming = naming_of(token);
    Noted<DesiredToken> entry;
    if (naming.id.empty()) ++adopted_.by_name;
    entry.part.id = std::move(naming.id);
    entry.part.name = std::move(naming.name);
    entry.notes.push_back(description(token) +
                          (naming.why_by_id.empty() ? "" : "; by id: " + naming.why_by_id));
    if (wishes_.wants == EntryWants::revocation) {
      want_revocation(token, entry);
    } else {
      want_live(token, entry);
    }
    return entry;
  }

  void ignore(Noted<DesiredToken>& entry, const std::string& why) {
    entry.part.ignore = true;
    entry.notes.push_back("ignored: " + why);
    ++adopted_.ignored;
  }

  void want_live(const Token& token, Noted<DesiredToken>& entry) {
    NetworkWord word = wording_.network(canonical(effective_network(token)));
    if (!word.network) return ignore(entry, word.why_not);
    entry.part.network = std::move(word.network);
    for (std::string& note : word.notes) entry.notes.push_back(std::move(note));
    zones_in_use_.insert(word.zone_ids.begin(), word.zone_ids.end());
  }

  void want_revocation(const Token& token, Noted<DesiredToken>& entry) {
    // An agent makes its token anew only when somebody installs it again.
    if (token.client_name != std::string(kOrdinaryClient))
      return ignore(entry, "an agent's token is not proposed for revocation");
    entry.part.revoked = Revocation{std::string(kReviewReason), {}};
  }

  const Live& live_;
  const AdoptWishes& wishes_;
  Wording wording_;
  std::unordered_map<std::string_view, std::size_t> names_;
  std::vector<const Token*> chosen_;
  std::set<const Token*> ruled_;        // by rules
  std::set<std::string> zones_in_use_;  // ids
  Adopted adopted_;
};

}  // namespace

Adopted adopt(const Live& live, const AdoptWishes& wishes) {
  return Adoption(live, wishes).adopted();
}

}  // namespace zonepin
