#include "report/diagnostics_json.h"

#include <doctest/doctest.h>

namespace zonepin {

namespace {

TEST_CASE("a diagnostic has its range where the place is known") {
  const Sources sources = {{"manifests/a.yaml", "tokens:\n"}};
  const Diagnostics diagnostics = {{Severity::error, "unknown field", "did you mean \"name\"?", {0, 3, 5, 2}},
                                   {Severity::warning, "about nothing in particular", "", {}},
                                   {Severity::error, "a source that is not there", "", {7, 1, 1, 1}}};
  CHECK(diagnostics_json(diagnostics, sources) == R"({
  "format_version": "1.0",
  "diagnostics": [
    {
      "severity": "error",
      "summary": "unknown field",
      "detail": "did you mean \"name\"?",
      "range": {
        "filename": "manifests/a.yaml",
        "start": {
          "line": 3,
          "column": 5
        }
      }
    },
    {
      "severity": "warning",
      "summary": "about nothing in particular",
      "detail": "",
      "range": null
    },
    {
      "severity": "error",
      "summary": "a source that is not there",
      "detail": "",
      "range": null
    }
  ]
}
)");
}

TEST_CASE("an error is a diagnostic without a place") {
  CHECK(error_json({Trouble::stale, "the plan is of another org", "plan again"}) == R"({
  "format_version": "1.0",
  "diagnostics": [
    {
      "severity": "error",
      "summary": "the plan is of another org",
      "detail": "plan again",
      "range": null
    }
  ]
}
)");
}

TEST_CASE("nothing that a terminal acts upon, and no broken UTF-8, leaves as JSON") {
  const std::string text = error_json({Trouble::failure, "\x1b[2J \xe2\x80\xae \xc2\x9b \xff \x7f", ""});
  CHECK(text.find("\"\\u001b[2J \\u202e \\u009b \\ufffd \\u007f\"") != std::string::npos);
  CHECK(diagnostics_json({}, {}) == "{\n  \"format_version\": \"1.0\",\n  \"diagnostics\": []\n}\n");
}

}  // namespace
}  // namespace zonepin
