// The JSON Schemas of schemas/, built into the program.
#pragma once

#include <array>
#include <string_view>

namespace zonepin {

extern const std::string_view kManifestSchema;
extern const std::string_view kProfileSchema;
extern const std::string_view kPlanSchema;
extern const std::string_view kOutcomeSchema;
extern const std::string_view kCheckSchema;
extern const std::string_view kEventsSchema;
extern const std::string_view kCanISchema;
extern const std::string_view kExplainSchema;
extern const std::string_view kExportSchema;
extern const std::string_view kSnapshotSchema;

struct NamedSchema {
  std::string_view name;  // that of the file, and of `zonepin schema NAME`
  const std::string_view& text;
};
inline constexpr std::array<NamedSchema, 10> kSchemas = {{{"manifest", kManifestSchema},
                                                          {"profile", kProfileSchema},
                                                          {"plan", kPlanSchema},
                                                          {"outcome", kOutcomeSchema},
                                                          {"check", kCheckSchema},
                                                          {"events", kEventsSchema},
                                                          {"can-i", kCanISchema},
                                                          {"explain", kExplainSchema},
                                                          {"export", kExportSchema},
                                                          {"snapshot", kSnapshotSchema}}};

}  // namespace zonepin
