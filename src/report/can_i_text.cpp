#include <algorithm>
#include <map>

#include "base/text.h"
#include "report/can_i_report.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kAskedColumns = 90;
constexpr std::size_t kCanIHostColumns = 200;

Ink ink_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed: return Ink::good;
    case Verdict::unknown: return Ink::attention;
    case Verdict::denied: return Ink::bad;
  }
  return Ink::plain;
}

Word verdict_word(Verdict verdict) {
  return {std::string(to_string(verdict)), ink_of(verdict)};
}

class CanIPage {
 public:
  CanIPage(const CanIReport& report, const Style& style) : report_(report), page_(style) {
    std::vector<std::string> texts;
    for (const Asked& asked : report.asked) texts.push_back(escape_cut(asked.text, kAskedColumns));
    asked_ = join(texts, ", ");
  }

  std::string text() {
    if (report_.orgs.empty()) return "No org takes part, so that nothing can be told.\n";
    for (const OrgAnswer& org : report_.orgs) {
      page_.gap();
      append(org);
    }
    return page_.take();
  }

 private:
  void append(const OrgAnswer& org) {
    if (report_.scope == CanIScope::one_token) {
      for (const TokenAnswer& token : org.tokens) append(token, org);
      append_assumed(org);
      return;
    }
    page_.line(0,
               words_of(escape_cut(org.host, kCanIHostColumns) + ": " + plural(total(org.now), "live token") +
                        ", asked about " + asked_),
               kBlockIndent);
    append_groups(org);
    if (!org.assumed.empty()) page_.gap();
    append_assumed(org);
    conclude(org);
  }

  void append_assumed(const OrgAnswer& org) {
    for (const std::string& line : org.assumed) page_.field("assumed", words_of(message_text(line)));
  }

  // --- one token

  void append(const TokenAnswer& token, const OrgAnswer& org) {
    Words words = {verdict_word(token.verdict())};
    append_words(words, "from " + asked_ + ":");
    for (Word& word : token_words(token.name, token.id, page_)) words.push_back(std::move(word));
    append_words(words, "at " + escape_cut(org.host, kCanIHostColumns));
    if (token.after) {
      attach(words, ",");
      append_words(words, change_words(token.now.verdict(), token.after->verdict()));
    }
    page_.line(0, words, kBlockIndent);
    const ZoneNames zones(org.zones);
    const bool alike = token.after && same(token.now, *token.after);
    append(alike ? "always" : "now", token.now, zones);
    if (token.after && !alike) append("after", *token.after, zones);
  }

  static std::string change_words(Verdict now, Verdict after) {
    if (now == after) return std::string(to_string(now)) + " now and after";
    return std::string(to_string(now)) + " now, " + std::string(to_string(after)) + " after";
  }

  static bool same(const Standpoint& a, const Standpoint& b) {
    return a.condition == b.condition && a.revoked == b.revoked && a.admissions == b.admissions;
  }

  void append(std::string_view label, const Standpoint& standpoint, const ZoneNames& zones) {
    if (standpoint.revoked) {
      page_.field(label, words_of(message_text(standpoint.admissions.front().grounds.front().message)));
      return;
    }
    page_.field(label, condition_words(standpoint.condition, zones, page_));
    for (std::size_t at = 0; at < standpoint.admissions.size(); ++at)
      append(report_.asked[at], standpoint.admissions[at]);
  }

  // Of several addresses each by its name.
  void append(const Asked& asked, const Admission& admission) {
    for (const Ground& ground : admission.grounds) {
      Words words;
      if (report_.asked.size() > 1) words = words_of(escape_cut(asked.text, kAskedColumns));
      words.push_back(verdict_word(ground.verdict));
      attach(words, ":");
      append_words(words, message_text(ground.message));
      page_.field("", words);
    }
  }

  // --- all tokens: those that have it for one reason together

  struct Group {
    Verdict verdict;
    std::string heading;
    std::vector<std::string> reasons;
    std::vector<const TokenAnswer*> tokens;
  };

  std::vector<std::string> reasons_for(const Standpoint& standpoint) const {
    std::vector<std::string> reasons;
    for (std::size_t at = 0; at < standpoint.admissions.size(); ++at) {
      for (const Ground& ground : standpoint.admissions[at].grounds) {
        if (ground.verdict != standpoint.verdict()) continue;
        std::string reason = message_text(ground.message);
        // Of a token that is to be revoked it is the same for every address.
        if (report_.asked.size() > 1 && !standpoint.revoked)
          reason = escape_cut(report_.asked[at].text, kAskedColumns) + ": " + reason;
        if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
          reasons.push_back(std::move(reason));
      }
    }
    return reasons;
  }

  void append_groups(const OrgAnswer& org) {
    std::vector<Group> groups;
    std::map<std::pair<std::string, std::vector<std::string>>, std::size_t> known;
    for (const TokenAnswer& token : org.tokens) {
      const Verdict verdict = token.verdict();
      const std::string heading =
          token.after ? change_words(token.now.verdict(), verdict) : std::string(to_string(verdict));
      std::vector<std::string> reasons = reasons_for(token.after ? *token.after : token.now);
      const auto [place, fresh] = known.try_emplace({heading, reasons}, groups.size());
      if (fresh) groups.push_back({verdict, heading, std::move(reasons), {}});
      groups[place->second].tokens.push_back(&token);
    }
    for (const Group& group : groups) append(group);
  }

  void append(const Group& group) {
    page_.gap();
    page_.line(kBlockIndent, words_of(group.heading, ink_of(group.verdict)), kBlockIndent + 2);
    for (const std::string& reason : group.reasons)
      page_.field(&reason == &group.reasons.front() ? "why" : "", words_of(reason));
    for (const TokenAnswer* token : group.tokens)
      page_.field(token == group.tokens.front() ? "tokens" : "", token_words(token->name, token->id, page_));
  }

  static std::size_t total(const VerdictCounts& counts) {
    return counts.allowed + counts.unknown + counts.denied;
  }

  static std::string counts_text(const VerdictCounts& counts) {
    return std::to_string(counts.denied) + " denied, " + std::to_string(counts.unknown) + " unknown, " +
           std::to_string(counts.allowed) + " allowed";
  }

  void conclude(const OrgAnswer& org) {
    page_.gap();
    std::string text = "From " + asked_ + " at " + escape_cut(org.host, kCanIHostColumns) + ": ";
    text += org.after ? "now " + counts_text(org.now) + "; after " + counts_text(*org.after)
                      : counts_text(org.now);
    page_.line(0, words_of(text + "."), kBlockIndent);
  }

  const CanIReport& report_;
  Page page_;
  std::string asked_;
};

}  // namespace

std::string can_i_text(const CanIReport& report, const Style& style) {
  return CanIPage(report, style).text();
}

}  // namespace zonepin
