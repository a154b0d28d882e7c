// What a report costs against loading the snapshot and planning, in CPU of one process: an org of many
// tokens, each of which has an action, and one whose tokens each break several rules of `check`. For each
// format alone: from the plan, or from what was judged, to the document. Prints the ratios and ends with 1
// when one is above its limit.
//   report-bench [TOKENS [ROUNDS]]     20,000 tokens, 3 rounds
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "check/check.h"
#include "okta/snapshot.h"
#include "plan/make_plan.h"
#include "plan/plan_codec.h"
#include "report/build_report.h"
#include "report/check_report.h"
#include "report/evidence.h"
#include "report/format.h"

namespace zonepin {

namespace {

constexpr double kLimit = 1;
constexpr std::size_t kZones = 40;

// As many as a token's id has digits to spare.
std::string number(std::size_t value) {
  return std::to_string(100'000'000'000 + value);
}

// Where a token may be used from.
using Network = std::function<std::string(std::size_t)>;

std::string one_zone(std::size_t token) {
  return R"({"connection":"ZONE","include":["nzobench)" + number(token % kZones) + R"("]})";
}

std::string anywhere(std::size_t) {
  return R"({"connection":"ANYWHERE"})";
}

std::string tokens_json(std::size_t tokens, const Network& network) {
  std::string json;
  for (std::size_t token = 0; token < tokens; ++token) {
    json += token == 0 ? "" : ",\n";
    json +=
        R"({"id":"00Tbench)" + number(token) + R"(","name":"service-token-)" + std::to_string(token) +
        R"(","userId":"00ubench)" + number(token % 900) +
        R"(","clientName":"Okta API","tokenWindow":"P30D","network":)" + network(token) +
        R"(,"expiresAt":"2026-12-02T14:47:13.000Z","created":"2025-11-02T14:47:13.000Z",)"
        R"("lastUpdated":"2025-11-06T08:22:21.000Z","_links":{"self":{"href":"https://bench.okta.com/api/v1/api-tokens/00Tbench)" +
        number(token) +
        R"(","hints":{"allow":["GET","DELETE"]}},"user":{"href":"https://bench.okta.com/api/v1/users/00ubench)" +
        number(token % 900) + R"(","hints":{"allow":["GET"]}}}})";
  }
  return json;
}

std::string snapshot_json(std::size_t tokens, const Network& network) {
  std::string json =
      R"({"format_version":"1.0","org":"https://bench.okta.com","taken_at":"2026-11-23T03:04:05.000Z","tokens":[)" +
      tokens_json(tokens, network) + R"(],"zones":[)";
  for (std::size_t zone = 0; zone < kZones; ++zone) {
    json +=
        (zone == 0 ? "" : ",") + (R"({"id":"nzobench)" + number(zone)) + R"(","name":"office-)" +
        std::to_string(zone) +
        R"(","type":"IP","status":"ACTIVE","usage":"POLICY","system":false,"gateways":[{"type":"CIDR","value":"198.51.)" +
        std::to_string(zone) + R"(.0/24"}]})";
  }
  return json + R"(],"users":{},"self":null})";
}

// Every token is to be pinned elsewhere, but one of ten, which is to be revoked.
Desired desired_of(std::size_t tokens) {
  Desired desired;
  for (std::size_t token = 0; token < tokens; ++token) {
    DesiredToken entry;
    entry.id = "00Tbench" + number(token);
    entry.place = {0, static_cast<std::uint32_t>(token + 1), 1, 1};
    if (token % 10 == 0) {
      entry.revoked = Revocation{"SEC-" + std::to_string(token)};
    } else {
      entry.network =
          DesiredNetwork{"ZONE", {{"office-" + std::to_string((token + 7) % kZones), {}}}, {}, {}};
    }
    desired.tokens.push_back(std::move(entry));
  }
  return desired;
}

double cpu_ms(const std::function<void()>& work) {
  const std::clock_t began = std::clock();
  work();
  return static_cast<double>(std::clock() - began) * 1e3 / CLOCKS_PER_SEC;
}

std::string document(Format format, const Plan& plan, Instant now) {
  if (format == Format::text) return plan_text(plan, PlanView::plan, now, {});
  if (format == Format::json) return encode_plan(plan);
  return render(format, report_of_plan(plan, PlanView::plan, {now, 0, {}}), {});
}

// The least CPU that something took in any round.
class Least {
 public:
  void take(const std::string& name, const std::function<void()>& work) {
    double& least = costs_.emplace(name, 1e9).first->second;
    least = std::min(least, cpu_ms(work));
  }

