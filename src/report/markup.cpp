#include "report/markup.h"

namespace zonepin {

std::string markup_text(std::string_view shown) {
  std::string out;
  out.reserve(shown.size() + 16);
  for (const char c : shown) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c; break;
    }
  }
  return out;
}

}  // namespace zonepin
