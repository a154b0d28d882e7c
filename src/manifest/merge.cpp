#include "manifest/merge.h"

#include <cstddef>
#include <optional>
#include <string>

#include "base/text.h"

namespace zonepin {

namespace {

std::string place_in_words(const Place& place, const Sources& sources) {
  const std::string path = place.source < sources.size() ? escape(sources[place.source].path) : "?";
  return path + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

// One word that all documents of an org share, and where the first one set it.
class SharedWord {
 public:
  SharedWord(std::string_view name, const Sources& sources, Diagnostics& diagnostics)
      : name_(name), sources_(sources), diagnostics_(diagnostics) {}

  void add(const std::optional<Treatment>& value, const Place& place) {
    if (!value) return;
    if (!value_) {
      value_ = value;
      place_ = place;
      return;
    }
    if (*value_ == *value) return;
    diagnostics_.push_back({Severity::error,
                            std::string(name_) + " is " + std::string(to_string(*value)) +
                                " here, but another document of this org says " +
                                std::string(to_string(*value_)),
                            "the other one is at " + place_in_words(place_, sources_) +
                                ": documents of one org are read as one, so let them agree",
                            place});
  }

  Treatment value() const { return value_.value_or(Treatment::report); }

 private:
  std::string_view name_;
  const Sources& sources_;
  Diagnostics& diagnostics_;
  std::optional<Treatment> value_;
  Place place_;
};

}  // namespace

Desired merge(const std::vector<const Document*>& documents, const Sources& sources,
              Diagnostics& diagnostics) {
  Desired desired;
  SharedWord unmanaged("unmanaged", sources, diagnostics);
  SharedWord missing("missing", sources, diagnostics);
  std::size_t tokens = 0;
  for (const Document* document : documents) tokens += document->tokens.size();
  desired.tokens.reserve(tokens);
  for (const Document* document : documents) {
    unmanaged.add(document->unmanaged, document->unmanaged_place);
    missing.add(document->missing, document->missing_place);
    desired.tokens.insert(desired.tokens.end(), document->tokens.begin(), document->tokens.end());
    desired.acks.insert(desired.acks.end(), document->acks.begin(), document->acks.end());
  }
  desired.unmanaged = unmanaged.value();
  desired.missing = missing.value();
  return desired;
}

}  // namespace zonepin
