// What loading a manifest costs, beside yaml-cpp's own event parse of the same bytes into a handler that
// discards them.
//   manifest-bench [ENTRIES [ROUNDS]]
// For several shapes of entries: CPU seconds of both and their ratio, and zonepin's peak resident size beyond
// the text and what the process had before. A process for each, in turns. Ends with 1 when the ratio is above
// the limit.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "manifest/decode.h"
#include "manifest/merge.h"

namespace zonepin {
namespace {

constexpr double kCpuLimit = 1.5;    // times yaml-cpp's events
constexpr double kAliasLimit = 1.8;  // where these are hardly any: above the limit, and known

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

struct Shape {
  std::string_view name;
  std::string (*entry)(const std::string& number, const std::string& zone);
  double limit = kCpuLimit;
};

const Shape kShapes[] = {
    {"lines, name and owner",
     [](const std::string& number, const std::string& zone) {
       return "  - name: service-token-" + number + "\n    owner: service-" + number +
              "@acme.example\n    network:\n      connection: ZONE\n      include:\n        - " + zone +
              "\n        - corp-offices\n";
     }},
    {"as fmt writes them",
     [](const std::string& number, const std::string& zone) {
       return "  - name: service-token-" + number + "\n    network: { connection: ZONE, include: [" + zone +
              ", corp-offices] }\n";
     }},
    {"by id, with a name",
     [](const std::string& number, const std::string& zone) {
       return "  - id: 00T" + std::string(17 - number.size(), '0') + number + "\n    name: service-token-" +
              number + "\n    network: { connection: ZONE, include: [" + zone + "] }\n";
     }},
    {"brackets throughout",
     [](const std::string& number, const std::string& zone) {
       return "  - { name: service-token-" + number + ", owner: service-" + number +
              "@acme.example, network: { connection: ZONE, include: [" + zone + "] } }\n";
     }},
    {"JSON",
     [](const std::string& number, const std::string& zone) {
       return R"(  - {"name": "service-token-)" + number +
              R"(", "network": {"connection": "ZONE", "include": [")" + zone + "\"]}}\n";
     }},
    {"revoked, with reason and date",
     [](const std::string& number, const std::string&) {
       return "  - name: service-token-" + number + "\n    state: revoked\n    reason: SEC-" + number +
              ", replaced by a service app\n    not_before: 2026-12-20\n";
     }},
    {"20 zones each",
     [](const std::string& number, const std::string& zone) {
       std::string text = "  - name: service-token-" + number +
                          "\n    network:\n      connection: ZONE\n      include: [" + zone;
       for (int i = 0; i < 19; ++i) text += ", office-" + std::to_string(i);
       return text + "]\n";
     }},
    {"one network, by alias",
     [](const std::string& number, const std::string& zone) {
       return "  - name: service-token-" + number +
              (number == "0"
                   ? "\n    network: &net { connection: ZONE, include: [" + zone + ", corp-offices] }\n"
                   : "\n    network: *net\n");
     },
     kAliasLimit},
};

std::string generated(const Shape& shape, std::size_t entries) {
  std::string text = "apiVersion: zonepin/v1\nkind: ApiTokens\ntokens:\n";
  for (std::size_t i = 0; i < entries; ++i) {
    text += shape.entry(std::to_string(i), "ci-runners-" + std::to_string(i % 7));
  }
  text.shrink_to_fit();
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

// What one of the two did, in a process of its own.
struct Measured {
  double cpu = 0;
  long grown_kilobytes = 0;
  bool whole = false;  // it understood what it read
};

Measured parse_only(const std::string& text) {
  std::istringstream stream(text);
  const long peak = peak_kilobytes();
  const double began = cpu_seconds();
  YAML::Parser parser(stream);
  Discard discard;
  while (parser.HandleNextDocument(discard)) {
  }
  return {cpu_seconds() - began, peak_kilobytes() - peak, true};
}

Measured load(std::string text, std::size_t entries) {
  Sources sources;
  sources.push_back({"bench.yaml", std::move(text)});
  const long peak = peak_kilobytes();
  const double began = cpu_seconds();
  const Manifests manifests = decode_manifests(sources);
  Measured measured{cpu_seconds() - began, peak_kilobytes() - peak, manifests.diagnostics.empty()};
  std::size_t tokens = 0;
  for (const Document& document : manifests.documents) tokens += document.tokens.size();
  if (entries > 0 && tokens != entries) measured.whole = false;
  return measured;
}

enum class Work { parse, load };

Measured in_a_child(const Shape& shape, std::size_t entries, Work work) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    std::string text = generated(shape, entries);
    const Measured measured = work == Work::parse ? parse_only(text) : load(std::move(text), entries);
    const bool told = write(ends[1], &measured, sizeof measured) == sizeof measured;
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  Measured measured;
  if (child < 0 || read(ends[0], &measured, sizeof measured) != sizeof measured) measured = {};
  close(ends[0]);
  if (child > 0) waitpid(child, nullptr, 0);
  return measured;
}

void take_best(Measured& best, const Measured& measured) {
  best.cpu = best.whole ? std::min(best.cpu, measured.cpu) : measured.cpu;
  best.grown_kilobytes = std::max(best.grown_kilobytes, measured.grown_kilobytes);
  best.whole = measured.whole;
}

bool compare(const Shape& shape, std::size_t entries, int rounds) {
  Measured parsed;
  Measured loaded;
  for (int round = 0; round < rounds; ++round) {
    take_best(parsed, in_a_child(shape, entries, Work::parse));
    take_best(loaded, in_a_child(shape, entries, Work::load));
  }
  const double ratio = loaded.cpu / parsed.cpu;
  const double bytes = static_cast<double>(loaded.grown_kilobytes) * 1024 / static_cast<double>(entries);
  const bool good = parsed.whole && loaded.whole && ratio <= shape.limit;
  std::printf("%-32s %6.2f s %6.2f s %6.2f %8.0f bytes an entry%s\n", std::string(shape.name).c_str(),
              parsed.cpu, loaded.cpu, ratio, bytes, good ? "" : "   TOO MUCH, OR NOT UNDERSTOOD");
  return good;
}

int run(int argc, char** argv) {
  const std::size_t entries = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  std::printf("%zu entries, the best of %d rounds: yaml-cpp's events, zonepin, ratio (at most %.1f), peak\n",
              entries, rounds, kCpuLimit);
  bool good = true;
  for (const Shape& shape : kShapes) good = compare(shape, entries, rounds) && good;
  return good ? 0 : 1;
}

}  // namespace
}  // namespace zonepin

int main(int argc, char** argv) {
  return zonepin::run(argc, argv);
}
