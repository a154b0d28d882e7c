#include "model/glob.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/text.h"

namespace zonepin {

namespace {

enum class GlobPart : std::uint8_t { literal, any_one, any_run, one_of, none_of };

struct GlobStep {
  GlobPart part = GlobPart::literal;
  char32_t point = 0;  // of a literal
  std::vector<std::pair<char32_t, char32_t>> ranges;
};

bool is_letter_or_number(char32_t point) {
  return (point >= U'0' && point <= U'9') || (point >= U'a' && point <= U'z') ||
         (point >= U'A' && point <= U'Z');
}

// Takes a glob apart, up to its end or to the first fault.
class GlobReader {
 public:
  explicit GlobReader(std::string_view glob) : glob_(glob), rest_(glob) {}

  std::vector<GlobStep> steps;
  std::optional<GlobFault> fault;

  void read() {
    std::size_t length = 0;
    while (!rest_.empty() && !fault) {
      if (++length > kMaxGlobLength) {
        stop(offset(), "is longer than " + std::to_string(kMaxGlobLength) + " characters",
             "shorten it with a *");
        return;
      }
      read_step();
    }
  }

 private:
  std::size_t offset() const { return glob_.size() - rest_.size(); }

  void stop(std::size_t at, std::string summary, std::string detail) {
    if (!fault) fault = GlobFault{at, std::move(summary), std::move(detail)};
  }

  void read_step() {
    const std::size_t start = offset();
    switch (const char32_t point = take_code_point(rest_)) {
      case U'*':
        if (steps.empty() || steps.back().part != GlobPart::any_run)
          steps.push_back({GlobPart::any_run, 0, {}});
        return;
      case U'?': steps.push_back({GlobPart::any_one, 0, {}}); return;
      case U'[': read_class(start); return;
      case U'\\': steps.push_back({GlobPart::literal, read_escaped(start), {}}); return;
      default: steps.push_back({GlobPart::literal, point, {}}); return;
    }
  }

  char32_t read_escaped(std::size_t start) {
    if (rest_.empty()) {
      stop(start, "ends with a lone backslash", "a backslash itself is written \\\\");
      return 0;
    }
    const char32_t point = take_code_point(rest_);
    if (is_letter_or_number(point)) {
      stop(start, "has a backslash in front of a letter or a digit",
           "a glob is no regular expression: * stands for any characters, ? for one, [0-9] for a digit; a "
           "backslash "
           "itself is written \\\\");
    }
    return point;
  }

  char32_t read_member(std::size_t start) {
    const std::size_t at = offset();
    const char32_t point = take_code_point(rest_);
    if (point == U'\\') {
      if (rest_.empty()) unclosed(start);
      return fault ? 0 : read_escaped(at);
    }
    if (point == U'[') stop(at, "has a [ within [ ]", "to mean the character, write \\[");
    return point;
  }

  void unclosed(std::size_t start) {
    stop(start, "opens a [ that is never closed", "close it: [a-z]; to mean the character, write \\[");
  }

  // `start` is the offset of the [, which has been taken.
  void read_class(std::size_t start) {
    GlobStep step{GlobPart::one_of, 0, {}};
    if (rest_.substr(0, 1) == "^") {
      stop(start, "negates with a ^", "write [!a-z]; to mean the character, write \\^");
    }
    if (rest_.substr(0, 1) == "!") {
      step.part = GlobPart::none_of;
      rest_.remove_prefix(1);
    }
    while (!fault && rest_.substr(0, 1) != "]") {
      if (rest_.empty()) return unclosed(start);
      const std::size_t at = offset();
      const char32_t first = read_member(start);
      char32_t last = first;
      if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
        rest_.remove_prefix(1);
        last = read_member(start);
      }
      if (last < first)
        stop(at, "has a range that runs backwards", "write it from the lower to the higher: a-z");
      step.ranges.emplace_back(first, last);
    }
    if (fault) return;
    if (step.ranges.empty())
      stop(start, "has an empty [ ]", "name the characters: [a-z]; to mean the brackets, write \\[\\]");
    rest_.remove_prefix(1);
    steps.push_back(std::move(step));
  }

  std::string_view glob_;
  std::string_view rest_;
};

bool fits_one(const GlobStep& step, char32_t point) {
  const auto within = [point](const std::pair<char32_t, char32_t>& range) {
    return range.first <= point && point <= range.second;
  };
  switch (step.part) {
    case GlobPart::literal: return step.point == point;
    case GlobPart::any_one: return true;
    case GlobPart::any_run: return false;
    case GlobPart::one_of: return std::any_of(step.ranges.begin(), step.ranges.end(), within);
    case GlobPart::none_of: return std::none_of(step.ranges.begin(), step.ranges.end(), within);
  }
  return false;
}

// After a star it is enough to find the leftmost place for what follows up to the next star: a match that
// begins later leaves less text to the rest. So only the latest star is ever gone back to.
bool fits_steps(const std::vector<GlobStep>& steps, std::string_view text) {
  constexpr std::size_t kNoStar = static_cast<std::size_t>(-1);
  std::size_t step = 0;
  std::size_t star = kNoStar;
  std::string_view rest = text;
  std::string_view behind_star;
  while (!rest.empty()) {
    if (step < steps.size() && steps[step].part == GlobPart::any_run) {
      star = step++;
      behind_star = rest;
      if (step == steps.size()) return true;
      continue;
    }
    std::string_view after = rest;
    if (step < steps.size() && fits_one(steps[step], take_code_point(after))) {
      ++step;
      rest = after;
      continue;
    }
    if (star == kNoStar) return false;
    take_code_point(behind_star);
    rest = behind_star;
    step = star + 1;
  }
  while (step < steps.size() && steps[step].part == GlobPart::any_run) ++step;
  return step == steps.size();
}

}  // namespace

std::optional<GlobFault> check_glob(std::string_view glob) {
  GlobReader reader(glob);
  reader.read();
  return reader.fault;
}

bool fits_glob(std::string_view glob, std::string_view text) {
  if (glob.find_first_of("*?[\\") == std::string_view::npos) return glob == text;
  GlobReader reader(glob);
  reader.read();
  return !reader.fault && fits_steps(reader.steps, text);
}

std::optional<std::string> literal_of(std::string_view glob) {
  if (glob.find_first_of("*?[") == std::string_view::npos && glob.find('\\') == std::string_view::npos) {
    return std::string(glob);
  }
  if (check_glob(glob)) return std::nullopt;
  std::string text;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    if (glob[i] == '*' || glob[i] == '?' || glob[i] == '[') return std::nullopt;
    if (glob[i] == '\\') ++i;  // check_glob() has seen that something follows
    text += glob[i];
  }
  return text;
}

}  // namespace zonepin
