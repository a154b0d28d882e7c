#include "manifest/merge.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "model/org.h"

namespace zonepin {

namespace {

std::string place_in_words(const Place& place, const Sources& sources) {
  const std::string path = place.source < sources.size() ? escape(sources[place.source].path) : "?";
  return path + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

// Where contradictions are reported.
struct Court {
  const Sources& sources;
  Diagnostics& diagnostics;

  void contradiction(std::string summary, const Place& here, const Place& there,
                     std::string_view why = "documents of one org are read as one, so let them agree") const {
    diagnostics.push_back({Severity::error, std::move(summary),
                           "the other one is at " + place_in_words(there, sources) + ": " + std::string(why),
                           here});
  }
};

// One word or number that all documents of an org share, and where the first one set it.
template <typename Word>
class SharedWord {
 public:
  SharedWord(std::string_view name, const Court& court) : name_(name), court_(court) {}

  void add(const std::optional<Word>& word, const Place& place) {
    if (!word) return;
    if (!word_) {
      word_ = word;
      place_ = place;
      return;
    }
    if (*word_ == *word) return;
    court_.contradiction(std::string(name_) + " is " + in_words(*word) +
                             " here, but another document of this org says " + in_words(*word_),
                         place, place_);
  }

  const std::optional<Word>& word() const { return word_; }

 private:
  static std::string in_words(Treatment treatment) { return std::string(to_string(treatment)); }
  static std::string in_words(std::size_t number) { return std::to_string(number); }

  std::string_view name_;
  const Court& court_;
  std::optional<Word> word_;
  Place place_;
};

std::vector<std::string> as_set(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::vector<std::string> as_set(const std::vector<ZoneRef>& zones) {
  std::vector<std::string> texts;
  for (const ZoneRef& zone : zones) texts.push_back(zone.text);
  return as_set(std::move(texts));
}

bool says_the_same(const DesiredNetwork& one, const DesiredNetwork& other) {
  return one.connection == other.connection && as_set(one.include) == as_set(other.include) &&
         as_set(one.exclude) == as_set(other.exclude);
}

bool says_the_same(const Self& one, const Self& other) {
  return one.id == other.id && one.name == other.name && one.owner == other.owner &&
         as_set(one.egress) == as_set(other.egress);
}

bool says_the_same(const ZonePin& one, const ZonePin& other) {
  return one.id == other.id && as_set(one.within) == as_set(other.within) &&
         as_set(one.covers) == as_set(other.covers) && one.quarantine == other.quarantine;
}

// Takes the first one; reports one that says something else.
template <typename Part>
void take(std::optional<Part>& shared, const std::optional<Part>& part, std::string_view name,
          const Court& court) {
  if (!part) return;
  if (!shared) {
    shared = part;
  } else if (!says_the_same(*shared, *part)) {
    court.contradiction(std::string(name) + " is something else here than in another document of this org",
                        part->place, shared->place);
  }
}

// Pins by the names of their zones.
class Pins {
 public:
  explicit Pins(const Court& court) : court_(court) {}

  void add(const ZonePin& pin) {
    const auto [found, is_new] = pins_.emplace(pin.name, pin);
    if (is_new || says_the_same(found->second, pin)) return;
    court_.contradiction("the zone " + in_quotes(pin.name) +
                             " is pinned to something else here than in another document of this org",
                         pin.place, found->second.place);
  }

  std::vector<ZonePin> take() {
    std::vector<ZonePin> pins;
    for (auto& [name, pin] : pins_) pins.push_back(std::move(pin));
    return pins;
  }

 private:
  const Court& court_;
  std::map<std::string, ZonePin> pins_;
};

// Entries and rules follow each other in the order of the documents.
class Lists {
 public:
  explicit Lists(const std::vector<const Document*>& documents) {
    std::size_t tokens = 0;
    for (const Document* document : documents) {
      tokens += document->tokens.size();
      scoped_ = scoped_ || document->scope;
    }
    desired.tokens.reserve(tokens);
    if (scoped_) desired.token_scopes.reserve(tokens);
  }

  void add(const Document& document) {
    append(desired.tokens, document.tokens);
    append(desired.acks, document.acks);
    append(desired.waivers, document.waivers);
    if (scoped_)
      desired.token_scopes.insert(desired.token_scopes.end(), document.tokens.size(), document.scope);
    for (const Rule& rule : document.rules) {
      desired.rules.push_back(rule);
      desired.rules.back().scope = document.scope;
    }
  }

  Desired desired;

 private:
  template <typename Entry>
  static void append(std::vector<Entry>& to, const std::vector<Entry>& from) {
    to.insert(to.end(), from.begin(), from.end());
  }

  bool scoped_ = false;
};

constexpr std::string_view kOneOrg = "a label stands for one org, and an org has one label";

bool says_the_same(const OrgEntry& one, const OrgEntry& other) {
  return one.label == other.label && one.host == other.host && one.org_id == other.org_id &&
         one.client_id == other.client_id && one.limits == other.limits;
}

}  // namespace

Desired merge(const std::vector<const Document*>& documents, const Sources& sources,
              Diagnostics& diagnostics) {
  const Court court{sources, diagnostics};
  SharedWord<Treatment> unmanaged("unmanaged", court);
  SharedWord<Treatment> missing("missing", court);
  SharedWord<std::size_t> min_tokens("min_tokens", court);
  SharedWord<std::size_t> revoke("the limit revoke", court);
  SharedWord<std::size_t> update_pct("the limit update_pct", court);
  Pins pins(court);
  Lists lists(documents);
  Desired& desired = lists.desired;
  for (const Document* document : documents) {
    unmanaged.add(document->unmanaged, document->unmanaged_place);
    missing.add(document->missing, document->missing_place);
    min_tokens.add(document->min_tokens, document->min_tokens_place);
    revoke.add(document->limits.revoke, document->limits_place);
    update_pct.add(document->limits.update_pct, document->limits_place);
    take(desired.self, document->self, "self", court);
    take(desired.default_network, document->default_network, "default", court);
    for (const ZonePin& pin : document->zones) pins.add(pin);
    lists.add(*document);
  }
  desired.unmanaged = unmanaged.word().value_or(Treatment::report);
  desired.missing = missing.word().value_or(Treatment::report);
  desired.min_tokens = min_tokens.word();
  desired.limits = {revoke.word(), update_pct.word()};
  desired.zones = pins.take();
  return std::move(lists.desired);
}

void drop_repeated_orgs(std::vector<OrgEntry>& orgs, const Sources& sources, Diagnostics& diagnostics) {
  const Court court{sources, diagnostics};
  std::map<std::string, const OrgEntry*> by_label;
  std::map<std::string, const OrgEntry*> by_host;
  std::vector<OrgEntry> kept;
  kept.reserve(orgs.size());  // the maps point into it
  for (OrgEntry& entry : orgs) {
    const auto org = parse_org(entry.host);
    const auto label = by_label.find(lowercase(entry.label));
    const auto host = org ? by_host.find(org->url()) : by_host.end();
    if (label != by_label.end()) {
      if (says_the_same(*label->second, entry)) continue;
      court.contradiction("the label " + in_quotes(entry.label) + " stands for another org elsewhere",
                          entry.place, label->second->place, kOneOrg);
      continue;
    }
    if (host != by_host.end()) {
      court.contradiction("the host of " + in_quotes(entry.label) + " is that of " +
                              in_quotes(host->second->label) + " as well",
                          entry.host_place, host->second->host_place, kOneOrg);
      continue;
    }
    kept.push_back(std::move(entry));
    by_label.emplace(lowercase(kept.back().label), &kept.back());
    if (org) by_host.emplace(org->url(), &kept.back());
  }
  orgs = std::move(kept);
}

}  // namespace zonepin
