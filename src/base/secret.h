// A credential in memory: it can't be printed, compared or copied by accident, and its bytes are wiped when
// it ends.
#pragma once

#include <string>
#include <string_view>

namespace zonepin {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  // The one way to see it. What is made of the result must not outlive the request that it is sent with.
  std::string_view reveal() const { return value_; }
  bool empty() const { return value_.empty(); }
  Secret clone() const { return Secret(std::string(value_)); }

 private:
  std::string value_;
};

// Overwrites the bytes so that the compiler can't leave it out, then empties the string.
void wipe(std::string& text);

}  // namespace zonepin
