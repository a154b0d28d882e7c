#include "manifest/shape.h"

#include <algorithm>
#include <vector>

namespace zonepin {

namespace {

struct ShapeField {
  std::string_view name;
  Shape shape;
};
using ShapeFields = std::vector<ShapeField>;

const ShapeFields& fields_of(Shape shape) {
  static const ShapeFields none;
  static const ShapeFields tokens_document = {{"apiVersion", Shape::text},
                                              {"kind", Shape::text},
                                              {"org", Shape::text},
                                              {"unmanaged", Shape::text},
                                              {"missing", Shape::text},
                                              {"scope", Shape::match},
                                              {"self", Shape::self},
                                              {"expect", Shape::expect},
                                              {"limits", Shape::limits},
                                              {"zones", Shape::pins},
                                              {"tokens", Shape::tokens},
                                              {"rules", Shape::rules},
                                              {"default", Shape::default_network},
                                              {"acks", Shape::acks},
                                              {"waivers", Shape::waivers}};
  static const ShapeFields orgs_document = {
      {"apiVersion", Shape::text}, {"kind", Shape::text}, {"orgs", Shape::orgs}};
  static const ShapeFields self = {
      {"id", Shape::text}, {"name", Shape::text}, {"owner", Shape::text}, {"egress", Shape::texts}};
  static const ShapeFields limits = {{"revoke", Shape::text}, {"update_pct", Shape::text}};
  static const ShapeFields pin = {
      {"id", Shape::text}, {"within", Shape::texts}, {"covers", Shape::texts}, {"quarantine", Shape::text}};
  static const ShapeFields token = {{"id", Shape::text},          {"name", Shape::text},
                                    {"owner", Shape::text},       {"network", Shape::network},
                                    {"state", Shape::text},       {"reason", Shape::text},
                                    {"not_before", Shape::point}, {"ignore", Shape::text}};
  static const ShapeFields rule = {{"match", Shape::match},      {"network", Shape::network},
                                   {"state", Shape::text},       {"reason", Shape::text},
                                   {"not_before", Shape::point}, {"ignore", Shape::text},
                                   {"min", Shape::text},         {"max", Shape::text}};
  static const ShapeFields match = {
      {"name", Shape::glob}, {"owner", Shape::glob}, {"client", Shape::glob}, {"connection", Shape::text},
      {"idle", Shape::text}, {"age", Shape::text},   {"not", Shape::match}};
  static const ShapeFields network = {
      {"connection", Shape::text}, {"include", Shape::texts}, {"exclude", Shape::texts}};
  static const ShapeFields default_network = {{"network", Shape::network}};
  static const ShapeFields ack = {
      {"guard", Shape::text}, {"token", Shape::text}, {"until", Shape::point}, {"reason", Shape::text}};
  static const ShapeFields waiver = {
      {"rule", Shape::text}, {"match", Shape::match}, {"until", Shape::point}, {"reason", Shape::text}};
  static const ShapeFields org = {
      {"host", Shape::text}, {"org_id", Shape::text}, {"client_id", Shape::text}, {"limits", Shape::limits}};
  switch (shape) {
    case Shape::tokens_document: return tokens_document;
    case Shape::orgs_document: return orgs_document;
    case Shape::self: return self;
    case Shape::limits: return limits;
    case Shape::pin: return pin;
    case Shape::token: return token;
    case Shape::rule: return rule;
    case Shape::match: return match;
    case Shape::network: return network;
    case Shape::default_network: return default_network;
    case Shape::ack: return ack;
    case Shape::waiver: return waiver;
    case Shape::org: return org;
    case Shape::expect:  // one field alone has no order
    case Shape::text:
    case Shape::glob:
    case Shape::point:
    case Shape::texts:
    case Shape::pins:
    case Shape::tokens:
    case Shape::rules:
    case Shape::acks:
    case Shape::waivers:
    case Shape::orgs: break;
  }
  return none;
}

constexpr std::string_view kMergeKey = "<<";

}  // namespace

std::size_t rank_of(Shape mapping, std::string_view key) {
  if (key == kMergeKey) return 0;
  const ShapeFields& fields = fields_of(mapping);
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const ShapeField& field) { return field.name == key; });
  return static_cast<std::size_t>(found - fields.begin()) + 1;
}

Shape shape_of_field(Shape mapping, std::string_view key) {
  if (key == kMergeKey) return mapping;
  if (mapping == Shape::pins) return Shape::pin;
  if (mapping == Shape::orgs) return Shape::org;
  for (const ShapeField& field : fields_of(mapping)) {
    if (field.name == key) return field.shape;
  }
  return Shape::text;
}

Shape shape_of_member(Shape list) {
  if (list == Shape::texts) return Shape::text;
  if (list == Shape::tokens) return Shape::token;
  if (list == Shape::rules) return Shape::rule;
  if (list == Shape::acks) return Shape::ack;
  if (list == Shape::waivers) return Shape::waiver;
  return list;  // what a merge key lists is what it is merged into
}

bool is_small(Shape shape) {
  switch (shape) {
    case Shape::text:
    case Shape::glob:
    case Shape::point:
    case Shape::texts:
    case Shape::limits:
    case Shape::expect:
    case Shape::pin:
    case Shape::match:
    case Shape::network:
    case Shape::default_network:
    case Shape::ack:
    case Shape::waiver:
    case Shape::org: return true;
    case Shape::tokens_document:
    case Shape::orgs_document:
    case Shape::self:
    case Shape::pins:
    case Shape::tokens:
    case Shape::token:
    case Shape::rules:
    case Shape::rule:
    case Shape::acks:
    case Shape::waivers:
    case Shape::orgs: break;
  }
  return false;
}

}  // namespace zonepin
