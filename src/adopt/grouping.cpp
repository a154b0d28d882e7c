#include "adopt/grouping.h"

#include <algorithm>
#include <queue>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "model/glob.h"

namespace zonepin {

namespace {

// What people put between the parts of a name.
constexpr std::string_view kSeparators = "-_./:@ ";
// Parts of a name that are tried, from either end.
constexpr std::size_t kMaxParts = 8;

// Ordered by what a reader likes best.
enum class MatchKind { prefix, name, suffix, owner };

using Shape = std::pair<MatchKind, std::string>;

// The text as a glob that fits it alone.
std::string literal_glob(std::string_view text) {
  std::string glob;
  for (const char c : text) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) glob += '\\';
    glob += c;
  }
  return glob;
}

std::string glob_of(const Shape& shape) {
  const std::string glob = literal_glob(shape.second);
  if (shape.first == MatchKind::prefix) return glob + "*";
  return shape.first == MatchKind::suffix ? "*" + glob : glob;
}

TokenMatch match_of(const Shape& shape) {
  TokenMatch match;
  if (shape.first == MatchKind::owner) {
    match.owner = shape.second;
  } else {
    match.name = glob_of(shape);
  }
  return match;
}

// Whether a manifest takes it without a word; a glob that looks like a regular expression gets a warning.
bool is_fit_to_write(const Shape& shape) {
  if (shape.first == MatchKind::owner) return is_user_id(shape.second);
  const std::string glob = glob_of(shape);
  return !check_glob(glob) && glob.front() != '^' && glob.back() != '$' && glob.size() <= kMaxGlobLength;
}

// Every shape that the token has. Another token that fits one of them has it as well: the parts in front of
// (or behind) the same separator are the same.
std::vector<Shape> shapes_of(const Token& token) {
  std::vector<Shape> shapes;
  if (token.user_id) shapes.emplace_back(MatchKind::owner, *token.user_id);
  const std::string_view name = token.name;
  if (trim(name).empty()) return shapes;
  shapes.emplace_back(MatchKind::name, token.name);
  const auto has_word = [](std::string_view part) {
    return part.find_first_not_of(kSeparators) != std::string_view::npos && !trim(part).empty();
  };
  std::size_t at = name.find_first_of(kSeparators);
  for (std::size_t count = 0; count < kMaxParts && at != std::string_view::npos; ++count) {
    if (has_word(name.substr(0, at))) shapes.emplace_back(MatchKind::prefix, name.substr(0, at + 1));
    at = name.find_first_of(kSeparators, at + 1);
  }
  at = name.find_last_of(kSeparators);
  for (std::size_t count = 0; count < kMaxParts && at != std::string_view::npos; ++count) {
    if (has_word(name.substr(at + 1))) shapes.emplace_back(MatchKind::suffix, name.substr(at));
    at = at == 0 ? std::string_view::npos : name.find_last_of(kSeparators, at - 1);
  }
  return shapes;
}

struct Candidate {
  std::vector<const Token*> tokens;  // that have the shape
  const std::string* condition = nullptr;
  bool is_mixed = false;  // of several conditions, or with a token that is not to be touched
};

std::map<Shape, Candidate> candidates_of(const Live& live,
                                         const std::map<const Token*, std::string>& conditions) {
  std::map<Shape, Candidate> candidates;
  for (const Token& token : live.tokens) {
    const auto found = conditions.find(&token);
    for (Shape& shape : shapes_of(token)) {
      Candidate& candidate = candidates[std::move(shape)];
      candidate.is_mixed = candidate.is_mixed || found == conditions.end() ||
                           (candidate.condition != nullptr && *candidate.condition != found->second);
      if (candidate.is_mixed) {
        std::vector<const Token*>().swap(candidate.tokens);
        continue;
      }
      candidate.condition = &found->second;
      candidate.tokens.push_back(&token);
    }
  }
  return candidates;
}

// How many tokens a candidate would still add, and what tells two apart that add as many.
struct Offer {
  std::size_t adds = 0;
  const Shape* shape = nullptr;
  const Candidate* candidate = nullptr;

  bool operator<(const Offer& other) const {
    return std::tie(adds, *other.shape) < std::tie(other.adds, *shape);
  }
};

}  // namespace

std::vector<FoundRule> find_rules(const Live& live, const std::map<const Token*, std::string>& conditions) {
  const std::map<Shape, Candidate> candidates = candidates_of(live, conditions);
  std::priority_queue<Offer> offers;
  for (const auto& [shape, candidate] : candidates) {
    if (candidate.is_mixed || candidate.tokens.size() < kFewestPerRule || !is_fit_to_write(shape)) continue;
    offers.push({candidate.tokens.size(), &shape, &candidate});
  }
  std::vector<FoundRule> rules;
  std::set<const Token*> covered;
  while (!offers.empty()) {
    Offer offer = offers.top();
    offers.pop();
    const auto& tokens = offer.candidate->tokens;
    const auto adds = static_cast<std::size_t>(std::count_if(
        tokens.begin(), tokens.end(), [&](const Token* token) { return covered.count(token) == 0; }));
    if (adds < kFewestPerRule) continue;
    if (adds != offer.adds) {  // others came first: it has to wait for its turn
      offer.adds = adds;
      offers.push(offer);
      continue;
    }
    FoundRule rule{match_of(*offer.shape), tokens};
    covered.insert(tokens.begin(), tokens.end());
    std::sort(rule.matching.begin(), rule.matching.end(),
              [](const Token* a, const Token* b) { return a->id < b->id; });
    rules.push_back(std::move(rule));
  }
  std::sort(rules.begin(), rules.end(), [](const FoundRule& a, const FoundRule& b) {
    return std::tie(a.match.owner, a.match.name) < std::tie(b.match.owner, b.match.name);
  });
  return rules;
}

}  // namespace zonepin
