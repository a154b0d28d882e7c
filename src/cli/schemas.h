// The JSON Schemas of schemas/, built into the program.
#pragma once

#include <string_view>

namespace zonepin {

extern const std::string_view kManifestSchema;
extern const std::string_view kPlanSchema;
extern const std::string_view kOutcomeSchema;
extern const std::string_view kSnapshotSchema;
extern const std::string_view kCheckSchema;
extern const std::string_view kProfileSchema;

}  // namespace zonepin
