// A schedule of faults: which requests go wrong, and how. Decisions only, as values; server.cpp acts them
// out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http.h"
#include "base/result.h"
#include "base/time.h"

namespace zonepin::sim {

enum class FaultAction {
  delay,         // only the waits; the answer is the org's
  status,        // another answer: `status`, `errorCode`, `body`
  redirect,      // 302 to `location`
  garbage,       // 200 with a body that is no JSON
  drop_before,   // the connection ends; the org never saw the request
  drop_after,    // the org carries the request out; the connection ends without an answer
  truncate,      // the answer ends in the middle of its body, after `bytes`
  wrong_length,  // Content-Length is off by `offset`
  trickle,       // the answer comes `bytes` at a time, with `pause_ms` between
  echo,          // 400 with an error that repeats the request's headers and body, credentials and all
};

// In the order of FaultAction.
inline constexpr std::string_view kFaultActions[] = {"delay",       "status",     "redirect", "garbage",
                                                     "drop_before", "drop_after", "truncate", "wrong_length",
                                                     "trickle",     "echo"};

// Whether the org carries the request out although its answer is lost or another.
enum class FaultEffect { none, carried_out };

struct FaultRule {
  FaultAction action = FaultAction::delay;
  std::string method;  // empty: any
  std::string path =
      "/";  // with `*` or `?` a pattern of the whole path, else the start of it; without the query
  std::uint64_t from = 1;   // the first of the requests that fit, counted from 1
  std::uint64_t count = 1;  // how many of them from there on; 0: all
  int percent = 100;        // of those, scattered
  Milliseconds delay{0};    // before the request is looked at
  Milliseconds hold{0};     // after it was carried out, before the answer
  FaultEffect effect = FaultEffect::carried_out;
  int status = 0;          // 0: that of error_code, else 500
  std::string error_code;  // an error body of Okta's; empty: `body` as it is
  std::string body;
  std::string location;
  HttpHeaders headers;  // put into the answer, in place of those of the same name
  std::size_t bytes = 1;
  std::int64_t offset = 10;
  Milliseconds pause{100};

  bool operator==(const FaultRule&) const = default;
};

inline constexpr std::size_t kMaxFaultsBytes = std::size_t{1} << 20;

// The JSON of docs/simulator.md. An unknown field or a wrong type is Trouble::usage that names the place.
Result<std::vector<FaultRule>> parse_faults(std::string_view text);

bool fits_path(std::string_view pattern, std::string_view path);

class FaultSchedule {
 public:
  FaultSchedule() = default;
  explicit FaultSchedule(std::vector<FaultRule> rules) : rules_(std::move(rules)), seen_(rules_.size()) {}

  // What befalls the next request; none when nothing does. Every rule counts every request that fits it; of
  // several that would act, the first does.
  std::optional<FaultRule> next(std::string_view method, std::string_view target);

 private:
  std::vector<FaultRule> rules_;
  std::vector<std::uint64_t> seen_;
};

// --- what comes of a rule
// ------------------------------------------------------------------------------------

// The answer that a client gets whole; `answer` is the org's, or what came in its place.
HttpResponse faulty_answer(const FaultRule& rule, HttpResponse answer);

// The answer of `echo` to such a request: what a careless server or proxy does.
HttpResponse echo_of(const FaultRule& rule, const HttpHeaders& headers, std::string_view body);

// What goes over the connection instead of a whole answer, before the connection ends.
struct RawAnswer {
  std::string bytes;
  std::size_t chunk = 0;  // so many at a time; 0: all at once
  Milliseconds pause{0};  // between two chunks

  bool operator==(const RawAnswer&) const = default;
};
// None when the answer goes the usual way.
std::optional<RawAnswer> raw_answer(const FaultRule& rule, const HttpResponse& answer);

}  // namespace zonepin::sim
