// Plan <-> JSON (schemas/plan.schema.json, DESIGN 5): one form for reports and saved plans.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "plan/plan.h"

namespace zonepin {

inline constexpr std::string_view kPlanFormatVersion = "1.0";
// A plan file larger than this is refused before it is read.
inline constexpr std::size_t kMaxPlanBytes = std::size_t{256} << 20;

// SHA-256 of the canonical JSON of every org's host, actions and the zones that they rely on; not of findings
// or times.
std::string digest_of(const Plan& plan);

// The whole document with `digest` and `checksum`, indented, ending with a newline.
std::string encode_plan(const Plan& plan);

// Verifies format version, checksum (of everything but itself), digest and every before_sha256. Any mismatch,
// cut or strange text: Trouble::usage, one line that names `path`.
Result<Plan> decode_plan(std::string_view text, const std::string& path);

}  // namespace zonepin
