// Holds `zonepin plan --live` against a process that only parses the same two texts (parse_only.cpp): an org
// of many tokens, all declared, nothing to do. Prints CPU, peak memory and the two ratios, and ends with 1
// when one is above its limit.
//   plan-bench ZONEPIN PARSE_ONLY [TOKENS [ROUNDS]]     10,000 tokens, 7 rounds
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "measure.h"

namespace zonepin {

namespace {

namespace fs = std::filesystem;

constexpr double kCpuLimit = 3;
constexpr double kMemoryLimit = 3;
constexpr int kZones = 40;

std::string number(std::size_t value, int width) {
  std::string text = std::to_string(value);
  return std::string(static_cast<std::size_t>(width) - std::min(text.size(), static_cast<std::size_t>(width)),
                     '0') +
         text;
}

std::string now() {
  const std::time_t seconds = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&seconds));
  return text;
}

std::string zone_id(std::size_t zone) {
  return "nzobench" + number(zone, 12);
}

// As Okta answers and `zonepin snapshot` writes it: indented by 2, with links.
void write_token(std::ofstream& out, std::size_t token) {
  const std::string id = "00Tbench" + number(token, 12);
  const std::string owner = "00ubench" + number(token % 900, 12);
  const std::string base = "https://bench.okta.com/api/v1/";
  out << R"(    {
      "id": ")"
      << id << R"(",
      "name": "service-token-)"
      << token << R"(",
      "userId": ")"
      << owner << R"(",
      "clientName": "Okta API",
      "tokenWindow": "P30D",
      "network": {
        "connection": "ZONE",
        "include": [
          ")"
      << zone_id(token % kZones) << R"(",
          ")"
      << zone_id((token + 7) % kZones) << R"("
        ]
      },
      "expiresAt": "2026-12-02T14:47:13.000Z",
      "created": "2025-11-02T14:47:13.000Z",
      "lastUpdated": "2025-11-06T08:22:21.000Z",
      "_links": {
        "self": {
          "href": ")"
      << base << "api-tokens/" << id << R"(",
          "hints": {
            "allow": [
              "GET",
              "DELETE"
            ]
          }
        },
        "user": {
          "href": ")"
      << base << "users/" << owner << R"(",
          "hints": {
            "allow": [
              "GET"
            ]
          }
        }
      }
    })";
}

void write_snapshot(const fs::path& path, std::size_t tokens) {
  std::ofstream out(path);
  out << "{\n  \"format_version\": \"1.0\",\n  \"org\": \"https://bench.okta.com\",\n  \"taken_at\": \""
      << now() << "\",\n  \"tokens\": [\n";
  for (std::size_t token = 0; token < tokens; ++token) {
    write_token(out, token);
    out << (token + 1 < tokens ? ",\n" : "\n");
  }
  out << "  ],\n  \"zones\": [\n";
  for (std::size_t zone = 0; zone < kZones; ++zone) {
    out << "    {\n      \"id\": \"" << zone_id(zone) << "\",\n      \"name\": \"office-" << zone
        << "\",\n      \"type\": \"IP\",\n      \"status\": \"ACTIVE\",\n      \"usage\": \"POLICY\",\n      "
           "\"system\": false,\n"
        << "      \"gateways\": [ { \"type\": \"CIDR\", \"value\": \"10." << zone << ".0.0/16\" } ]\n    }"
        << (zone + 1 < kZones ? ",\n" : "\n");
  }
  out << "  ],\n  \"users\": {},\n  \"self\": null\n}\n";
}

void write_manifest(const fs::path& path, std::size_t tokens) {
  std::ofstream out(path);
  out << "apiVersion: zonepin/v1\nkind: ApiTokens\norg: bench.okta.com\ntokens:\n";
  for (std::size_t token = 0; token < tokens; ++token) {
    out << "  - name: service-token-" << token
        << "\n    network:\n      connection: ZONE\n      include: [office-" << (token + 7) % kZones
        << ", office-" << token % kZones << "]\n";
  }
}

// The least CPU of all rounds (what disturbs only adds), and the greatest peak.
struct Best {
  double cpu_ms = 0;
  long peak_kb = 0;

  void take(const Cost& cost) {
    cpu_ms = cpu_ms > 0 ? std::min(cpu_ms, cost.cpu_ms) : cost.cpu_ms;
    peak_kb = std::max(peak_kb, cost.peak_kb);
  }
};

bool report(const std::string& what, double value, double base, double limit) {
  const double ratio = value / base;
  std::printf("%-34s %.2f (at most %.0f)%s\n", what.c_str(), ratio, limit,
              ratio <= limit ? "" : "   TOO MUCH");
  return ratio <= limit;
}

int bench(const std::string& zonepin, const std::string& parse_only, std::size_t tokens, int rounds) {
  std::string folder = (fs::temp_directory_path() / "plan-bench.XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  const fs::path snapshot = fs::path(folder) / "live.json";
  const fs::path manifest = fs::path(folder) / "tokens.yaml";
  write_snapshot(snapshot, tokens);
  write_manifest(manifest, tokens);
  const auto texts_kb = static_cast<long>((fs::file_size(snapshot) + fs::file_size(manifest)) / 1024);

  Best plan;
  Best parse;
  int code = 0;
  for (int round = 0; round < rounds && code == 0; ++round) {
    const Cost parsed = run_and_measure({parse_only, snapshot, manifest});
    const Cost planned =
        run_and_measure({zonepin, "plan", manifest, "--live", snapshot, "--detailed-exitcode"});
    code = parsed.exit_code + planned.exit_code;
    parse.take(parsed);
    plan.take(planned);
  }
  fs::remove_all(folder);
  if (code != 0) {
    std::cerr << "plan-bench: a program did not do what it should, or there was something to plan\n";
    return 1;
  }
  std::printf("%zu tokens, all declared, nothing to do; texts of %ld KB; the best of %d rounds\n", tokens,
              texts_kb, rounds);
  std::printf("%-34s %8.1f ms CPU, %7ld KB peak less the texts\n", "only parsed", parse.cpu_ms,
              parse.peak_kb - texts_kb);
  std::printf("%-34s %8.1f ms CPU, %7ld KB peak less the texts\n", "zonepin plan --live", plan.cpu_ms,
              plan.peak_kb - texts_kb);
  const bool cpu = report("CPU, times only parsed", plan.cpu_ms, parse.cpu_ms, kCpuLimit);
  const bool memory = report("memory, times only parsed", static_cast<double>(plan.peak_kb - texts_kb),
                             static_cast<double>(parse.peak_kb - texts_kb), kMemoryLimit);
  return cpu && memory ? 0 : 1;
}

}  // namespace

}  // namespace zonepin

int main(int argc, char** argv) {
  if (argc < 3 || argc > 5) {
    std::cerr << "plan-bench ZONEPIN PARSE_ONLY [TOKENS [ROUNDS]]\n";
    return 3;
  }
  const std::size_t tokens = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 10'000;
  const int rounds = argc > 4 ? std::atoi(argv[4]) : 7;
  return zonepin::bench(argv[1], argv[2], tokens, rounds);
}
