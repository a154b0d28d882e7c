#include "base/text.h"
#include "report/identity_report.h"
#include "report/lists.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kOwnerColumns = 200;
constexpr std::size_t kSuspectsShown = 50;

std::string owner_suffix(const std::optional<User>& owner) {
  if (!owner) return {};
  const std::string id = escape_cut(owner->id, kOwnerColumns);
  return " of user " +
         (owner->login.empty() ? id : in_quotes(escape_cut(owner->login, kOwnerColumns)) + " (" + id + ")");
}

std::string identity_lead(const IdentityReport& report) {
  const std::string host = escape_cut(report.host, kOwnerColumns);
  if (is_told(report.suspects)) {
    return "The secret is that of this token" + owner_suffix(report.owner) + " at " + host + ":";
  }
  if (report.suspects.tokens.empty()) {
    return "The secret is that of a token" + owner_suffix(report.owner) + " at " + host +
           ", and the lists don't show it.";
  }
  return "The secret is that of one of these tokens" + owner_suffix(report.owner) + " at " + host + ":";
}

}  // namespace

std::string identity_text(const IdentityReport& report, Instant now, const Style& style) {
  Page page(style);
  page.line(0, words_of(identity_lead(report)), kBlockIndent);
  const auto& tokens = report.suspects.tokens;
  if (is_told(report.suspects)) return page.take() + token_text(tokens.front(), {}, now, style);
  for (std::size_t at = 0; at < tokens.size() && at < kSuspectsShown; ++at) {
    Words words = {{"?", Ink::attention}};
    const Words name = token_words(tokens[at].name, tokens[at].id, page);
    words.insert(words.end(), name.begin(), name.end());
    page.line(kBlockIndent, words, kFieldIndent);
  }
  if (tokens.size() > kSuspectsShown) {
    page.line(kBlockIndent, words_of("and " + std::to_string(tokens.size() - kSuspectsShown) + " more"),
              kFieldIndent);
  }
  return page.take();
}

}  // namespace zonepin
