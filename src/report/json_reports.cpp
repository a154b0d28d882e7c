// The reports for machines, in one file: here alone this room meets the JSON library.
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "report/checkup_report.h"
#include "report/diagnostics_json.h"
#include "report/identity_report.h"
#include "report/outcome_report.h"
#include "report/script_json.h"

namespace zonepin {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::string_view kReportFormatVersion = "1.0";

// Indented, ending with a newline. ASCII only: what is not is written as \uXXXX, so that no control character
// and no mark that reverses the writing reaches a terminal; what is no UTF-8 becomes U+FFFD.
std::string json_document(const OrderedJson& json) {
  return json.dump(2, ' ', true, OrderedJson::error_handler_t::replace) + "\n";
}

constexpr Fate kAllFates[] = {Fate::done,   Fate::already_done, Fate::gone,
                              Fate::failed, Fate::not_reached,  Fate::unknown};

double seconds_json(Milliseconds length) {
  return static_cast<double>(length.count()) / 1000.0;
}

OrderedJson rate_json(const RateSeen& rate) {
  OrderedJson json = {{"writes_sent", rate.writes}, {"requests_sent", rate.requests}};
  json["seconds_writing"] = seconds_json(rate.writing);
  json["seconds_waited"] = seconds_json(rate.waited);
  return json;
}

OrderedJson org_json(const OrgReport& org) {
  OrderedJson early = nullptr;
  if (org.outcome.ended_early) {
    early = {{"message", org.outcome.ended_early->message}, {"mend", org.outcome.ended_early->mend}};
  }
  return {{"host", org.plan.host},
          {"exit_code", org.exit_code},
          {"ended_early", std::move(early)},
          {"confirmed", org.outcome.confirmed},
          {"rate", rate_json(org.outcome.rate)}};
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

OrderedJson range_json(const Place& place, const Sources& sources) {
  if (!place.known() || place.source >= sources.size()) return nullptr;
  return {{"filename", sources[place.source].path},
          {"start", {{"line", place.line}, {"column", place.column}}}};
}

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
  }
  return "error";
}

std::string diagnostics_document(OrderedJson diagnostics) {
  OrderedJson json = {{"format_version", kReportFormatVersion}};
  json["diagnostics"] = std::move(diagnostics);
  return json_document(json);
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

std::string checkups_json(const std::vector<OrgCheckups>& orgs) {
  OrderedJson list = OrderedJson::array();
  for (const OrgCheckups& org : orgs) {
    OrderedJson checks = OrderedJson::array();
    for (const Checkup& checkup : org.checkups) {
      checks.push_back({{"check", checkup.check},
                        {"result", to_string(checkup.health)},
                        {"message", checkup.message},
                        {"mend", checkup.mend}});
    }
    list.push_back({{"host", org.host}, {"checks", std::move(checks)}});
  }
  OrderedJson json = {{"format_version", kReportFormatVersion}};
  json["orgs"] = std::move(list);
  return json_document(json);
}

std::string diagnostics_json(const Diagnostics& diagnostics, const Sources& sources) {
  OrderedJson list = OrderedJson::array();
  for (const Diagnostic& diagnostic : diagnostics) {
    list.push_back({{"severity", severity_word(diagnostic.severity)},
                    {"summary", diagnostic.summary},
                    {"detail", diagnostic.detail},
                    {"range", range_json(diagnostic.place, sources)}});
  }
  return diagnostics_document(std::move(list));
}

std::string errors_json(const std::vector<Error>& errors) {
  OrderedJson list = OrderedJson::array();
  for (const Error& error : errors) {
    list.push_back(
        {{"severity", "error"}, {"summary", error.message}, {"detail", error.mend}, {"range", nullptr}});
  }
  return diagnostics_document(std::move(list));
}

std::string error_json(const Error& error) {
  return errors_json({error});
}

std::string identity_json(const IdentityReport& report) {
  OrderedJson json = {{"format_version", kReportFormatVersion}, {"org", report.host}};
  json["identified"] = is_told(report.suspects);
  json["owner"] = nullptr;
  if (report.owner) {
    json["owner"] = {{"id", report.owner->id}, {"login", nullptr}};
    if (!report.owner->login.empty()) json["owner"]["login"] = report.owner->login;
  }
  json["tokens"] = OrderedJson::array();
  for (const Token& token : report.suspects.tokens)
    json["tokens"].push_back({{"id", token.id}, {"name", token.name}});
  return json_document(json);
}

std::string script_json(const std::string& shell, const std::string& script) {
  return json_document({{"format_version", kReportFormatVersion}, {"shell", shell}, {"script", script}});
}

}  // namespace zonepin
