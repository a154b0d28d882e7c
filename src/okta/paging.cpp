#include "okta/paging.h"

#include <algorithm>

#include "base/text.h"
#include "model/org.h"

namespace zonepin::okta {

namespace {

// Walks over one header value.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }
  void skip(std::string_view any_of) {
    while (!at_end() && any_of.find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string_view take_until(std::string_view stops) {
    const std::size_t from = at_;
    while (!at_end() && stops.find(text_[at_]) == std::string_view::npos) ++at_;
    return text_.substr(from, at_ - from);
  }
  // After the opening quote; the closing one is consumed.
  std::string take_quoted() {
    std::string value;
    while (!at_end() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_++];
    }
    take('"');
    return value;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (std::string_view part : split(text, ' ')) {
    if (!trim(part).empty()) out.push_back(lowercase(trim(part)));
  }
  return out;
}

void parse_parameters(Cursor& cursor, Link& link) {
  for (;;) {
    cursor.skip(" \t");
    if (!cursor.take(';')) return;
    cursor.skip(" \t;");
    const std::string name = lowercase(trim(cursor.take_until("=;,")));
    std::string value;
    if (cursor.take('=')) {
      cursor.skip(" \t");
      value = cursor.take('"') ? cursor.take_quoted() : std::string(trim(cursor.take_until(";,")));
    }
    // RFC 8288 3.3: only the first rel counts.
    if (name == "rel" && link.relations.empty()) link.relations = words(value);
  }
}

bool same_endpoint(std::string_view url, const Endpoint& endpoint) {
  const auto org = parse_org(url);
  return org && org->endpoint == endpoint;
}

}  // namespace

std::vector<Link> parse_links(std::string_view value) {
  std::vector<Link> links;
  Cursor cursor(value);
  for (;;) {
    cursor.skip(" \t,");
    if (!cursor.take('<')) return links;
    Link link;
    link.target = std::string(trim(cursor.take_until(">")));
    if (!cursor.take('>')) return links;
    parse_parameters(cursor, link);
    links.push_back(std::move(link));
  }
}

Result<std::optional<std::string>> next_page(const HttpHeaders& headers, const Endpoint& endpoint,
                                             std::string_view current_target) {
  for (std::string_view value : headers_named(headers, "link")) {
    for (const Link& link : parse_links(value)) {
      if (std::find(link.relations.begin(), link.relations.end(), "next") == link.relations.end()) continue;
      const std::string& target = link.target;
      const bool printable = std::all_of(target.begin(), target.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
      if (!printable) return fail(Trouble::failure, "Okta's link to the next page holds characters that no URL has");
      if (target.rfind("//", 0) != 0 && target.rfind('/', 0) == 0) return std::optional<std::string>(target);
      if (target.rfind('?', 0) == 0) {
        return std::optional<std::string>(std::string(current_target.substr(0, current_target.find('?'))) + target);
      }
      const std::size_t scheme_end = target.find("://");
      const std::size_t path = scheme_end == std::string::npos ? std::string::npos : target.find('/', scheme_end + 3);
      if (path == std::string::npos || !same_endpoint(std::string_view(target).substr(0, path), endpoint)) {
        return fail(Trouble::failure, "Okta's link to the next page leads elsewhere: " + in_quotes(target),
                    "a credential goes only to the org it belongs to; check the org's address (a renamed org or a proxy)");
      }
      return std::optional<std::string>(target.substr(path));
    }
  }
  return std::optional<std::string>();
}

}  // namespace zonepin::okta
