// The journal: every record survives its line, and a file tells what a run that died had done.
#include "apply/journal.h"

#include <doctest/doctest.h>

#include "engine_kit.h"

namespace zonepin {
namespace {

const Instant kThen = Instant(Milliseconds(1'767'323'045'678));

JournalRecord of(JournalRecord::Kind kind, const std::string& id = "00Ta") {
  JournalRecord record;
  record.kind = kind;
  record.at = kThen;
  record.org = "acme.okta.com";
  record.id = id;
  return record;
}

std::string begin() {
  JournalRecord record;
  record.at = kThen;
  record.digest = "d1";
  return line_of(record);
}

std::string planned(const std::string& id, Status action = Status::replace) {
  JournalRecord record = of(JournalRecord::Kind::planned, id);
  record.name = "name of " + id;
  record.action = action;
  return line_of(record);
}

std::string intent(const std::string& id, Status action = Status::replace) {
  JournalRecord record = of(JournalRecord::Kind::intent, id);
  record.action = action;
  return line_of(record);
}

std::string result(const std::string& id, int status, Status action = Status::replace) {
  JournalRecord record = of(JournalRecord::Kind::result, id);
  record.status = status;
  record.action = action;
  record.request_id = "Req" + id;
  if (status == 0) record.reason = "timeout";
  return line_of(record);
}

std::string fate(const std::string& id, Fate value) {
  JournalRecord record = of(JournalRecord::Kind::fate, id);
  record.fate = value;
  return line_of(record);
}

JournalRun only_run(const std::string& text) {
  const auto runs = read_journal(text, "apply.journal");
  REQUIRE(runs.has_value());
  REQUIRE(runs->size() == 1);
  return runs->front();
}

TEST_CASE("every record is what its line says, whatever a name holds") {
  JournalRecord run;
  run.at = kThen;
  run.digest = "abc";
  JournalRecord named = of(JournalRecord::Kind::planned);
  named.name = "a \"quoted\"\n\x1b[31m name \u202e";
  JournalRecord lost = of(JournalRecord::Kind::result);
  lost.reason = "connection lost";
  JournalRecord held = of(JournalRecord::Kind::result);
  held.was_sent = false;
  held.reason = "no credential";
  JournalRecord answered = of(JournalRecord::Kind::result);
  answered.action = Status::revoke;
  answered.attempt = 3;
  answered.status = 204;
  answered.request_id = "Req";
  JournalRecord settled = of(JournalRecord::Kind::fate);
  settled.fate = Fate::already_done;
  settled.message = "why";
  JournalRecord end;
  end.kind = JournalRecord::Kind::end;
  end.at = kThen;
  end.exit_code = 6;
  JournalRecord confirmed = end;
  confirmed.kind = JournalRecord::Kind::confirmed;
  confirmed.org = "acme.okta.com";
  confirmed.exit_code = 0;
  for (const JournalRecord& record : {run, named, lost, held, answered, settled, confirmed, end}) {
    const std::string line = line_of(record);
    CAPTURE(line);
    CHECK(line.find('\n') == line.size() - 1);
    for (const char byte : line) CHECK((byte == '\n' || (byte >= ' ' && byte <= '~')));
    const auto read = parse_journal_line(std::string_view(line).substr(0, line.size() - 1));
    REQUIRE(read.has_value());
    CHECK(*read == record);
  }
  CHECK(line_of(run).starts_with(kJournalBegins));
}

TEST_CASE("what a run that died had done is told from its journal alone") {
  struct Row {
    std::string name;
    std::string lines;
    Fate fate;
  };
  const Row rows[] = {
      {"nothing began", "", Fate::not_reached},
      {"about to be written", intent("00Ta"), Fate::unknown},
      {"answered with success", intent("00Ta") + result("00Ta", 200), Fate::done},
      {"204 is no answer to a PUT", intent("00Ta") + result("00Ta", 204), Fate::unknown},
      {"refused", intent("00Ta") + result("00Ta", 400), Fate::failed},
      {"put off", intent("00Ta") + result("00Ta", 429), Fate::not_reached},
      {"put off, then written again", intent("00Ta") + result("00Ta", 429) + intent("00Ta"), Fate::unknown},
      {"server error", intent("00Ta") + result("00Ta", 503), Fate::unknown},
      {"lost", intent("00Ta") + result("00Ta", 0), Fate::unknown},
      {"lost, then looked at", intent("00Ta") + result("00Ta", 0) + fate("00Ta", Fate::done), Fate::done},
      {"the engine knows better", intent("00Ta") + result("00Ta", 200) + fate("00Ta", Fate::failed),
       Fate::failed},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const JournalRun run = only_run(begin() + planned("00Ta") + row.lines);
    REQUIRE(run.outcomes.size() == 1);
    REQUIRE(run.outcomes[0].actions.size() == 1);
    CHECK(run.outcomes[0].actions[0].fate == row.fate);
    CHECK(run.plans[0].changes[0].name == "name of 00Ta");
    CHECK(!run.exit_code);
    REQUIRE(run.outcomes[0].ended_early.has_value());
    CHECK(run.outcomes[0].ended_early->trouble == Trouble::unfinished);
  }
}

TEST_CASE("a revoke is done by 204") {
  const JournalRun run = only_run(begin() + planned("00Ta", Status::revoke) + intent("00Ta", Status::revoke) +
                                  result("00Ta", 204, Status::revoke));
  CHECK(run.outcomes[0].actions[0].fate == Fate::done);
  CHECK(run.outcomes[0].actions[0].request_id == "Req00Ta");
  CHECK(run.outcomes[0].rate.writes == 1);
}

TEST_CASE("half a line at the end is left out, also where another run follows") {
  const std::string whole = begin() + planned("00Ta") + intent("00Ta");
  const std::string torn = result("00Ta", 200).substr(0, 30);
  CHECK(only_run(whole + torn).outcomes[0].actions[0].fate == Fate::unknown);
  const auto runs = read_journal(whole + torn + "\n" + begin() + planned("00Ta"), "j");
  REQUIRE(runs.has_value());
  REQUIRE(runs->size() == 2);
  CHECK((*runs)[0].outcomes[0].actions[0].fate == Fate::unknown);
  CHECK((*runs)[1].outcomes[0].actions[0].fate == Fate::not_reached);
}

TEST_CASE("what is no journal is refused with its line") {
  const std::string whole = begin() + planned("00Ta");
  for (const std::string& text :
       {std::string(), std::string("{}\n"), planned("00Ta"), whole + "{}\n" + intent("00Ta"),
        whole + "{\"event\":\"fate\",\"at\":\"x\"}\n" + intent("00Ta")}) {
    CAPTURE(text);
    const auto runs = read_journal(text, "apply.journal");
    REQUIRE(!runs.has_value());
    CHECK(runs.error().trouble == Trouble::usage);
    CHECK(runs.error().message.find("apply.journal") != std::string::npos);
  }
}

// Keeps what it saw, and may refuse to.
struct Keeper : okta::Witness {
  std::vector<JournalRecord> seen;
  std::size_t kept = 0;     // of seen
  std::size_t room = 1000;  // records that it can keep
  void saw(const OrgAddress& org, const okta::Event& event) override {
    if (auto record = record_of(org.authority(), event, kThen)) seen.push_back(*record);
  }
  Result<void> keep() override {
    if (seen.size() > room) return fail(Trouble::failure, "the disk is full");
    kept = seen.size();
    return {};
  }
  std::optional<Milliseconds> look(Milliseconds) override { return std::nullopt; }
};

TEST_CASE("no write leaves before its intent is kept") {
  Workshop shop({"a1", "a2", "r1"});
  Keeper keeper;
  shop.witness = &keeper;
  shop.on_arrival = [&](const Arrival& arrival) {
    bool intended = false;
    for (std::size_t at = 0; at < keeper.kept; ++at) {
      const JournalRecord& record = keeper.seen[at];
      intended = intended ||
                 (record.kind == JournalRecord::Kind::intent && arrival.request.target.ends_with(record.id));
    }
    CHECK(intended);
  };
  const OrgOutcome outcome = shop.run();
  CHECK(count(outcome, Fate::done) == 3);
  CHECK(keeper.seen.size() == 6);
  CHECK(keeper.kept == 6);
}

TEST_CASE("where the journal can't be kept any more, no further write leaves, and the run says why") {
  Workshop shop({"a1", "a2", "a3"});
  shop.policy.parallelism = 1;
  Keeper keeper;
  keeper.room = 2;  // the first write's intent and result
  shop.witness = &keeper;
  const OrgOutcome outcome = shop.run();
  CHECK(count(outcome, Fate::done) == 1);
  CHECK(count(outcome, Fate::not_reached) == 2);
  REQUIRE(outcome.ended_early.has_value());
  CHECK(outcome.ended_early->message == "the disk is full");
  CHECK(shop.fakes.network.arrivals.size() == 1);
  CHECK(outcome.rate.writes == 1);
}

}  // namespace
}  // namespace zonepin
