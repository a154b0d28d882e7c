#include "sim/json.h"

namespace zonepin::sim {

tl::expected<Json, std::size_t> parse_json(std::string_view text) {
  bool too_deep = false;
  const auto watch_depth = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kMaxJsonDepth;
    return !too_deep;  // what is too deep is not kept, so that nothing walks it
  };
  try {
    Json document = Json::parse(text, watch_depth);
    if (!too_deep) return document;
    return tl::unexpected<std::size_t>(0);
  } catch (const Json::parse_error& error) {
    return tl::unexpected<std::size_t>(error.byte);  // its what() would quote the text
  } catch (const Json::out_of_range&) {              // 1e999: well-formed, but no number that can be kept
    return tl::unexpected<std::size_t>(0);
  }
}

}  // namespace zonepin::sim
