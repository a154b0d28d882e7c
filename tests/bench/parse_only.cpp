// What no program that reads these two texts can do without: nlohmann/json makes a tree of the JSON,
// yaml-cpp's events of the YAML go into a handler that discards them. The process that plan-bench holds
// `zonepin plan --live` against.
//   parse-only JSON_FILE YAML_FILE
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>

namespace zonepin {

namespace {

class Discard : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
  }
  void OnMapEnd() override {}
};

// Sized before it is read: the text is there once, as in zonepin.
std::string text_of(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  std::string text(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
  file.seekg(0);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  return file ? text : std::string();
}

int parse_only(const char* json_path, const char* yaml_path) {
  const std::string json_text = text_of(json_path);
  std::string yaml_text = text_of(yaml_path);
  const nlohmann::json json = nlohmann::json::parse(json_text, nullptr, false);
  std::istringstream stream(std::move(yaml_text));
  YAML::Parser parser(stream);
  Discard discard;
  while (parser.HandleNextDocument(discard)) {
  }
  return json.is_discarded() ? 1 : 0;
}

}  // namespace

}  // namespace zonepin

int main(int argc, char** argv) {
  if (argc == 3) return zonepin::parse_only(argv[1], argv[2]);
  std::cerr << "parse-only JSON_FILE YAML_FILE\n";
  return 3;
}
