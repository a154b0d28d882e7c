// The JSON of a report's parts, for the formats that have it. For this room only.
#pragma once

#include <string_view>

#include "report/json_writer.h"
#include "report/report.h"

namespace zonepin {

inline constexpr std::string_view kReportVersion = "1.0";

// The members of an item, into an object that is open.
void write_item_members(JsonWriter& json, const ReportOrg& org, const ReportItem& item,
                        std::string_view fingerprint);
// {host, exit_code, error, counts}
void write_org(JsonWriter& json, const ReportOrg& org);
// {"to replace": 3, …}
void write_counts(JsonWriter& json, const std::vector<ReportCount>& counts);
// kind, at, digest, source_revision and exit_code, into an object that is open.
void write_run_members(JsonWriter& json, const Report& report);

}  // namespace zonepin
