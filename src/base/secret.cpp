#include "base/secret.h"

#include <openssl/crypto.h>

namespace zonepin {

// A short string lives inside its object: to move or to swap it leaves the bytes behind. So both ends are
// wiped.
Secret::Secret(std::string value) {
  value_.swap(value);
  wipe(value);
}

Secret::Secret(Secret&& other) noexcept {
  value_.swap(other.value_);
  wipe(other.value_);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(value_);
    value_.swap(other.value_);
    wipe(other.value_);
  }
  return *this;
}

Secret::~Secret() {
  wipe(value_);
}

void wipe(std::string& text) {
  text.resize(text.capacity());  // Up to the capacity nothing is allocated: this reaches the bytes of older,
                                 // longer values.
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace zonepin
