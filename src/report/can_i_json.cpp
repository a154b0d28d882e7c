#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/can_i_report.h"

namespace zonepin {

namespace {

using CanIJson = nlohmann::ordered_json;

// CIDRs of a part that one answer holds.
constexpr std::size_t kMaxPartCidrs = 1'000;

CanIJson cidrs_json(const AddressSet& set) {
  CanIJson json = CanIJson::array();
  for (const Cidr& cidr : set.cidrs(kMaxPartCidrs)) json.push_back(cidr_text(cidr));
  return json;
}

CanIJson ground_json(const Ground& ground) {
  CanIJson zone = nullptr;
  if (!ground.zone_id.empty()) zone = {{"id", ground.zone_id}, {"name", ground.zone_name}};
  return {{"kind", to_string(ground.kind)},
          {"verdict", to_string(ground.verdict)},
          {"zone", std::move(zone)},
          {"gateways", ground.gateways},
          {"message", ground.message}};
}

CanIJson admission_json(const Asked& asked, const Admission& admission) {
  CanIJson json = {{"asked", asked.text},
                   {"verdict", to_string(admission.verdict())},
                   {"denied", cidrs_json(admission.denied)},
                   {"unknown", cidrs_json(admission.unknown)},
                   {"grounds", CanIJson::array()},
                   {"assumed", admission.assumed}};
  for (const Ground& ground : admission.grounds) json["grounds"].push_back(ground_json(ground));
  return json;
}

CanIJson network_json(const std::optional<NetworkCondition>& network) {
  if (!network) return nullptr;
  CanIJson json = {{"connection", network->connection}};
  if (!network->include.empty()) json["include"] = network->include;
  if (!network->exclude.empty()) json["exclude"] = network->exclude;
  return json;
}

CanIJson standpoint_json(const Standpoint& standpoint, const std::vector<Asked>& asked) {
  CanIJson json = {{"verdict", to_string(standpoint.verdict())},
                   {"revoked", standpoint.revoked.has_value()},
                   {"network", network_json(standpoint.condition)},
                   {"addresses", CanIJson::array()}};
  for (std::size_t at = 0; at < standpoint.admissions.size(); ++at)
    json["addresses"].push_back(admission_json(asked[at], standpoint.admissions[at]));
  return json;
}

CanIJson counts_json(const VerdictCounts& counts) {
  return {{"allowed", counts.allowed}, {"unknown", counts.unknown}, {"denied", counts.denied}};
}

CanIJson org_json(const OrgAnswer& org, const std::vector<Asked>& asked) {
  CanIJson json = {{"org", org.host},
                   {"verdict", to_string(org.verdict())},
                   {"now", counts_json(org.now)},
                   {"after", org.after ? counts_json(*org.after) : CanIJson(nullptr)},
                   {"assumed", org.assumed},
                   {"answers", CanIJson::array()}};
  for (const TokenAnswer& token : org.tokens) {
    json["answers"].push_back(
        {{"id", token.id},
         {"name", token.name},
         {"verdict", to_string(token.verdict())},
         {"now", standpoint_json(token.now, asked)},
         {"after", token.after ? standpoint_json(*token.after, asked) : CanIJson(nullptr)}});
  }
  return json;
}

}  // namespace

std::string can_i_json(const CanIReport& report) {
  Verdict worst = Verdict::allowed;
  CanIJson asked = CanIJson::array();
  for (const Asked& one : report.asked) asked.push_back(one.text);
  CanIJson json = {{"format_version", "1.0"},
                   {"asked", std::move(asked)},
                   {"verdict", nullptr},
                   {"orgs", CanIJson::array()},
                   {"unread", report.unread}};
  for (const OrgAnswer& org : report.orgs) {
    worst = std::max(worst, org.verdict());
    json["orgs"].push_back(org_json(org, report.asked));
  }
  if (!report.orgs.empty()) json["verdict"] = to_string(worst);
  return json.dump(2, ' ', true, CanIJson::error_handler_t::replace) + "\n";
}

}  // namespace zonepin
