#include <algorithm>
#include <string>

#include "base/text.h"
#include "report/plan_sections.h"
#include "report/since_words.h"

namespace zonepin {

namespace {

// Lists one kind of thing under a heading, up to a limit, and then how many more there are.
class Section {
 public:
  Section(Page& page, std::string heading, std::size_t limit)
      : page_(page), heading_(std::move(heading)), limit_(limit) {}

  // Whether the next one is to be printed; the first one brings the heading.
  bool next() {
    if (++count_ > limit_) return false;
    if (count_ == 1) {
      page_.gap();
      page_.line(0, words_of(heading_, Ink::strong), kBlockIndent);
    }
    return true;
  }

  void end() {
    if (count_ <= limit_) return;
    page_.line(kBlockIndent,
               words_of("and " + std::to_string(count_ - limit_) + " more, --format json has them all"),
               kFieldIndent);
  }

 private:
  Page& page_;
  std::string heading_;
  std::size_t limit_;
  std::size_t count_ = 0;
};

struct Sign {
  std::string text;
  Ink ink;
};

Sign sign_of(std::string_view severity) {
  if (severity == "error") return {"!", Ink::bad};
  if (severity == "warning") return {"!", Ink::attention};
  return {"?", Ink::attention};
}

// `  ! conflict "name" id`, where the entry stands, and what there is to say.
void append_notice(Page& page, const Sign& sign, const std::string& what, const Words& token,
                   const std::optional<SourceRef>& source, std::string_view message, Novelty novelty) {
  Words words = {{sign.text + " " + rule_text(what), sign.ink}};
  words.insert(words.end(), token.begin(), token.end());
  for (Word& word : novelty_words(novelty)) words.push_back(std::move(word));
  page.line(kBlockIndent, words, kFieldIndent);
  if (source) page.field("source", place_words(*source));
  if (!message.empty()) page.line(kFieldIndent, words_of(message_text(message)), kFieldIndent);
}

Words named(Page& page, const OrgView& org, const std::string& token_id) {
  if (token_id.empty()) return {};
  const Change* change = org.change_of(token_id);
  return token_words(change == nullptr ? std::string_view() : std::string_view(change->name), token_id, page);
}

// Findings that repeat a change: the change itself says more.
bool is_told_by_changes(const Finding& finding) {
  return finding.rule == to_string(Status::missing) || finding.rule == to_string(Status::unmanaged) ||
         finding.rule == to_string(Status::conflict);
}

void append_changes(Page& page, const OrgView& org, Status status, const Sign& sign, Section& section) {
  for (const Change& change : org.plan.changes) {
    if (change.status != status || !section.next()) continue;
    append_notice(page, sign, std::string(to_string(status)), token_words(change.name, change.id, page),
                  change.source, change.note, change.novelty);
  }
}

void append_findings(Page& page, const OrgView& org, Section& section) {
  for (const Finding& finding : org.plan.findings) {
    if (is_told_by_changes(finding) || !section.next()) continue;
    append_notice(page, sign_of(finding.severity), finding.rule, named(page, org, finding.token_id),
                  finding.source, finding.message, finding.novelty);
    for (const std::string& detail : finding.details) {
      page.line(kFieldIndent, words_of("- " + message_text(detail)), kFieldIndent + 2);
    }
  }
}

void append_missing(Page& page, const OrgView& org) {
  if (!org.plan.missing_counts) return;
  const bool fails = org.plan.missing_fails;
  Section section(page, std::string("Declared, but not live") + (fails ? " (`missing: fail`):" : ":"),
                  kMaxListed);
  append_changes(page, org, Status::missing, sign_of(fails ? "error" : "note"), section);
  section.end();
}

std::string guard_heading(PlanView view) {
  return view == PlanView::drift ? "An apply would be blocked by:" : "Apply is blocked by:";
}

void append_guard(Page& page, const OrgView& org, const Guard& guard) {
  const Sign sign = guard.lifted ? Sign{"o", Ink::good} : Sign{"!", Ink::bad};
  page.line(kBlockIndent, {{sign.text + " " + rule_text(guard.name), sign.ink}}, kFieldIndent);
  page.line(kFieldIndent, words_of(message_text(guard.message)), kFieldIndent);
  for (std::size_t at = 0; at < guard.token_ids.size() && at < kMaxListed; ++at) {
    page.field(at == 0 ? (guard.token_ids.size() == 1 ? "token" : "tokens") : "",
               named(page, org, guard.token_ids[at]));
  }
  if (guard.token_ids.size() > kMaxListed) {
    // Each action names its guards, so nothing is lost.
    page.field("", words_of("and " + std::to_string(guard.token_ids.size() - kMaxListed) +
                            " more of the actions above"));
  }
  if (!guard.lifted) page.field("lifted by", words_of(message_text(guard.lift), Ink::strong));
}

void append_guards_that_are(Page& page, const OrgView& org, bool lifted, const std::string& heading) {
  bool first = true;
  for (const Guard& guard : org.plan.guards) {
    if (guard.lifted != lifted) continue;
    if (first) {
      page.gap();
      page.line(0, words_of(heading, Ink::strong), kBlockIndent);
    }
    first = false;
    append_guard(page, org, guard);
  }
}

}  // namespace

void append_notices(Page& page, const OrgView& org) {
  const bool reverse = org.view == PlanView::reverse;
  Section section(page,
                  reverse ? "Final, nothing puts these back:" : "To be decided or known:", kMaxFindings);
  append_changes(page, org, Status::conflict, sign_of("error"), section);
  append_findings(page, org, section);
  section.end();
  append_missing(page, org);
  Section waiting(page, "Due, but not now:", kMaxListed);
  append_changes(page, org, Status::waiting, {"o", Ink::plain}, waiting);
  waiting.end();
}

void append_unmanaged(Page& page, const OrgView& org) {
  const auto& findings = org.plan.findings;
  const bool reported = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.rule == to_string(Status::unmanaged);
  });
  if (!reported) return;  // `unmanaged: ignore`
  const bool fails = org.plan.unmanaged_fails;
  Section section(
      page,
      std::string("Live, but in no manifest, so never written") + (fails ? " (`unmanaged: fail`):" : ":"),
      kMaxListed);
  const Sign sign = sign_of(fails ? "error" : "note");
  for (const Change& change : org.plan.changes) {
    if (change.status != Status::unmanaged || !section.next()) continue;
    Words words = {{sign.text, sign.ink}};
    for (Word& word : token_words(change.name, change.id, page)) words.push_back(std::move(word));
    for (Word& word : novelty_words(change.novelty)) words.push_back(std::move(word));
    const auto network = change.before ? change.before->network : std::nullopt;
    attach(words, ":");
    for (Word& word : condition_words(network, org.zones, page)) words.push_back(std::move(word));
    page.line(kBlockIndent, words, kFieldIndent);
  }
  section.end();
}

void append_guards(Page& page, const OrgView& org) {
  append_guards_that_are(page, org, false, guard_heading(org.view));
  append_guards_that_are(page, org, true, "Guards that are lifted:");
}

}  // namespace zonepin
