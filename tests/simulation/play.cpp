#include "play.h"

#include <set>

#include <nlohmann/json.hpp>

#include "auditor.h"
#include "cli/run.h"
#include "plan/guards.h"
#include "universe.h"

namespace zonepin::simulation {

namespace {

using Json = nlohmann::json;

const std::string kManifest = "manifests/a.yaml";
const std::string kPlanFile = "plan.json";
const std::string kJournal = "apply.journal";

// In calm, so many applies are enough to get done what is left.
constexpr int kMostCalmApplies = 6;

class Player {
 public:
  Player(const Story& story, Telling telling) : story_(story), auditor_(story), universe_(story, auditor_) {
    if (telling == Telling::whole) auditor_.keep_log();
    auditor_.attach(universe_.org(), universe_.files(), universe_.interrupt());
    universe_.files().texts[kManifest] = manifest_of(story, false);
    auditor_.note(manifest_of(story, false));
  }

  Played play() {
    for (const Step step : story_.steps) take(step);
    check_turned();
    universe_.calm_down();
    settle();
    played_.violations = auditor_.violations();
    played_.log = auditor_.log();
    return played_;
  }

 private:
  Options options(Command command) const {
    Options options;
    options.command = command;
    options.format = Format::json;
    options.log_level = LogLevel::off;
    options.paths = {kManifest};
    options.parallelism = story_.parallelism;
    options.budget_percent = story_.budget_percent;
    options.timeout = calm_ ? std::nullopt : story_.timeout;
    options.max_failures = story_.max_failures;
    options.recheck = story_.recheck;
    options.policy.allow_revoke = story_.allow_revoke;
    // Guards have tests of their own; here they would only keep things from happening.
    for (const std::string_view guard : kGuardNames) {
      for (const auto& [id, token] : universe_.tokens())
        options.policy.acks.push_back({std::string(guard), id});
    }
    options.plan_ttl = Duration{0, 7, 0};
    return options;
  }

  // One process. Gives its exit code; none if it died.
  std::optional<int> run(const Options& options, const Order& order) {
    universe_.begin_process();
    auditor_.note("--- process: command " + std::to_string(static_cast<int>(options.command)) +
                  (options.plan_file.empty() ? "" : " of a saved plan"));
    auditor_.begin(order);
    if (order.may_write) ++played_.applies;
    std::optional<int> code;
    try {
      World world = universe_.world();
      code = zonepin::run(options, world);
      auditor_.ended(*code, universe_.terminal().out_text);
      auditor_.note(universe_.terminal().err_text);
    } catch (const Killed&) {
      ++played_.deaths;
      auditor_.died();
    }
    played_.requests += auditor_.requests();
    if (!code && !order.journal.empty()) look_at_journal();
    universe_.pass(std::chrono::seconds(1));
    return code;
  }

  // What a dead run left is read before the next one begins.
  void look_at_journal() {
    const auto text = universe_.files().texts.find(kJournal);
    const bool began = text != universe_.files().texts.end() && auditor_.journal_grew();
    if (!began) return;
    Options show;
    show.command = Command::show;
    show.format = Format::json;
    show.subject = kJournal;
    universe_.begin_reading();
    World world = universe_.world();
    try {
      zonepin::run(show, world);
      auditor_.check_shown_journal(universe_.terminal().out_text);
    } catch (const Killed&) {
      ++played_.deaths;
    }
  }

  std::optional<int> apply() {
    Options apply = options(Command::apply);
    apply.auto_approve = true;
    if (story_.journal) apply.journal_file = kJournal;
    return run(apply, {true, false, apply.journal_file});
  }

  void take(Step step) {
    switch (step) {
      case Step::apply:
        if (!apply()) apply();  // what died is run again
        return;
      case Step::plan_then_apply: return plan_then_apply();
      case Step::plan: run(options(Command::plan), {}); return;
      case Step::drift: run(options(Command::drift), {}); return;
      case Step::list: run(options(Command::list_tokens), {}); return;
      case Step::snapshot: run(options(Command::snapshot), {}); return;
    }
  }

  void plan_then_apply() {
    Options plan = options(Command::plan);
    plan.out_file = kPlanFile;
    universe_.files().texts.erase(kPlanFile);
    const auto planned = run(plan, {});
    if (universe_.files().texts.count(kPlanFile) == 0) return;
    if (!planned || (*planned != 0 && *planned != 6)) return;
    Options saved = options(Command::apply);
    saved.paths.clear();
    saved.plan_file = kPlanFile;
    if (story_.journal) saved.journal_file = kJournal;
    for (int times = 0; times < 2; ++times) {
      if (run(saved, {true, true, saved.journal_file})) return;
    }
  }

  // The order in which entries stand in a manifest changes nothing that is done.
  void check_turned() {
    if (story_.seed % 8 != 0 || story_.entries.size() < 2) return;
    const auto digest = [&] {
      const auto code = run(options(Command::plan), {});
      const Json plan = Json::parse(universe_.terminal().out_text, nullptr, false);
      return code && plan.is_object() ? plan.value("digest", "") : std::string();
    };
    universe_.calm_down();
    calm_ = true;
    const std::string straight = digest();
    universe_.files().texts[kManifest] = manifest_of(story_, true);
    const std::string turned = digest();
    universe_.files().texts[kManifest] = manifest_of(story_, false);
    if (!straight.empty() && straight != turned)
      auditor_.violated("another order of entries plans something else");
  }

  static std::size_t actions_in(const std::string& out) {
    const Json plan = Json::parse(out, nullptr, false);
    if (!plan.is_object() || !plan.contains("summary")) return 1;
    return plan["summary"].value("replace", std::size_t{0}) + plan["summary"].value("revoke", std::size_t{0});
  }

  // Converges: in calm, it is soon done. Quiet: then nothing more is written. An apply may make a name
  // unambiguous that was not, so that the next one has more to do.
  void settle() {
    calm_ = true;
    bool is_done = false;
    for (int times = 0; times < kMostCalmApplies && !is_done; ++times) {
      const auto code = apply();
      if (!story_.allow_revoke && code == 4) return;
      if (code != 0 && code != 6) {
        auditor_.violated("in calm an apply ends with " + std::to_string(code.value_or(-1)) + ": " +
                          universe_.terminal().err_text);
      }
      run(options(Command::plan), {});
      is_done = actions_in(universe_.terminal().out_text) == 0;
    }
    if (!is_done) auditor_.violated("applies in calm come to no end");
    apply();
    auditor_.check_nothing_sent("everything was done before");
    std::set<std::string> touched;
    for (const auto& [id, token] : story_.state.tokens) {
      if (universe_.others_touched(id)) touched.insert(id);
    }
    auditor_.check_wishes(touched);
  }

  const Story& story_;
  Auditor auditor_;
  Universe universe_;
  Played played_;
  bool calm_ = false;
};

}  // namespace

Played play(const Story& story, Telling telling) {
  return Player(story, telling).play();
}

}  // namespace zonepin::simulation
