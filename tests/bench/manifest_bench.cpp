// What loading a manifest costs, beside yaml-cpp's own event parse of the same bytes into a handler that
// discards them.
//   manifest-bench ENTRIES parse|load|both [FILE]   FILE instead of generated entries
// Prints CPU seconds, and the peak resident size minus the text and minus what the process had before. Peaks
// only rise, so measure `parse` and `load` in a process each.
#include <sys/resource.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>

#include "manifest/decode.h"
#include "manifest/merge.h"

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

std::string generated(std::size_t entries) {
  std::string text = "apiVersion: zonepin/v1\nkind: ApiTokens\ntokens:\n";
  for (std::size_t i = 0; i < entries; ++i) {
    const std::string number = std::to_string(i);
    text += "  - name: service-token-" + number + "\n    owner: service-" + number + "@acme.example\n";
    if (i % 10 == 0) {
      text += "    state: revoked\n    reason: \"SEC-" + number + ", replaced by a service app\"\n";
    } else {
      text += "    network:\n      connection: ZONE\n      include: [ci-runners-" + std::to_string(i % 7) +
              ", corp-offices]\n";
    }
  }
  return text;
}

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

long peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

void report(std::string_view what, double began, long peak_before, std::size_t entries) {
  const long grown = peak_kilobytes() - peak_before;
  std::cout << what << ": " << cpu_seconds() - began << " s CPU, peak +" << grown << " KB";
  if (entries > 0)
    std::cout << ", " << static_cast<double>(grown) * 1024 / static_cast<double>(entries)
              << " bytes an entry";
  std::cout << "\n";
}

void parse_only(const std::string& text, std::size_t entries) {
  std::istringstream stream(text);
  const long peak = peak_kilobytes();
  const double began = cpu_seconds();
  YAML::Parser parser(stream);
  Discard discard;
  while (parser.HandleNextDocument(discard)) {
  }
  report("yaml-cpp events", began, peak, entries);
}

void load(std::string text, std::size_t entries) {
  Sources sources;
  sources.push_back({"bench.yaml", std::move(text)});
  const long peak = peak_kilobytes();
  const double began = cpu_seconds();
  const Manifests manifests = decode_manifests(sources);
  report("decode", began, peak, entries);
  std::size_t tokens = 0;
  for (const Document& document : manifests.documents) tokens += document.tokens.size();
  std::cout << tokens << " tokens, " << manifests.diagnostics.size() << " problems\n";
}

int run(int argc, char** argv) {
  const std::size_t entries = argc > 1 ? static_cast<std::size_t>(std::atol(argv[1])) : 100'000;
  const std::string_view mode = argc > 2 ? argv[2] : "both";
  std::string text;
  if (argc > 3) {
    std::ifstream file(argv[3], std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(file), {});
  } else {
    text = generated(entries);
  }
  std::cout << text.size() << " bytes of text\n";
  if (mode != "load") parse_only(text, entries);
  if (mode != "parse") load(std::move(text), entries);
  return 0;
}

}  // namespace
}  // namespace zonepin

int main(int argc, char** argv) {
  return zonepin::run(argc, argv);
}
