// The problems of one file, at most kMaxManifestProblems of them: the rest of a file that is wrong throughout
// helps nobody.
#pragma once

#include <cstddef>
#include <string>

#include "base/diagnostic.h"

namespace zonepin {

class Problems {
 public:
  explicit Problems(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void add(Diagnostic diagnostic);
  void error(const Place& place, std::string summary, std::string detail = {});
  void warning(const Place& place, std::string summary, std::string detail = {});

  bool none() const { return count_ == 0; }
  std::size_t count() const { return count_; }  // warnings included, and those beyond the limit

 private:
  Diagnostics& diagnostics_;
  std::size_t count_ = 0;
};

}  // namespace zonepin
