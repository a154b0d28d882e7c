// Which token was used, by what moved between two lists.
#include "model/sighting.h"

#include <doctest/doctest.h>

namespace zonepin {
namespace {

const std::string kEarly = "2026-03-01T00:00:00.000Z";
const std::string kUse = "2026-03-31T10:00:05.250Z";    // of a use at 2026-03-01T10:00:05.250Z
const std::string kLater = "2026-03-31T10:00:07.300Z";  // two seconds on

Token token(std::string id, std::string user, std::optional<std::string> expires_at) {
  Token token;
  token.id = std::move(id);
  token.user_id = std::move(user);
  token.expires_at = std::move(expires_at);
  token.token_window = "P30D";
  return token;
}

std::string ids_of(const Suspects& suspects) {
  std::string ids;
  for (const Token& token : suspects.tokens) ids += (ids.empty() ? "" : " ") + token.id;
  return ids;
}

TEST_CASE("which token was used") {
  const auto a = [](const std::string& expires) { return token("A", "ada", expires); };
  const auto b = [](const std::string& expires) { return token("B", "ada", expires); };
  const auto c = [](const std::string& expires) { return token("C", "bob", expires); };
  const std::vector<Token> before = {c(kEarly), b(kEarly), a(kEarly)};
  struct Row {
    std::string name;
    std::vector<Token> after;
    std::string ids;
    bool told;
  };
  const Row rows[] = {
      {"the one that moved", {a(kUse), b(kEarly), c(kEarly)}, "A", true},
      {"another user's moved, too", {a(kUse), b(kEarly), c(kUse)}, "A", true},
      {"only another user's moved", {a(kEarly), b(kEarly), c(kUse)}, "A B", false},
      {"two of the user, one at that second", {a(kLater), b(kUse), c(kEarly)}, "B", true},
      {"two of the user at that second", {a(kUse), b(kUse), c(kEarly)}, "A B", false},
      {"two of the user, both later", {a(kLater), b(kLater), c(kEarly)}, "A B", false},
      {"nothing moved", before, "A B", false},
      {"it is not listed any more", {b(kEarly), c(kEarly)}, "B", false},
      {"one that was made meanwhile", {a(kEarly), b(kEarly), token("D", "ada", kUse)}, "A B D", false},
      {"an expiry that is gone", {token("A", "ada", std::nullopt), b(kEarly), c(kEarly)}, "A B", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Suspects suspects =
        suspects_of(before, row.after, {"ada", parse_instant("2026-03-01T10:00:05.000Z")});
    CHECK(ids_of(suspects) == row.ids);
    CHECK(is_told(suspects) == row.told);
  }
}

TEST_CASE("where Okta did not say whose it is, what moved must be one alone") {
  const std::vector<Token> before = {token("A", "ada", kEarly), token("C", "bob", kEarly)};
  const Suspects one = suspects_of(before, {token("A", "ada", kUse), token("C", "bob", kEarly)}, {{}, {}});
  CHECK(is_told(one));
  const Suspects two = suspects_of(before, {token("A", "ada", kUse), token("C", "bob", kUse)}, {{}, {}});
  CHECK(ids_of(two) == "A C");
  CHECK_FALSE(is_told(two));
  CHECK(suspects_of(before, before, {{}, {}}).tokens.empty());
}

TEST_CASE("the only token of a user that did not move is no proof") {
  const std::vector<Token> before = {token("A", "ada", kEarly)};
  const Suspects suspects = suspects_of(before, before, {"ada", {}});
  CHECK(ids_of(suspects) == "A");
  CHECK_FALSE(is_told(suspects));
}

}  // namespace
}  // namespace zonepin
