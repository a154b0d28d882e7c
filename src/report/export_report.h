// What an export wrote.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace zonepin {

struct ExportReport {
  struct Org {
    std::string host;
    std::string file;         // that it was written to; empty: none
    std::size_t live = 0;     // tokens of the org
    std::size_t tokens = 0;   // of them, exported
    std::size_t by_name = 0;  // of these
    std::size_t by_id = 0;
    std::size_t by_rule = 0;
    std::size_t ignored = 0;  // entries with `ignore: true`
  };
  std::vector<Org> orgs;
  std::string manifest;  // where no file was written
};

// One line for people, without its newline.
std::string export_text(const ExportReport::Org& org);
// {format_version, orgs: [{org, file, live, tokens, by_name, by_id, by_rule, ignored}], manifest}; `file` and
// `manifest` are null where there is none.
std::string export_json(const ExportReport& report);

}  // namespace zonepin
