#include "report/sentence.h"

#include "report/page.h"

namespace zonepin {

std::string sentence_text(std::string_view escaped, const Style& style) {
  Page page(style);
  page.line(0, words_of(escaped), kBlockIndent);
  return page.take();
}

}  // namespace zonepin
