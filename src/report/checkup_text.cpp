#include "report/checkup_report.h"

#include "base/text.h"
#include "report/page.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kHealthColumns = 9;
constexpr std::size_t kHostColumns = 255;

Ink ink_of(Health health) {
  switch (health) {
    case Health::ok: return Ink::good;
    case Health::warning: return Ink::attention;
    case Health::failure: return Ink::bad;
    case Health::unchecked: return Ink::faint;
  }
  return Ink::plain;
}

void append_checkup(Page& page, const Checkup& checkup) {
  std::string label(to_string(checkup.health));
  label.resize(kHealthColumns, ' ');
  Words words = {{label, ink_of(checkup.health)}};
  append_words(words, checkup.check + ":", Ink::strong);
  append_words(words, message_text(checkup.message));
  if (!checkup.mend.empty()) {
    attach(words, ";");
    append_words(words, message_text(checkup.mend));
  }
  page.line(kBlockIndent, words, kBlockIndent + kHealthColumns + 1);
}

}  // namespace

std::string_view to_string(Health health) {
  switch (health) {
    case Health::ok: return "ok";
    case Health::warning: return "warning";
    case Health::failure: return "failure";
    case Health::unchecked: return "unchecked";
  }
  return "unchecked";
}

std::string checkups_text(const std::vector<OrgCheckups>& orgs, const Style& style) {
  Page page(style);
  for (const OrgCheckups& org : orgs) {
    page.gap();
    page.line(0, {{escape_cut(org.host, kHostColumns), Ink::strong}}, kBlockIndent);
    for (const Checkup& checkup : org.checkups) append_checkup(page, checkup);
  }
  return page.take();
}

}  // namespace zonepin