  // Whether none is more than the limit.
  bool print(double base, const std::map<std::string, std::size_t>& sizes) const {
    bool good = true;
    for (const auto& [name, cost] : costs_) {
      const double ratio = cost / base;
      good = good && ratio <= kLimit;
      std::printf("  %-12s %8.1f ms, %8zu KB, %.2f times (at most %.0f)%s\n", name.c_str(), cost,
                  sizes.at(name) / 1024, ratio, kLimit, ratio <= kLimit ? "" : "   TOO MUCH");
    }
    return good;
  }

 private:
  std::map<std::string, double> costs_;
};

struct Planned {
  Live live;
  OrgPlan plan;
};

Planned planned(const std::string& text, const Desired& desired, Instant now, const Sources& sources) {
  auto snapshot = okta::decode_snapshot(text, "bench.json");
  OrgPlan plan = make_plan(desired, snapshot.value().live, {}, now, sources).plan;
  return {std::move(snapshot->live), std::move(plan)};
}

const Sources kSources = {{"manifests/bench.yaml", ""}};
constexpr const char* kNow = "2026-11-23T03:04:05Z";

bool bench_plan(std::size_t tokens, int rounds) {
  const std::string text = snapshot_json(tokens, one_zone);
  const Desired desired = desired_of(tokens);
  const Instant now = *parse_instant(kNow);
  double base = 1e9;
  Least least;
  std::map<std::string, std::size_t> sizes;
  for (int round = 0; round < rounds; ++round) {
    Plan plan;
    base = std::min(base, cpu_ms([&] { plan.orgs.push_back(planned(text, desired, now, kSources).plan); }));
    if (summary_of(plan).actions() != tokens) {
      std::fprintf(stderr, "report-bench: not every token has an action\n");
      return false;
    }
    plan.created_at = now;
    for (const std::string& name : format_names())
      least.take(name, [&] { sizes[name] = document(*parse_format(name), plan, now).size(); });
  }
  std::printf("%zu actions; loading the snapshot and planning takes %.1f ms of CPU; the best of %d rounds\n",
              tokens, base, rounds);
  return least.print(base, sizes);
}

std::string check_document(Format format, const CheckRun& run) {
  if (format == Format::text) return check_text(run, {});
  if (format == Format::json) return check_json(run);
  return render(format, report_of_check(run), {});
}

// The files of --evidence but for reading the snapshot again.
std::size_t evidence_bytes(const CheckRun& run, const std::string& snapshot) {
  const std::vector<EvidenceFile> files = {
      {"snapshot.json", "snapshot", "bench.okta.com", snapshot},
      {"results.json", "results", "bench.okta.com", check_json(run)},
      {"report.html", "report", "", render(Format::html, report_of_check(run), {})}};
  std::size_t bytes = evidence_index(run, files, "0").size();
  for (const EvidenceFile& file : files) bytes += file.text.size();
  return bytes;
}

bool bench_check(std::size_t tokens, int rounds) {
  const std::string text = snapshot_json(tokens, anywhere);
  const Desired desired = desired_of(tokens);
  const Instant now = *parse_instant(kNow);
  double base = 1e9;
  Least least;
  std::map<std::string, std::size_t> sizes;
  std::size_t findings = 0;
  for (int round = 0; round < rounds; ++round) {
    Planned org;
    base = std::min(base, cpu_ms([&] { org = planned(text, desired, now, kSources); }));
    CheckRun run;
    run.profile = *builtin_profile("stig");
    run.at = now;
    least.take("(judging)", [&] {
      run.orgs.push_back(
          {check_org({desired, org.live, org.plan, run.profile, nullptr, now, kSources}), 9, now, {}});
    });
    findings = 0;
    for (const CheckedToken& token : run.orgs.front().check.tokens) findings += token.findings.size();
    sizes["(judging)"] = 0;
    for (const std::string& name : format_names())
      least.take(name, [&] { sizes[name] = check_document(*parse_format(name), run).size(); });
    least.take("(evidence)", [&] { sizes["(evidence)"] = evidence_bytes(run, text); });
  }
  std::printf(
      "%zu tokens with %zu findings; loading the snapshot and planning takes %.1f ms of CPU; the best of %d "
      "rounds\n",
      tokens, findings, base, rounds);
  return findings >= tokens && least.print(base, sizes);
}

int bench(std::size_t tokens, int rounds) {
  const bool plan_is_good = bench_plan(tokens, rounds);
  const bool check_is_good = bench_check(tokens, rounds);
  return plan_is_good && check_is_good ? 0 : 1;
}

}  // namespace

}  // namespace zonepin

int main(int argc, char** argv) {
  const std::size_t tokens = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20'000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  return zonepin::bench(tokens, rounds);
}
