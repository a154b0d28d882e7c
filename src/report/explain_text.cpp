#include "base/text.h"
#include "report/explain_report.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxShown = 20;

Words wish_words(const Voice& voice, const ZoneNames& zones, const Page& page) {
  if (voice.network) return condition_words(voice.network, zones, page);
  if (!voice.reason.empty()) return words_of("revoke it: " + message_text(voice.reason));
  return words_of("leave it alone");
}

std::string_view heading_of(Say say) {
  switch (say) {
    case Say::decides: return "decides";
    case Say::overruled: return "overruled";
    case Say::undecided: return "undecided";
    case Say::in_doubt: return "in doubt";
    case Say::out_of_scope: return "no say";
  }
  return "";
}

class ExplanationPage {
 public:
  ExplanationPage(const Explanation& it, Instant now, const Sources& sources, const Style& style)
      : it_(it), now_(now), sources_(sources), page_(style), zones_(it.zones) {}

  std::string text() {
    headline();
    state();
    for (const Voice& voice : it_.voices) append(voice);
    if (it_.voices.empty())
      page_.field("decides", words_of("nothing: no entry, rule or default speaks of it"));
    outcome();
    for (const std::string& line : it_.advice) labelled("to change", message_text(line));
    return page_.take();
  }

 private:
  void headline() {
    Words words = token_words(it_.change.name, it_.change.id, page_);
    append_words(words, "at " + escape_cut(it_.host, 200));
    page_.line(0, words, kBlockIndent);
  }

  void state() {
    if (!it_.token) return labelled("live", "no");
    const Token& token = *it_.token;
    const std::string owner = escape_cut(token.user_id.value_or("unknown"), kNameColumns);
    labelled("owner", it_.owner_login.empty()
                          ? owner
                          : escape_cut(it_.owner_login, kNameColumns) + " (" + owner + ")");
    labelled("client", escape_cut(token.client_name.value_or("unknown"), kNameColumns));
    labelled("last used", last_use_text(last_use_of(token), now_));
    page_.field("condition", condition_words(token.network, zones_, page_));
  }

  void append(const Voice& voice) {
    Words words = words_of(voice.what);
    if (voice.source) {
      for (Word& word : place_words(*voice.source)) words.push_back(std::move(word));
    }
    page_.field(heading_of(voice.say), words);
    page_.field("", wish_words(voice, zones_, page_));
    if (!voice.why.empty()) page_.field("", words_of("(" + message_text(voice.why) + ")", Ink::faint));
  }

  void outcome() {
    std::string status(to_string(it_.change.status));
    if (it_.change.effect) status += ", " + std::string(to_string(*it_.change.effect));
    if (!it_.change.note.empty()) status += ": " + message_text(it_.change.note);
    labelled("so it is", status);
    for (const Guard& guard : it_.guards) {
      labelled(guard.lifted ? "lifted" : "blocked by",
               rule_text(guard.name) + ": " + message_text(guard.message) +
                   (guard.lifted ? "" : "; lifted by " + message_text(guard.lift)));
    }
    std::size_t shown = 0;
    for (const Finding& finding : it_.findings) {
      if (is_said(finding) || ++shown > kMaxShown) continue;
      labelled("finding", rule_text(finding.rule) + ": " + message_text(finding.message));
    }
    for (const ZonePin& pin : it_.pins) labelled("pin", pin_text(pin));
    for (const Ack& ack : it_.acks) {
      labelled("ack",
               rule_text(ack.guard) + until(ack.until) + ": " + message_text(ack.reason) + at(ack.place));
    }
    for (const Waiver& waiver : it_.waivers) {
      labelled("waiver", rule_text(waiver.rule) + until(waiver.until) + ": " + message_text(waiver.reason) +
                             at(waiver.place));
    }
  }

  // The finding that only repeats the status and its note.
  bool is_said(const Finding& finding) const {
    return finding.rule == to_string(it_.change.status) && finding.rule != to_string(Status::ambiguous);
  }

  std::string pin_text(const ZonePin& pin) const {
    std::string text = in_quotes(escape_cut(pin.name, kNameColumns));
    if (pin.id) text += " is " + *pin.id;
    if (!pin.within.empty()) text += ", within " + join(pin.within, ", ");
    if (!pin.covers.empty()) text += ", covers " + join(pin.covers, ", ");
    if (pin.quarantine) text += ", a quarantine";
    return message_text(text) + at(pin.place);
  }

  std::string until(const std::optional<Instant>& end) const {
    return end ? (now_ < *end ? " until " : " ended ") + minute_text(*end) : std::string();
  }
  std::string at(const Place& place) const {
    const auto source = source_of(place, sources_);
    return source ? " (" + escape_cut(source->file, 200) + ":" + std::to_string(source->line) + ")"
                  : std::string();
  }

  void labelled(std::string_view label, const std::string& text) { page_.field(label, words_of(text)); }

  const Explanation& it_;
  Instant now_;
  const Sources& sources_;
  Page page_;
  ZoneNames zones_;
};

}  // namespace

std::string explain_text(const std::vector<Explanation>& explanations, Instant now, const Sources& sources,
                         const Style& style) {
  std::string text;
  for (const Explanation& explanation : explanations) {
    if (!text.empty()) text += "\n";
    text += ExplanationPage(explanation, now, sources, style).text();
  }
  return text;
}

}  // namespace zonepin
