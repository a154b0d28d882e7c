// A live org as a file: planning needs no credential then (DESIGN 4, schemas/snapshot.schema.json).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/org.h"
#include "okta/reader.h"

namespace zonepin::okta {

inline constexpr std::string_view kSnapshotFormatVersion = "1.0";
inline constexpr std::size_t kMaxSnapshotBytes = std::size_t{1} << 30;

// Tokens and zones exactly as Okta answered them. `reading` holds its raw pages. Ends with a newline.
Result<std::string> encode_snapshot(const Reading& reading, const OrgAddress& org, Instant taken_at);

struct Snapshot {
  OrgAddress org;
  Live live;  // taken_at is set
};

// Anything unexpected is Trouble::usage, one line that names `path`.
Result<Snapshot> decode_snapshot(std::string_view text, const std::string& path);

}  // namespace zonepin::okta
