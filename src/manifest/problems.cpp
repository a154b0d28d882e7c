#include "manifest/problems.h"

#include <utility>

#include "manifest/limits.h"

namespace zonepin {

void Problems::error(const Place& place, std::string summary, std::string detail) {
  add({Severity::error, std::move(summary), std::move(detail), place});
}

void Problems::warning(const Place& place, std::string summary, std::string detail) {
  add({Severity::warning, std::move(summary), std::move(detail), place});
}

void Problems::add(Diagnostic diagnostic) {
  ++count_;
  if (count_ < kMaxManifestProblems) {
    diagnostics_.push_back(std::move(diagnostic));
  } else if (count_ == kMaxManifestProblems) {
    diagnostics_.push_back({Severity::error,
                            "more than " + std::to_string(kMaxManifestProblems) + " problems in this file",
                            "only the first are shown: mend them and try again", diagnostic.place});
  }
}

}  // namespace zonepin
