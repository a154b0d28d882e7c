// Knows the secrets of a run, to keep them out of all that is said and written: a server or a proxy may
// repeat what it was sent.
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace zonepin {

class Blotter {
 public:
  Blotter();

  // From now on it knows the secret: as it is, as JSON writes it, in base64 wherever it may begin, and each
  // long line of a private key. What is shorter than 8 bytes could be any word, and is left alone.
  void hide(const Secret& secret);

  // The text with `(secret)` in place of every one, and of whatever looks like a JWT: assertions, DPoP proofs
  // and most access tokens are such. Linear in the text.
  std::string blot(std::string_view text) const;

  // Whether a secret that it was told of stands in the text.
  bool finds_secret(std::string_view text) const;

 private:
  void add(std::string pattern);
  // The longest pattern that begins here; 0: none.
  std::size_t secret_at(std::string_view text, std::size_t at) const;

  std::vector<Secret> patterns_;
  std::bitset<65'536> starts_;  // by the first two bytes: of patterns, and of JWTs
};

}  // namespace zonepin
