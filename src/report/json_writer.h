// JSON text, member by member, straight into a string: reports of 20,000 items are written without a tree in
// between. For this room only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zonepin {

// A JSON string with its quotes. ASCII only: what is not comes out as \uXXXX, so that no mark that reverses
// the writing reaches a terminal; what is no UTF-8 as U+FFFD. `##`, which starts a command in the logs of
// some CI services wherever it stands, comes out as \u0023#.
void append_json_string(std::string& out, std::string_view text);

// Compact. REQUIRES: called in an order that makes JSON; names of members are ours.
class JsonWriter {
 public:
  JsonWriter& open_object() { return open('{'); }
  JsonWriter& open_array() { return open('['); }
  JsonWriter& close_object() { return close('}'); }
  JsonWriter& close_array() { return close(']'); }
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  // null where it is empty.
  JsonWriter& text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }
  // A line break between two members, for people and grep.
  JsonWriter& newline();
  // The end of a document; another one may follow.
  JsonWriter& end_line();

  std::string take() { return std::move(out_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void before_value();

  std::string out_;
  bool needs_comma_ = false;
};

}  // namespace zonepin
