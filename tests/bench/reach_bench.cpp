// What reach costs against reading the same state from JSON: an org of many tokens and of zones as full as
// Okta lets them be. Once with conditions that tokens share, once with one of its own for each, and for each
// both the reach alone and the whole change with its lists. Prints the ratios and ends with 1 when one is
// above its limit.
//   reach-bench [TOKENS [ROUNDS]]     20,000 tokens, 3 rounds
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "okta/codec.h"
#include "plan/reach.h"

namespace zonepin {

namespace {

constexpr double kLimit = 2;
constexpr std::size_t kZones = 500;
constexpr std::size_t kRanges = 150;

std::string zone_id(std::size_t zone) {
  return "nzobench" + std::to_string(100'000'000'000 + zone);
}

std::string dotted(std::uint64_t number) {
  return to_string(IpAddress{IpFamily::v4, 0, number & 0xffff'ffff});
}

// Half CIDRs, half ranges of no particular size.
std::string zones_json(std::mt19937_64& random) {
  std::string json = "[";
  for (std::size_t zone = 0; zone < kZones; ++zone) {
    json += zone == 0 ? "" : ",";
    json += R"({"type":"IP","id":")" + zone_id(zone) + R"(","name":"zone )" + std::to_string(zone) +
            R"(","status":"ACTIVE","usage":"POLICY","created":"2025-11-02T14:47:13.000Z",)"
            R"("lastUpdated":"2025-11-02T14:47:13.000Z","system":false,"gateways":[)";
    for (std::size_t at = 0; at < kRanges; ++at) {
      const std::uint64_t first = random() & 0xffff'ff00;
      json += at == 0 ? "" : ",";
      json += at % 2 == 0 ? R"({"type":"CIDR","value":")" + dotted(first) + "/24\"}"
                          : R"({"type":"RANGE","value":")" + dotted(first + 7) + "-" +
                                dotted(first + 7 + random() % 200) + "\"}";
    }
    json += R"(],"proxies":null})";
  }
  return json + "]";
}

std::string tokens_json(std::size_t tokens,
                        const std::function<std::vector<std::size_t>(std::size_t)>& zones_of) {
  std::string json = "[";
  for (std::size_t token = 0; token < tokens; ++token) {
    const std::string number = std::to_string(100'000'000'000 + token);
    json += token == 0 ? "" : ",";
    json += R"({"id":"00Tbench)" + number + R"(","name":"service-token-)" + std::to_string(token) +
            R"(","userId":"00ubench)" + number +
            R"(","clientName":"Okta API","tokenWindow":"P30D",)"
            R"("network":{"connection":"ZONE","include":[)";
    bool first = true;
    for (const std::size_t zone : zones_of(token)) {
      json += std::string(first ? "" : ",") + '"' + zone_id(zone) + '"';
      first = false;
    }
    json +=
        R"(]},"expiresAt":"2026-12-02T14:47:13.000Z","created":"2025-11-02T14:47:13.000Z",)"
        R"("lastUpdated":"2025-11-06T08:22:21.000Z","_links":{"self":{"href":"https://bench.okta.com/api/v1/api-tokens/00Tbench)" +
        number +
        R"(","hints":{"allow":["GET","DELETE"]}},"user":{"href":"https://bench.okta.com/api/v1/users/00ubench)" +
        number + R"(","hints":{"allow":["GET"]}}}})";
  }
  return json + "]";
}

double cpu_ms(const std::function<void()>& work) {
  const std::clock_t began = std::clock();
  work();
  return static_cast<double>(std::clock() - began) * 1e3 / CLOCKS_PER_SEC;
}

bool report(const char* what, double ms, double base) {
  const double ratio = ms / base;
  std::printf("  %-28s %8.1f ms, %.2f times the reading (at most %.0f)%s\n", what, ms, ratio, kLimit,
              ratio <= kLimit ? "" : "   TOO MUCH");
  return ratio <= kLimit;
}

// The least of all rounds: what disturbs only adds.
bool measure(const char* what, const std::string& tokens_text, const std::string& zones_text, int rounds) {
  double reading = 1e9;
  double reach = 1e9;
  double change = 1e9;
  std::size_t listed = 0;
  for (int round = 0; round < rounds; ++round) {
    std::vector<Token> tokens;
    std::vector<Zone> zones;
    reading = std::min(reading, cpu_ms([&] {
                         tokens = okta::decode_tokens(tokens_text).value();
                         zones = okta::decode_zones(zones_text).value();
                       }));
    reach = std::min(reach, cpu_ms([&] {
                       ReachBook book(zones);
                       for (const Token& token : tokens)
                         listed += book.reach_of(token.network).known.empty() ? 1U : 0U;
                     }));
    const std::size_t limit = list_limit(tokens.size());
    change = std::min(change, cpu_ms([&] {
                        ReachBook book(zones);
                        for (std::size_t at = 0; at < tokens.size(); ++at) {
                          const auto& after = tokens[(at + 1) % tokens.size()].network;
                          listed += book.change_of(tokens[at].network, after, limit).second.lost.cidrs.size();
                        }
                      }));
  }
  std::printf("%s: reading takes %.1f ms of CPU (%zu CIDRs listed)\n", what, reading, listed);
  const bool reach_is_cheap = report("the reach of each token", reach, reading);
  return report("a change of each, with lists", change, reading) && reach_is_cheap;
}

int bench(std::size_t tokens, int rounds) {
  std::mt19937_64 random(1);
  const std::string zones = zones_json(random);
  const std::string shared = tokens_json(tokens, [](std::size_t token) {
    return std::vector<std::size_t>{token % kZones, (token + 7) % kZones};
  });
  const std::string own = tokens_json(tokens, [&](std::size_t) {
    return std::vector<std::size_t>{random() % kZones, random() % kZones, random() % kZones};
  });
  std::printf("%zu tokens, %zu zones of %zu ranges; the best of %d rounds\n", tokens, kZones, kRanges,
              rounds);
  const bool shared_is_cheap = measure("500 conditions of 2 zones", shared, zones, rounds);
  return measure("a condition of 3 zones each", own, zones, rounds) && shared_is_cheap ? 0 : 1;
}

}  // namespace

}  // namespace zonepin

int main(int argc, char** argv) {
  const std::size_t tokens = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20'000;
  return zonepin::bench(tokens, argc > 2 ? std::atoi(argv[2]) : 3);
}
