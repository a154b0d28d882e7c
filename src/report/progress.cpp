#include "report/progress.h"

#include <cmath>
#include <cstdint>

#include "report/json_writer.h"

namespace zonepin {

namespace {

constexpr Milliseconds kPaceIsKnownAfter{2'000};

std::string rate_text(const Progress& progress) {
  const double each_ms =
      static_cast<double>(progress.elapsed.count()) / static_cast<double>(progress.settled);
  const auto tenths = std::llround(10'000.0 / each_ms);
  if (tenths < 10) return {};
  return "; " + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " a second";
}

std::string left_text(const Progress& progress) {
  const auto each_ms = progress.elapsed.count() / static_cast<std::int64_t>(progress.settled);
  const auto left = static_cast<std::int64_t>(progress.due - progress.settled);
  return ", about " + format_length(Milliseconds(each_ms * left)) + " left";
}

}  // namespace

std::string progress_text(const Progress& progress) {
  std::string text = std::to_string(progress.settled) + " of " + std::to_string(progress.due) + " done";
  if (progress.orgs > 1) text += " at " + std::to_string(progress.orgs) + " orgs";
  if (progress.failed > 0) text += ", " + std::to_string(progress.failed) + " failed";
  if (progress.running > 0) text += ", " + std::to_string(progress.running) + " running";
  const bool waits = progress.waiting > Milliseconds(0);
  const bool pace_is_known =
      progress.elapsed >= kPaceIsKnownAfter && progress.settled > 0 && progress.settled < progress.due;
  if (waits) text += "; waits " + format_length(progress.waiting) + " (" + progress.reason + ")";
  if (pace_is_known) text += (waits ? "" : rate_text(progress)) + left_text(progress);
  return text;
}

std::string progress_json(const Progress& progress) {
  const auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
  JsonWriter json;
  json.open_object().key("type").text("event").key("event").text("progress");
  json.key("due").number(count(progress.due)).key("settled").number(count(progress.settled));
  json.key("failed").number(count(progress.failed)).key("running").number(count(progress.running));
  json.key("waiting_ms").number(progress.waiting.count()).key("reason").text(progress.reason);
  json.close_object().end_line();
  return json.take();
}

}  // namespace zonepin
