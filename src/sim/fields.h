// One JSON object of a state file, read member by member: the first thing that is wrong is kept, with its
// place, and what nobody asked for is wrong too. For .cpp files of this room only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sim/json.h"

namespace zonepin::sim {

// What is wrong in a document; empty as long as nothing is.
struct Complaint {
  std::string text;

  void say(const std::string& place, const std::string& what);  // the first one stays
  bool any() const { return !text.empty(); }
};

// `now`, `now-P3D`, `now+PT5M`, or RFC 3339.
std::optional<Instant> parse_moment(std::string_view text, Instant now);

class Fields {
 public:
  // `place` names the object in messages, for instance `tokens[3]`; empty for the document itself.
  Fields(const Json& object, std::string place, Instant now, Complaint& complaint);

  const Json& whole() const { return object_; }

  // The member, or nullptr. Null counts as a member.
  const Json* member(const char* name);

  // Each takes the default when the member is missing, and complains about a wrong type.
  std::string text(const char* name, std::string otherwise);
  std::string required_text(const char* name);  // not empty
  std::optional<std::string> nullable_text(const char* name, std::optional<std::string> otherwise);
  std::string word(const char* name, std::string otherwise, const std::vector<std::string_view>& allowed);
  std::vector<std::string> texts(const char* name);  // null counts as missing
  bool flag(const char* name, bool otherwise);
  int number(const char* name, int otherwise, int least);
  std::uint64_t large_number(const char* name, std::uint64_t otherwise);
  Instant moment(const char* name, Instant otherwise);
  std::optional<Instant> nullable_moment(const char* name, std::optional<Instant> otherwise);

  // Complains about members that nobody asked for. Call it last.
  void finish();

  std::string place_of(const char* name) const;
  void wrong(const char* name, const std::string& what);

 private:
  const Json& object_;
  std::string place_;
  Instant now_;
  Complaint& complaint_;
  std::vector<std::string_view> known_;
};

}  // namespace zonepin::sim
