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
  while (!(text = trim(text)).empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    out.push_back(lowercase(text.substr(0, end)));
    text.remove_prefix(end);
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

// Splits `scheme://authority` off; none when the reference has none.
std::optional<std::string_view> take_authority(std::string_view& reference) {
  const std::size_t scheme_end = reference.find("://");
  const std::size_t first_stop = reference.find_first_of("/?#");
  if (scheme_end == std::string_view::npos || scheme_end > first_stop) return std::nullopt;
  const std::size_t end = std::min(reference.find_first_of("/?#", scheme_end + 3), reference.size());
  const std::string_view authority = reference.substr(0, end);
  reference.remove_prefix(end);
  return authority;
}

bool has_scheme(std::string_view reference) {
  const std::size_t colon = reference.find(':');
  return colon != std::string_view::npos && colon < reference.find_first_of("/?#");
}

// RFC 3986 5.2.4, for paths that start with a slash.
std::string without_dot_segments(std::string_view path) {
  std::vector<std::string> kept;
  const auto segments = split(path.substr(1), '/');
  for (std::size_t at = 0; at < segments.size(); ++at) {
    const bool dot = segments[at] == ".";
    const bool dots = segments[at] == "..";
    if (dots && !kept.empty()) kept.pop_back();
    if (!dot && !dots) kept.emplace_back(segments[at]);
    if ((dot || dots) && at + 1 == segments.size()) kept.emplace_back();
  }
  return "/" + join(kept, "/");
}

// Path and query of a reference without scheme and authority, seen from `current` (RFC 3986 5.2.2).
std::string resolved(std::string_view reference, std::string_view current) {
  reference = reference.substr(0, reference.find('#'));
  const std::string_view current_path = current.substr(0, current.find('?'));
  const std::size_t query = std::min(reference.find('?'), reference.size());
  std::string path(reference.substr(0, query));
  if (path.empty()) path = current_path;
  if (path.front() != '/') path = std::string(current_path.substr(0, current_path.rfind('/') + 1)) + path;
  return without_dot_segments(path) + std::string(reference.substr(query));
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

namespace {

Result<std::string> target_of(std::string_view reference, const Endpoint& endpoint,
                              std::string_view current_target) {
  const bool printable =
      std::all_of(reference.begin(), reference.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (!printable)
    return fail(Trouble::failure, "Okta's link to the next page holds characters that no URL has");
  const auto elsewhere = [whole = std::string(reference)] {
    return fail(Trouble::failure, "Okta's link to the next page leads elsewhere: " + in_quotes(whole),
                "a credential goes only to the org it belongs to; check the org's address (a renamed org or "
                "a proxy)");
  };
  std::string absolute;
  if (reference.substr(0, 2) == "//") {
    absolute = endpoint.scheme + ":" + std::string(reference);
    reference = absolute;
  }
  if (const auto authority = take_authority(reference)) {
    const auto org = parse_org(*authority);
    if (!org || org->endpoint != endpoint) return elsewhere();
    return resolved(reference.substr(0, 1) == "/" ? std::string(reference) : "/" + std::string(reference),
                    current_target);
  }
  if (has_scheme(reference)) return elsewhere();
  return resolved(reference, current_target);
}

}  // namespace

Result<std::optional<std::string>> next_page(const HttpHeaders& headers, const Endpoint& endpoint,
                                             std::string_view current_target) {
  for (std::string_view value : headers_named(headers, "link")) {
    for (const Link& link : parse_links(value)) {
      if (std::find(link.relations.begin(), link.relations.end(), "next") == link.relations.end()) continue;
      auto target = target_of(link.target, endpoint, current_target);
      if (!target) return fail(std::move(target.error()));
      return std::optional<std::string>(std::move(*target));
    }
  }
  return std::optional<std::string>();
}

}  // namespace zonepin::okta
