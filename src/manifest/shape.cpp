#include "manifest/shape.h"

#include <algorithm>
#include <span>

namespace zonepin {

namespace {

struct ShapeField {
  std::string_view name;
  Shape shape;
};
using ShapeFields = std::span<const ShapeField>;

// In the order of DESIGN 3.
constexpr ShapeField kTokensDocumentFields[] = {{"apiVersion", Shape::text},
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
constexpr ShapeField kOrgsDocumentFields[] = {
    {"apiVersion", Shape::text}, {"kind", Shape::text}, {"orgs", Shape::orgs}};
constexpr ShapeField kSelfFields[] = {
    {"id", Shape::text}, {"name", Shape::text}, {"owner", Shape::text}, {"egress", Shape::texts}};
constexpr ShapeField kLimitsFields[] = {{"revoke", Shape::text}, {"update_pct", Shape::text}};
constexpr ShapeField kPinFields[] = {
    {"id", Shape::text}, {"within", Shape::texts}, {"covers", Shape::texts}, {"quarantine", Shape::text}};
constexpr ShapeField kTokenFields[] = {{"id", Shape::text},          {"name", Shape::text},
                                       {"owner", Shape::text},       {"network", Shape::network},
                                       {"state", Shape::text},       {"reason", Shape::text},
                                       {"not_before", Shape::point}, {"ignore", Shape::text}};
constexpr ShapeField kRuleFields[] = {{"match", Shape::match},      {"network", Shape::network},
                                      {"state", Shape::text},       {"reason", Shape::text},
                                      {"not_before", Shape::point}, {"ignore", Shape::text},
                                      {"min", Shape::text},         {"max", Shape::text}};
constexpr ShapeField kMatchFields[] = {
    {"name", Shape::glob}, {"owner", Shape::glob}, {"client", Shape::glob}, {"connection", Shape::text},
    {"idle", Shape::text}, {"age", Shape::text},   {"not", Shape::match}};
constexpr ShapeField kNetworkFields[] = {
    {"connection", Shape::text}, {"include", Shape::texts}, {"exclude", Shape::texts}};
constexpr ShapeField kDefaultNetworkFields[] = {{"network", Shape::network}};
constexpr ShapeField kAckFields[] = {
    {"guard", Shape::text}, {"token", Shape::text}, {"until", Shape::point}, {"reason", Shape::text}};
constexpr ShapeField kWaiverFields[] = {
    {"rule", Shape::text}, {"match", Shape::match}, {"until", Shape::point}, {"reason", Shape::text}};
constexpr ShapeField kOrgFields[] = {
    {"host", Shape::text}, {"org_id", Shape::text}, {"client_id", Shape::text}, {"limits", Shape::limits}};

// Empty where keys are names, and where there are none.
ShapeFields fields_of(Shape shape) {
  switch (shape) {
    case Shape::tokens_document: return kTokensDocumentFields;
    case Shape::orgs_document: return kOrgsDocumentFields;
    case Shape::self: return kSelfFields;
    case Shape::limits: return kLimitsFields;
    case Shape::pin: return kPinFields;
    case Shape::token: return kTokenFields;
    case Shape::rule: return kRuleFields;
    case Shape::match: return kMatchFields;
    case Shape::network: return kNetworkFields;
    case Shape::default_network: return kDefaultNetworkFields;
    case Shape::ack: return kAckFields;
    case Shape::waiver: return kWaiverFields;
    case Shape::org: return kOrgFields;
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
  return {};
}

constexpr std::string_view kMergeKey = "<<";

}  // namespace

std::size_t rank_of(Shape mapping, std::string_view key) {
  if (key == kMergeKey) return 0;
  const ShapeFields fields = fields_of(mapping);
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
