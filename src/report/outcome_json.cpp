#include <nlohmann/json.hpp>

#include "report/json_form.h"
#include "report/outcome_report.h"

namespace zonepin {

namespace {

constexpr Fate kAllFates[] = {Fate::done,   Fate::already_done, Fate::gone,
                              Fate::failed, Fate::not_reached,  Fate::unknown};

OrderedJson org_json(const OrgReport& org) {
  OrderedJson early = nullptr;
  if (org.outcome.ended_early) {
    early = {{"message", org.outcome.ended_early->message}, {"mend", org.outcome.ended_early->mend}};
  }
  return {{"host", org.plan.host},
          {"exit_code", org.exit_code},
          {"ended_early", std::move(early)},
          {"confirmed", org.outcome.confirmed}};
}

OrderedJson result_json(const OrgReport& org, const ActionOutcome& action) {
  const Change& change = org.plan.changes.at(action.change);
  return {{"org", org.plan.host},
          {"id", change.id},
          {"name", change.name},
          {"action", to_string(change.status)},
          {"fate", to_string(action.fate)},
          {"message", action.message},
          {"request_id", action.request_id}};
}

}  // namespace

std::string outcome_json(const std::vector<OrgReport>& orgs, const std::string& plan_digest) {
  OrderedJson hosts = OrderedJson::array();
  OrderedJson results = OrderedJson::array();
  OrderedJson summary = OrderedJson::object();
  for (const Fate fate : kAllFates) {
    std::size_t total = 0;
    for (const OrgReport& org : orgs) total += count(org.outcome, fate);
    summary[std::string(to_string(fate))] = total;
  }
  for (const OrgReport& org : orgs) {
    hosts.push_back(org_json(org));
    for (const ActionOutcome& action : org.outcome.actions) results.push_back(result_json(org, action));
  }
  OrderedJson json = {{"format_version", kReportFormatVersion}, {"digest", plan_digest}};
  json["orgs"] = std::move(hosts);
  json["results"] = std::move(results);
  json["summary"] = std::move(summary);
  return json_document(json);
}

}  // namespace zonepin
