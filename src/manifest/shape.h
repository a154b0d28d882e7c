// How the parts of a manifest are laid out: the order of their fields, and which of them go into brackets.
// What is right or wrong is none of its business: that is decode's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace zonepin {

enum class Shape : std::uint8_t {
  text,
  glob,   // a text with wildcards
  point,  // a date or an instant
  texts,
  tokens_document,
  orgs_document,
  self,
  limits,
  expect,
  pins,
  pin,
  tokens,
  token,
  rules,
  rule,
  match,
  network,
  default_network,
  acks,
  ack,
  waivers,
  waiver,
  orgs,
  org
};

// Where a field stands in its mapping: the merge key first, then as DESIGN 3 has them, then what is not known
// there. In a mapping whose keys are names all are equal.
std::size_t rank_of(Shape mapping, std::string_view key);

// What a field's value is; what a member of a list is.
Shape shape_of_field(Shape mapping, std::string_view key);
Shape shape_of_member(Shape list);

// Whether it may be written in brackets where it fits on the line.
bool is_small(Shape shape);

}  // namespace zonepin
