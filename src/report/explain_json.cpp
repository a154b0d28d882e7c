#include <nlohmann/json.hpp>

#include "report/explain_report.h"

namespace zonepin {

namespace {

using ExplainJson = nlohmann::ordered_json;

ExplainJson source_json(const std::optional<SourceRef>& source) {
  if (!source) return nullptr;
  return {{"file", source->file}, {"line", source->line}};
}

ExplainJson condition_json(const std::optional<NetworkCondition>& network) {
  if (!network) return nullptr;
  ExplainJson json = {{"connection", network->connection}};
  if (!network->include.empty()) json["include"] = network->include;
  if (!network->exclude.empty()) json["exclude"] = network->exclude;
  return json;
}

ExplainJson voice_json(const Voice& voice) {
  return {{"what", voice.what},
          {"source", source_json(voice.source)},
          {"say", to_string(voice.say)},
          {"why", voice.why},
          {"wants", voice.network           ? "network"
                    : !voice.reason.empty() ? "revoked"
                                            : "ignore"},
          {"network", condition_json(voice.network)},
          {"reason", voice.reason}};
}

ExplainJson instant_json(const std::optional<Instant>& instant) {
  return instant ? ExplainJson(format_instant(*instant)) : ExplainJson(nullptr);
}

ExplainJson explanation_json(const Explanation& it, const Sources& sources) {
  ExplainJson json = {
      {"org", it.host},
      {"id", it.change.id.empty() ? ExplainJson(nullptr) : ExplainJson(it.change.id)},
      {"name", it.change.name},
      {"live", it.token.has_value()},
      {"owner", it.token && it.token->user_id ? ExplainJson(*it.token->user_id) : ExplainJson(nullptr)},
      {"owner_login", it.owner_login.empty() ? ExplainJson(nullptr) : ExplainJson(it.owner_login)},
      {"status", to_string(it.change.status)},
      {"effect", it.change.effect ? ExplainJson(to_string(*it.change.effect)) : ExplainJson(nullptr)},
      {"note", it.change.note},
      {"condition", it.token ? condition_json(it.token->network) : ExplainJson(nullptr)},
      {"voices", ExplainJson::array()},
      {"guards", ExplainJson::array()},
      {"findings", ExplainJson::array()},
      {"pins", ExplainJson::array()},
      {"acks", ExplainJson::array()},
      {"waivers", ExplainJson::array()},
      {"advice", it.advice}};
  for (const Voice& voice : it.voices) json["voices"].push_back(voice_json(voice));
  for (const Guard& guard : it.guards) {
    json["guards"].push_back(
        {{"name", guard.name}, {"lifted", guard.lifted}, {"message", guard.message}, {"lift", guard.lift}});
  }
  for (const Finding& finding : it.findings) {
    json["findings"].push_back(
        {{"rule", finding.rule}, {"severity", finding.severity}, {"message", finding.message}});
  }
  for (const ZonePin& pin : it.pins) {
    json["pins"].push_back({{"zone", pin.name},
                            {"id", pin.id ? ExplainJson(*pin.id) : ExplainJson(nullptr)},
                            {"within", pin.within},
                            {"covers", pin.covers},
                            {"quarantine", pin.quarantine},
                            {"source", source_json(source_of(pin.place, sources))}});
  }
  for (const Ack& ack : it.acks) {
    json["acks"].push_back({{"guard", ack.guard},
                            {"until", instant_json(ack.until)},
                            {"reason", ack.reason},
                            {"source", source_json(source_of(ack.place, sources))}});
  }
  for (const Waiver& waiver : it.waivers) {
    json["waivers"].push_back({{"rule", waiver.rule},
                               {"until", instant_json(waiver.until)},
                               {"reason", waiver.reason},
                               {"source", source_json(source_of(waiver.place, sources))}});
  }
  return json;
}

}  // namespace

std::string explain_json(const std::vector<Explanation>& explanations, const Sources& sources) {
  ExplainJson json = {{"format_version", "1.0"}, {"explanations", ExplainJson::array()}};
  for (const Explanation& explanation : explanations)
    json["explanations"].push_back(explanation_json(explanation, sources));
  return json.dump(2, ' ', true, ExplainJson::error_handler_t::replace) + "\n";
}

}  // namespace zonepin
