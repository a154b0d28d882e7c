// A folder of snapshots: each of one org, none left out in silence.
#include "cli/snapshots.h"

#include <doctest/doctest.h>

#include "support/fakes.h"

namespace zonepin {
namespace {

constexpr Instant kNow{std::chrono::milliseconds(1'790'000'000'000)};

std::string snapshot_of(const std::string& host, Instant taken_at = kNow) {
  return "{\"format_version\": \"1.0\", \"org\": \"" + host + "\", \"taken_at\": \"" +
         format_seconds(taken_at) + "\", \"tokens\": [], \"zones\": [], \"users\": {}, \"self\": null}\n";
}

struct Desk {
  FakeWorld fake;
  World world = fake.world();
  Options options;
  Stage stage{world, options};

  Desk() { fake.clock.set_now(kNow); }
  Result<Snapshots> load(const std::string& path) { return load_snapshots(stage, path); }
  std::string error_of(const std::string& path) {
    const auto loaded = load(path);
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().trouble == Trouble::usage);
    return loaded.error().message;
  }
};

TEST_CASE("a file is one snapshot, a folder is all that are below it, by org") {
  Desk desk;
  desk.fake.files.texts = {{"live/b.json", snapshot_of("beta.okta.com")},
                           {"live/deep/er/a.json", snapshot_of("acme.okta.com")},
                           {"live/c.json", snapshot_of("acme.oktapreview.com")},
                           {"live/.hidden.json", "no snapshot"},
                           {"live/notes.txt", "no snapshot"}};
  const auto folder = desk.load("live");
  REQUIRE(folder.has_value());
  CHECK(folder->is_folder);
  CHECK(folder->path == "live");
  std::vector<std::string> paths;
  std::vector<std::string> hosts;
  for (const SnapshotFile& file : folder->files) paths.push_back(file.path);
  for (const OrgAddress& org : folder->orgs()) hosts.push_back(org.authority());
  CHECK(hosts == std::vector<std::string>{"acme.okta.com", "acme.oktapreview.com", "beta.okta.com"});
  CHECK(paths == std::vector<std::string>{"live/deep/er/a.json", "live/c.json", "live/b.json"});

  const auto file = desk.load("live/b.json");
  REQUIRE(file.has_value());
  CHECK_FALSE(file->is_folder);
  CHECK(file->files.size() == 1);
  CHECK(desk.fake.terminal.err_text.empty());
}

TEST_CASE("the snapshot of an org is found by its address, and why there is none is said") {
  Desk desk;
  desk.fake.files.texts = {{"live/a.json", snapshot_of("acme.okta.com")},
                           {"live/b.json", snapshot_of("beta.okta.com")}};
  auto folder = desk.load("live");
  REQUIRE(folder.has_value());
  const OrgAddress beta = *parse_org("https://BETA.okta.com/");
  const OrgAddress other = *parse_org("other.okta.com");
  REQUIRE(folder->of(beta) != nullptr);
  CHECK(folder->of(beta)->path == "live/b.json");
  CHECK(folder->of(other) == nullptr);
  const Error of_folder = folder->error_for(other, "m.yaml:3", "take one");
  CHECK(of_folder.trouble == Trouble::stale);
  CHECK(of_folder.message == "live holds no snapshot of other.okta.com, which m.yaml:3 names");
  CHECK(of_folder.mend == "take one");
  const auto file = desk.load("live/a.json");
  REQUIRE(file.has_value());
  CHECK(file->error_for(other, "", "").message ==
        "live/a.json is a snapshot of acme.okta.com, not of other.okta.com");
}

TEST_CASE("two of one org, however it is written, are refused with both names") {
  Desk desk;
  desk.fake.files.texts = {{"live/a.json", snapshot_of("acme.okta.com")},
                           {"live/b.json", snapshot_of("beta.okta.com")},
                           {"live/c.json", snapshot_of("acme.okta.com")}};
  CHECK(desk.error_of("live") == "live holds two snapshots of acme.okta.com: live/a.json and live/c.json");
}

TEST_CASE("one that is none is refused by its name, wherever in the folder it stands") {
  for (const char* text : {"", "{}", "[]", "null", "not json", "{\"format_version\": \"2.0\"}", "\xff\xfe"}) {
    CAPTURE(text);
    Desk desk;
    desk.fake.files.texts = {{"live/a.json", snapshot_of("acme.okta.com")}, {"live/z/broken.json", text}};
    CHECK(desk.error_of("live").find("live/z/broken.json") != std::string::npos);
    CHECK(desk.error_of("live/z/broken.json").find("live/z/broken.json") != std::string::npos);
  }
}

TEST_CASE("nothing to read, too much of it, and no right to") {
  Desk desk;
  desk.fake.files.folders = {"empty"};
  CHECK(desk.error_of("empty") == "empty holds no snapshot");
  CHECK(desk.error_of("nowhere") == "nowhere: no such file or folder");
  for (std::size_t at = 0; at <= kMaxSnapshotFiles; ++at)
    desk.fake.files.texts["many/" + std::to_string(at) + ".json"] = snapshot_of("acme.okta.com");
  CHECK(desk.error_of("many") == "many: holds more than 1000 snapshots (*.json), the most that is read");
  desk.fake.files.texts["closed/a.json"] = snapshot_of("acme.okta.com");
  desk.fake.files.unreadable = {"closed/a.json"};
  CHECK(desk.error_of("closed").find("permission denied") != std::string::npos);
}

TEST_CASE("old ones are read with a warning, which counts them") {
  const Instant two_days_ago = kNow - std::chrono::hours(49);
  Desk desk;
  desk.fake.files.texts = {{"live/a.json", snapshot_of("acme.okta.com", two_days_ago)},
                           {"live/b.json", snapshot_of("beta.okta.com")}};
  desk.options.live_file = "live";
  REQUIRE(live_snapshots(desk.stage).has_value());
  CHECK(desk.fake.terminal.err_text.starts_with("warning: 1 of 2 snapshots in live are older than 1 d"));
  desk.fake.terminal.err_text.clear();
  desk.options.live_file = "live/b.json";
  REQUIRE(live_snapshots(desk.stage).has_value());
  CHECK(desk.fake.terminal.err_text.empty());
  desk.options.live_file.clear();
  desk.options.baseline = "live";
  const auto none = live_snapshots(desk.stage);
  REQUIRE(none.has_value());
  CHECK_FALSE(none->has_value());
  // A baseline is old by nature.
  const auto baseline = baseline_snapshots(desk.stage);
  REQUIRE(baseline.has_value());
  CHECK((*baseline)->files.size() == 2);
  CHECK(desk.fake.terminal.err_text.empty());
}

}  // namespace
}  // namespace zonepin
