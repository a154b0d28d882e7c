// The law of export: what an org has, written as manifests and read again, is a plan without a single thing
// to do and nothing undecided. On the orgs that the simulator makes, through its answers and the codec, and
// on orgs whose names and conditions are as nasty as JSON allows.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "adopt/adopt.h"
#include "manifest/append.h"
#include "manifest/decode.h"
#include "manifest/format.h"
#include "manifest/merge.h"
#include "manifest/write.h"
#include "model/match.h"
#include "model/network_condition.h"
#include "okta/codec.h"
#include "plan/make_plan.h"
#include "sim/generate.h"
#include "sim/org.h"
#include "support/fakes.h"

namespace zonepin {
namespace {

constexpr int kGeneratedOrgs = 20;
constexpr int kNastyOrgs = 60;
const Instant kNow = *parse_instant("2026-11-01T12:00:00Z");

class Picks {
 public:
  explicit Picks(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_.next() % limit); }
  bool one_in(std::size_t many) { return below(many) == 0; }
  template <class List>
  const auto& of(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  SeededRandom random_;
};

// --- orgs
// ---------------------------------------------------------------------------------------------------------

struct Sample {
  Live live;
  Owners owners;
};

std::string answer_of(sim::Org& org, const std::string& target, const std::string& secret) {
  HttpRequest request;
  request.method = HttpMethod::get;
  request.target = target;
  request.headers.push_back({"Authorization", "SSWS " + secret});
  const HttpResponse response =
      org.handle(sim::sim_request(request, "203.0.113.10", "https://acme.okta.com"), kNow);
  REQUIRE(response.status == 200);
  return response.body;
}

Sample generated_sample(Picks& picks, std::uint64_t seed) {
  sim::OrgSize size;
  size.tokens = 1 + picks.below(120);
  size.zones = 3 + picks.below(40);
  size.repeated_names = picks.below(size.tokens);
  size.seed = seed;
  const sim::State state = sim::generated_org(size, kNow);
  sim::Org org(state);
  const std::string secret = sim::token_to_use(state, kNow)->secret;
  Sample sample;
  sample.live.host = "acme.okta.com";
  sample.live.url = "https://acme.okta.com";
  sample.live.tokens = okta::decode_tokens(answer_of(org, "/api/v1/api-tokens", secret)).value();
  sample.live.zones = okta::decode_zones(answer_of(org, "/api/v1/zones?limit=200", secret)).value();
  REQUIRE(sample.live.tokens.size() == size.tokens);
  for (const auto& [id, user] : state.users) {
    if (!picks.one_in(10)) sample.owners[id] = {user.login, user.status};
  }
  return sample;
}

const std::string kNastyNames[] = {"",
                                   " ",
                                   "\t\n",
                                   "plain",
                                   "plain",
                                   "123",
                                   "true",
                                   "1e3",
                                   "~",
                                   "yes",
                                   "on",
                                   "null",
                                   "017",
                                   "0x1F",
                                   "1:30",
                                   "2026-12-31",
                                   "<<",
                                   "=",
                                   "- a",
                                   "a: b",
                                   "#x",
                                   "a #b",
                                   "? q",
                                   "*alias",
                                   "&anchor",
                                   "!tag",
                                   "|",
                                   ">-",
                                   "%YAML",
                                   "@at",
                                   "`tick",
                                   "'single",
                                   "\"double",
                                   "back\\slash",
                                   "---",
                                   "...",
                                   "[a, b]",
                                   "{a: b}",
                                   "two\nlines",
                                   "carriage\rreturn",
                                   " leading",
                                   "trailing ",
                                   std::string("nul\0inside", 10),
                                   "\x1b[31mred\x1b[0m",
                                   "right\u202eto left",
                                   "bom\ufeff",
                                   "nel\u0085line\u2028para\u2029",
                                   "\U000e0041tag",
                                   "東京 トークン",
                                   "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
                                   "etl-*",
                                   "a?[b]",
                                   "ALL_ZONES",
                                   "ALL_IP_ZONES",
                                   "ANYWHERE",
                                   "10.0.0.0/8",
                                   "192.0.2.1",
                                   "2001:db8::/32",
                                   "nzo0000000000000001",
                                   "00T0000000000000001",
                                   "current",
                                   std::string(1'500, 'k'),
                                   std::string(16'384, 'x'),
                                   std::string(16'385, 'x')};

std::string digits(std::size_t number) {
  std::string text = std::to_string(number);
  return std::string(17 - text.size(), '0') + text;
}

std::optional<NetworkCondition> nasty_condition(Picks& picks, const Live& live) {
  const auto zones = [&] {
    std::vector<std::string> members;
    for (std::size_t count = 1 + picks.below(4); count > 0; --count) {
      if (picks.one_in(12)) members.emplace_back(picks.one_in(2) ? "ALL_ZONES" : "ALL_IP_ZONES");
      if (picks.one_in(20)) members.emplace_back("nzogone");
      if (picks.one_in(40)) members.push_back(picks.of(kNastyNames));
      if (!live.zones.empty()) members.push_back(picks.of(live.zones).id);
    }
    return members;
  };
  NetworkCondition condition;
  switch (picks.below(12)) {
    case 0: return std::nullopt;
    case 1: condition = anywhere(); break;
    case 2: condition = {"ON_NETWORK\n\x1b", {}, {}}; break;
    case 3: condition = {"", {}, {}}; break;
    case 4: condition = {"ZONE", {}, {}}; break;
    case 5: condition = {"ZONE", zones(), zones()}; break;
    case 6: condition = {"ANYWHERE", zones(), {}}; break;
    case 7: condition = {"ZONE", {}, zones()}; break;
    default: condition = {"ZONE", zones(), {}}; break;
  }
  return canonical(std::move(condition));
}

Zone nasty_zone(Picks& picks, std::size_t number) {
  Zone zone;
  zone.id = "nzo" + digits(number);
  if (picks.one_in(15))
    zone.id = picks.one_in(2) ? "10.0.0." + std::to_string(number) : "zone " + digits(number);
  zone.name = picks.one_in(3) ? picks.of(kNastyNames) : "zone " + std::to_string(picks.below(6));
  if (picks.one_in(8)) zone.name = "nzo" + digits(picks.below(8));
  zone.type = picks.one_in(6) ? "DYNAMIC" : "IP";
  zone.status = picks.one_in(6) ? "INACTIVE" : "ACTIVE";
  zone.usage = picks.one_in(6) ? "BLOCKLIST" : "POLICY";
  static const char* const kGateways[] = {
      "203.0.113.0/24", "198.51.100.7-198.51.100.20", "2001:db8::/32", "192.0.2.5",
      "0.0.0.0/0",      "no address at all",          "10.1.2.3/8",    "::ffff:192.0.2.0/120"};
  for (std::size_t count = picks.below(5); count > 0; --count)
    zone.gateways.push_back({"CIDR", picks.of(kGateways)});
  if (picks.one_in(10)) {
    for (std::size_t at = 0; at < 40; ++at)
      zone.gateways.push_back({"CIDR", "172.16." + std::to_string(2 * at) + ".0/24"});
  }
  return zone;
}

Sample nasty_sample(Picks& picks) {
  Sample sample;
  sample.live.host = "acme.okta.com";
  sample.live.url = "https://acme.okta.com";
  const std::size_t zones = picks.below(9);
  for (std::size_t at = 0; at < zones; ++at) sample.live.zones.push_back(nasty_zone(picks, at));
  const std::size_t tokens = picks.below(30);
  static const char* const kOwners[] = {"00u00000000000000001", "00u00000000000000002", "me", "..",
                                        "\x1b]0;"};
  for (std::size_t at = 0; at < tokens; ++at) {
    Token token;
    token.id = picks.one_in(20) ? "1e" + std::to_string(at) : "00T" + digits(at);
    token.name = picks.one_in(2) ? picks.of(kNastyNames) : "token " + std::to_string(picks.below(tokens * 2));
    if (!picks.one_in(6)) token.user_id = picks.of(kOwners);
    if (!picks.one_in(6)) token.client_name = picks.one_in(4) ? picks.of(kNastyNames) : "Okta API";
    token.network = nasty_condition(picks, sample.live);
    sample.live.tokens.push_back(std::move(token));
  }
  for (const char* const owner : kOwners) {
    if (picks.one_in(4)) continue;
    sample.owners[owner] = {picks.one_in(3) ? picks.of(kNastyNames) : "ana@acme.example",
                            picks.one_in(4) ? "DEPROVISIONED" : "ACTIVE"};
  }
  return sample;
}

// Names in families, each with a condition that most of its members have.
Sample family_sample(Picks& picks) {
  Sample sample = nasty_sample(picks);
  static const char* const kParts[] = {"etl", "ci-runner", "a*b", "^odd", "data_lake", "\u6771\u4eac"};
  static const char* const kSeparators[] = {"-", "_", ".", " ", "--"};
  const std::size_t families = 1 + picks.below(5);
  for (std::size_t family = 0; family < families; ++family) {
    const auto condition = nasty_condition(picks, sample.live);
    const std::string word = picks.of(kParts);
    const std::string separator = picks.of(kSeparators);
    const std::size_t members = 1 + picks.below(9);
    for (std::size_t at = 0; at < members; ++at) {
      Token token;
      token.id = "00Tfam" + digits(family * 100 + at);
      token.name =
          picks.one_in(2) ? word + separator + std::to_string(at) : std::to_string(at) + separator + word;
      if (picks.one_in(8)) token.name = word;
      token.user_id = "00u0000000000000000" + std::to_string(picks.below(4));
      token.client_name = "Okta API";
      token.network = picks.one_in(6) ? nasty_condition(picks, sample.live) : condition;
      sample.live.tokens.push_back(std::move(token));
    }
  }
  return sample;
}

// --- the law
// ------------------------------------------------------------------------------------------------------

OrgPlan plan_of_text(const std::string& text, const Live& live) {
  const Sources sources = {{"export.yaml", text}};
  const Manifests manifests = decode_manifests(sources);
  REQUIRE_MESSAGE(manifests.diagnostics.empty(), render(manifests.diagnostics, sources) << text);
  std::vector<const Document*> documents;
  for (const Document& document : manifests.documents) documents.push_back(&document);
  Diagnostics diagnostics;
  const Desired desired = merge(documents, sources, diagnostics);
  Planning planning = make_plan(desired, live, {}, kNow, sources);
  diagnostics.insert(diagnostics.end(), planning.diagnostics.begin(), planning.diagnostics.end());
  REQUIRE_MESSAGE(diagnostics.empty(), render(diagnostics, sources) << text);
  return std::move(planning.plan);
}

void check_is_empty(const std::string& text, const Live& live, const Adopted& adopted) {
  const OrgPlan plan = plan_of_text(text, live);
  std::size_t ignored = 0;
  for (const Change& change : plan.changes) {
    const bool settled = change.status == Status::unchanged || change.status == Status::ignored;
    CHECK_MESSAGE(settled, change.id << " is " << to_string(change.status) << " " << change.note << "\n"
                                     << text);
    if (change.status == Status::ignored) ++ignored;
  }
  CHECK(plan.changes.size() == live.tokens.size());
  CHECK(ignored == adopted.ignored);
  // That a zone is empty, wide or out of use is so before and after.
  for (const Finding& finding : plan.findings)
    CHECK_MESSAGE((finding.severity == "note" ||
                   (finding.severity == "warning" && finding.rule.rfind("zone-", 0) == 0)),
                  finding.rule << ": " << finding.message << "\n"
                               << text);
}

bool is_harmless(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
}

std::vector<AdoptWishes> all_wishes(const Owners& owners) {
  std::vector<AdoptWishes> all;
  for (const EntryKey key : {EntryKey::automatic, EntryKey::id, EntryKey::name}) {
    for (const AdoptAs as : {AdoptAs::entries, AdoptAs::rules}) {
      AdoptWishes wishes;
      wishes.key = key;
      wishes.as = as;
      wishes.usage = Usage::told;
      wishes.org = "acme.okta.com";
      wishes.owners = owners;
      all.push_back(std::move(wishes));
    }
  }
  return all;
}

void check_export(const Sample& sample) {
  for (const AdoptWishes& wishes : all_wishes(sample.owners)) {
    CAPTURE(static_cast<int>(wishes.key));
    CAPTURE(static_cast<int>(wishes.as));
    const Adopted adopted = adopt(sample.live, wishes);
    const std::string text = write_documents({adopted.draft});
    CHECK(is_harmless(text));
    CHECK(format_manifest(text, 0).text == text);
    CHECK(adopted.tokens == sample.live.tokens.size());
    check_is_empty(text, sample.live, adopted);
    Live shuffled = sample.live;
    std::reverse(shuffled.tokens.begin(), shuffled.tokens.end());
    std::reverse(shuffled.zones.begin(), shuffled.zones.end());
    CHECK(write_documents({adopt(shuffled, wishes).draft}) == text);
  }
}

}  // namespace

TEST_CASE("export, then plan: nothing, for every org that the simulator's generator makes") {
  for (int seed = 1; seed <= kGeneratedOrgs; ++seed) {
    CAPTURE(seed);
    Picks picks(static_cast<std::uint64_t>(seed));
    check_export(generated_sample(picks, static_cast<std::uint64_t>(seed)));
  }
}

TEST_CASE("export, then plan: nothing, whatever names, zones and conditions an org has") {
  for (int seed = 1; seed <= kNastyOrgs; ++seed) {
    CAPTURE(seed);
    Picks picks(static_cast<std::uint64_t>(seed));
    check_export(nasty_sample(picks));
  }
}

TEST_CASE("export, then plan: nothing, where names come in families; and rules are found there") {
  std::size_t ruled = 0;
  for (int seed = 1; seed <= kNastyOrgs; ++seed) {
    CAPTURE(seed);
    Picks picks(static_cast<std::uint64_t>(seed));
    const Sample sample = family_sample(picks);
    check_export(sample);
    AdoptWishes wishes;
    wishes.as = AdoptAs::rules;
    wishes.org = "acme.okta.com";
    // Some tokens are somebody else's: no rule may touch them.
    wishes.only.emplace();
    for (const Token& token : sample.live.tokens) {
      if (!picks.one_in(30)) wishes.only->insert(token.id);
    }
    const Adopted adopted = adopt(sample.live, wishes);
    ruled += adopted.ruled;
    for (const Noted<Rule>& rule : adopted.draft.rules) {
      std::size_t fitting = 0;
      for (const Token& token : sample.live.tokens) {
        const Fit fit = fit_of(rule.part.match, token, {}, kNow);
        CHECK(fit != Fit::unknown);
        if (fit != Fit::yes) continue;
        ++fitting;
        CHECK(wishes.only->count(token.id) == 1);
      }
      CHECK(fitting >= 3);
      REQUIRE(rule.part.min);
      CHECK(*rule.part.min <= fitting);
      CHECK(*rule.part.min * 5 >= fitting * 4);
    }
  }
  CHECK(ruled > 50);
}

// What an org has is exported in two halves: the first into a file, the second appended to it.
TEST_CASE("export, then append what came later: nothing, and every byte of the file stays") {
  for (int seed = 1; seed <= kNastyOrgs; ++seed) {
    CAPTURE(seed);
    Picks picks(static_cast<std::uint64_t>(seed));
    const Sample sample = nasty_sample(picks);
    AdoptWishes wishes;
    wishes.key = EntryKey::name;
    wishes.org = "acme.okta.com";
    std::set<std::string> first;
    std::set<std::string> second;
    for (const Token& token : sample.live.tokens) (picks.one_in(2) ? first : second).insert(token.id);
    wishes.only = first;
    const Adopted before = adopt(sample.live, wishes);
    std::string file = write_document(before.draft) + (picks.one_in(2) ? "\n# The end.\n" : "");
    if (picks.one_in(3)) file += "unmanaged: fail\n";
    wishes.only = second;
    wishes.pins = Pins::left_out;
    Adopted adopted = adopt(sample.live, wishes);
    const auto appended = append_entries(file, 0, adopted.draft);
    REQUIRE(appended);
    CHECK((appended->where == AppendedTo::list) == !before.draft.tokens.empty());
    std::string rest = appended->text;
    const std::size_t common = static_cast<std::size_t>(
        std::mismatch(file.begin(), file.end(), rest.begin(), rest.end()).first - file.begin());
    CHECK(rest.size() >= file.size());
    CHECK(rest.substr(rest.size() - (file.size() - common)) == file.substr(common));
    adopted.ignored += before.ignored;
    check_is_empty(appended->text, sample.live, adopted);
  }
}

}  // namespace zonepin
