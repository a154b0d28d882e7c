#include "base/json_text.h"

namespace zonepin {

bool nests_deeper_than(std::string_view text, std::size_t depth) {
  std::size_t level = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') {
        ++at;
      } else if (c == '"') {
        in_string = false;
      }
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '[' || c == '{') {
      if (++level > depth) return true;
    }
    if ((c == ']' || c == '}') && level > 0) --level;
  }
  return false;
}

}  // namespace zonepin
