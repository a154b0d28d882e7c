// One page for a browser: no script, nothing is fetched, and a policy in its head that forbids both. Lists
// instead of tables, so that it reads on a phone; light and dark as the reader's system is.
#include <algorithm>

#include "base/text.h"
#include "report/formats.h"
#include "report/markup.h"
#include "report/said.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxPassedNamed = 300;  // of an org
constexpr std::size_t kMaxHtmlDetails = 40;   // of an item
constexpr std::size_t kLongItem = 12;         // details: on paper it may be broken

constexpr std::string_view kStyleSheet = R"css(
:root { color-scheme: light dark; --page: #fff; --text: #1c2330; --faint: #5b6472; --line: #d9dee6; --card: #f6f8fa;
  --error: #b42318; --warning: #8a5a00; --note: #175cd3; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --page: #10151d; --text: #e4e8ee; --faint: #9aa5b4; --line: #2d3644;
  --card: #171e28; --error: #ff8a80; --warning: #f2b84b; --note: #84b6ff; --good: #6fd08c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1.25rem 1rem 3rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .25rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.75rem 0 .1rem; }
p { margin: .25rem 0; }
ul { list-style: none; margin: .5rem 0 0; padding: 0; }
.faint { color: var(--faint); font-size: .875rem; }
.counts { display: flex; flex-wrap: wrap; gap: .35rem; margin: .5rem 0; padding: 0; }
.counts li { border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .7rem; font-size: .875rem; }
.orgs li { padding: .3rem 0; border-bottom: 1px solid var(--line); }
.item { background: var(--card); border-left: .25rem solid var(--line); border-radius: .25rem; margin: .5rem 0;
  padding: .5rem .75rem; }
.item.error { border-color: var(--error); }
.item.warning { border-color: var(--warning); }
.item.note { border-color: var(--note); }
.item.done { border-color: var(--good); }
.item.waived > p { color: var(--faint); }
.level { font-size: .75rem; font-weight: 600; text-transform: uppercase; letter-spacing: .03em; }
.error > p > .level { color: var(--error); }
.warning > p > .level { color: var(--warning); }
.note > p > .level { color: var(--note); }
.done > p > .level { color: var(--good); }
code { font: .875rem/1.5 ui-monospace, monospace; }
b { font-weight: 600; }
dl { display: grid; grid-template-columns: minmax(5rem, auto) 1fr; gap: 0 .75rem; margin: .25rem 0 0; font-size: .875rem; }
dt { color: var(--faint); }
dd { margin: 0; }
.alert { border: 1px solid var(--error); border-radius: .25rem; padding: .5rem .75rem; margin: .75rem 0; }
a { color: var(--note); }
@media (max-width: 30rem) { body { padding: .75rem .6rem 2rem; } h1 { font-size: 1.25rem; }
  .item { padding: .4rem .55rem; } dl { grid-template-columns: minmax(3.75rem, auto) 1fr; gap: 0 .5rem; } }
@media print { :root { --page: #fff; --text: #000; --faint: #444; --line: #bbb; --card: #fff; --error: #900;
  --warning: #640; --note: #036; --good: #050; } body { max-width: none; padding: 0; font-size: 10pt; }
  .item { break-inside: avoid; border: 1px solid var(--line); border-left-width: .25rem; } h2, h3, .help { break-after: avoid; }
  .item.long { break-inside: auto; } a { color: inherit; } }
)css";

// Raw text that came from outside, isolated, so that writing from right to left stays within it.
std::string html_name(std::string_view name, std::size_t columns) {
  return "<bdi>" + markup_text(shown_name(name, columns)) + "</bdi>";
}

std::string html_text(std::string_view text) {
  return markup_text(message_text(text, 2'000));
}

// A sentence of ours, in which `this` is something to type.
std::string html_prose(std::string_view text) {
  const std::string shown = html_text(text);
  std::string out;
  std::size_t from = 0;
  for (;;) {
    const std::size_t open = shown.find('`', from);
    const std::size_t close = open == std::string::npos ? open : shown.find('`', open + 1);
    if (close == std::string::npos) return out.append(shown, from);
    out.append(shown, from, open - from).append("<code>");
    out.append(shown, open + 1, close - open - 1).append("</code>");
    from = close + 1;
  }
}

std::string counts_list(const std::vector<ReportCount>& counts) {
  std::string out = "<ul class=\"counts\">";
  for (std::size_t at = 0; at < counts.size(); ++at) {
    const ReportCount& part = counts[at];
    if (at != 0 && part.count == 0) continue;
    const std::string& words = part.count == 1 && !part.one.empty() ? part.one : part.words;
    out += "<li><b>" + std::to_string(part.count) + "</b> " + markup_text(message_text(words)) + "</li>";
  }
  return out + "</ul>\n";
}

std::string_view level_class(const ReportItem& item) {
  if (item.state == ItemState::done) return "done";
  return item.state == ItemState::waived ? "waived" : to_string(item.level);
}

// What stands above an item: how bad it is, or what became of it.
std::string level_words(const ReportItem& item) {
  std::string words(item.state == ItemState::done      ? "done"
                    : item.state == ItemState::pending ? "to do"
                                                       : to_string(item.level));
  if (const std::string marks = shown_marks(item); !marks.empty()) words += ", " + marks;
  return words;
}

void append_detail(std::string& out, std::string_view label, const std::string& html) {
  out.append("<dt>").append(markup_text(shown_name(label))).append("</dt><dd>").append(html).append("</dd>");
}

void append_details(std::string& out, const ReportItem& item) {
  out += "<dl>";
  if (!item.owner.empty()) append_detail(out, "owner", html_name(item.owner, 120));
  if (!item.accepted.empty()) append_detail(out, "accepted", html_text(item.accepted));
  std::string_view last;
  const std::size_t shown = std::min(item.details.size(), kMaxHtmlDetails);
  for (std::size_t at = 0; at < shown; ++at) {
    const ItemDetail& detail = item.details[at];
    append_detail(out, detail.label == last ? std::string_view() : detail.label, html_text(detail.text));
    last = detail.label;
  }
  if (const std::size_t left = details_left_out(item, shown); left > 0)
    append_detail(out, "", "and " + std::to_string(left) + " more");
  if (item.place) {
    append_detail(
        out, "source",
        "<code>" + html_name(item.place->file, 300) + ":" + std::to_string(item.place->line) + "</code>");
  }
  out += "</dl>";
}

void append_html_item(std::string& out, const ReportItem& item) {
  out.append("<li class=\"item ").append(level_class(item));
  if (item.details.size() > kLongItem) out += " long";
  out.append("\"><p><span class=\"level\">");
  out.append(markup_text(level_words(item))).append("</span>");
  if (!item.name.empty()) out += " <b>" + html_name(item.name, 200) + "</b>";
  if (!item.token_id.empty()) out += " <code>" + html_name(item.token_id, 64) + "</code>";
  out += "</p>";
  if (!item.message.empty()) out += "<p>" + html_prose(item.message) + "</p>";
  const bool has_details =
      !item.details.empty() || item.place || !item.owner.empty() || !item.accepted.empty();
  if (has_details) append_details(out, item);
  out += "</li>\n";
}

class HtmlPage {
 public:
  explicit HtmlPage(const Report& report) : report_(report) {}

  std::string whole() {
    head();
    if (report_.orgs.size() > 1) contents();
    std::size_t room = kMaxHtmlItems;
    for (std::size_t at = 0; at < report_.orgs.size(); ++at) {
      // What one org leaves of its share goes to those behind it.
      std::size_t share = std::max<std::size_t>(room / (report_.orgs.size() - at), 5);
      const std::size_t before = share;
      org(at, share);
      room -= std::min(room, before - share);
    }
    out_ += "</main>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  void head() {
    const std::string title = headline_of(report_);
    out_ +=
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>";
    out_ += markup_text(message_text(title)) + "</title>\n<style>" + std::string(kStyleSheet) +
            "</style>\n</head>\n<body>\n<main>\n";
    out_ += "<h1>zonepin " + std::string(to_string(report_.kind)) + "</h1>\n";
    std::string facts = format_seconds(report_.at) + " · exit code " + std::to_string(report_.exit_code);
    if (!report_.source_revision.empty())
      facts += " · revision <code>" + html_name(report_.source_revision, 80) + "</code>";
    if (!report_.digest.empty()) facts += " · digest <code>" + report_.digest.substr(0, 16) + "</code>";
    out_ += "<p class=\"faint\">" + facts + "</p>\n";
    if (report_.orgs.empty()) {
      out_ += "<p>No org is concerned.</p>\n";
    } else {
      out_ += counts_list(total_counts(report_));
    }
  }

  void contents() {
    out_ += "<ul class=\"orgs\">\n";
    for (std::size_t at = 0; at < report_.orgs.size(); ++at) {
      const ReportOrg& org = report_.orgs[at];
      out_ += "<li><a href=\"#org-" + std::to_string(at + 1) + "\">" + markup_text(shown_host(org)) +
              "</a>: " + markup_text(counts_text(org.counts));
      if (org.exit_code != 0) out_ += ", exit code " + std::to_string(org.exit_code);
      out_ += "</li>\n";
    }
    out_ += "</ul>\n";
  }

  void org(std::size_t at, std::size_t& room) {
    const ReportOrg& org = report_.orgs[at];
    out_ += "<section id=\"org-" + std::to_string(at + 1) + "\">\n<h2>" + markup_text(shown_host(org)) +
            "</h2>\n";
    if (report_.orgs.size() > 1) out_ += counts_list(org.counts);
    if (!org.remark.empty()) out_ += "<p class=\"alert\">" + html_prose(org.remark) + "</p>\n";
    if (org.exit_code != 0 && report_.orgs.size() > 1)
      out_ += "<p class=\"faint\">Exit code " + std::to_string(org.exit_code) + "</p>\n";
    const std::vector<ItemGroup> groups = groups_of(report_, org);
    for (const ItemGroup& each : groups) group(each, room);
    passed(org, groups.empty());
    out_ += "</section>\n";
  }

  void group(const ItemGroup& group, std::size_t& room) {
    const std::size_t shown = std::min(group.items.size(), room);
    room -= shown;
    out_ += "<h3>" + html_text(group.rule->title) + " (" + std::to_string(group.items.size()) + ")</h3>\n";
    if (!group.rule->help.empty())
      out_ += "<p class=\"faint help\">" + html_prose(group.rule->help) + "</p>\n";
    out_ += "<ul>\n";
    for (std::size_t at = 0; at < shown; ++at) append_html_item(out_, *group.items[at]);
    out_ += "</ul>\n";
    if (shown < group.items.size()) {
      out_ += "<p class=\"alert\">" + std::to_string(group.items.size() - shown) +
              " more are left out of this page. <code>--format json</code> has them all.</p>\n";
    }
  }

  // By name alone: that they were looked at is all that there is to say.
  void passed(const ReportOrg& org, bool nothing_else) {
    std::size_t count = 0;
    std::string names;
    for (const ReportItem& item : org.items) {
      if (item.state != ItemState::pass) continue;
      if (++count > kMaxPassedNamed) continue;
      if (count > 1) names += ", ";
      names += html_name(item.name.empty() ? item.token_id : item.name, 60);
    }
    if (count == 0) {
      if (nothing_else) out_ += "<p>Nothing to tell.</p>\n";
      return;
    }
    out_ += "<h3>As it should be (" + std::to_string(count) + ")</h3>\n<p class=\"faint\">" + names;
    if (count > kMaxPassedNamed) out_ += ", and " + std::to_string(count - kMaxPassedNamed) + " more";
    out_ += "</p>\n";
  }

  const Report& report_;
  std::string out_;
};

}  // namespace

std::string html_report(const Report& report) {
  return HtmlPage(report).whole();
}

}  // namespace zonepin
