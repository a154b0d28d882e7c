#include "cli/orders.h"

#include <algorithm>
#include <utility>

#include "adopt/order.h"
#include "base/text.h"
#include "cli/carrying_out.h"
#include "cli/exit_code.h"
#include "cli/org_book.h"
#include "manifest/write.h"
#include "plan/make_plan.h"
#include "plan/plan_codec.h"
#include "plan/zone_book.h"

namespace zonepin {

namespace {

class OrderRun {
 public:
  explicit OrderRun(Stage& stage) : stage_(stage), options_(stage.options()) {}

  int code() {
    if (auto fit = check(); !fit) return stage_.fail(fit.error());
    auto org = only_org();
    if (!org) return stage_.fail(org.error());
    auto session = Session::open(stage_, {{*org, {}}}, {true, false});
    if (!session) return stage_.fail(session.error());
    okta::ReadWants wants;
    wants.self = true;
    auto reading = std::move(session->read({0}, {std::move(wants)}).front());
    if (!reading) return stage_.fail(reading.error());
    auto order = order_for(reading->live);
    if (!order) return stage_.fail(order.error());
    std::string manifest = write_document(draft_of(*order, reading->live, org_text(*org)));

    auto run = plan(*order, std::move(reading->live));
    if (!run) return run.error();
    run->session = std::move(*session);
    if (auto approved = approve(stage_, *run, "add --auto-approve"); !approved) return approved.error();
    // Before the first write: whatever becomes of that, what was meant is on record.
    if (auto kept = keep(*run, manifest); !kept) return stage_.fail(kept.error());
    return carry_out(stage_, *run);
  }

 private:
  std::string verb() const { return options_.command == Command::fence ? "fence" : "revoke"; }

  // Before anything is asked for.
  Result<void> check() const {
    if (auto acks = check_bare_acks(stage_); !acks) return acks;
    return check_new_file();
  }

  Result<void> check_new_file() const {
    const std::string& path = options_.emit_file;
    if (path.empty() || !stage_.world().files.exists(path)) return {};
    return fail(Trouble::usage, escape(path) + " is there already, and nothing was written",
                "give --emit a new file");
  }

  Result<OrgAddress> only_org() const {
    const auto orgs = orgs_named(stage_);
    if (!orgs) return fail(orgs.error());
    if (orgs->size() == 1) return orgs->front();
    return fail(Trouble::usage, verb() + " speaks of one org, not of " + std::to_string(orgs->size()),
                "give one --org");
  }

  Result<Order> order_for(const Live& live) {
    Order order{options_.ids, {}, options_.reason};
    if (auto known = check_ids(live); !known) return fail(known.error());
    if (options_.command == Command::revoke) return order;
    auto zone = zone_for(live);
    if (!zone) return fail(zone.error());
    order.zone_id = std::move(*zone);
    return order;
  }

  // What is not live can't be fenced, and is revoked as it is; but a name that looks like an id is a mistake.
  Result<void> check_ids(const Live& live) {
    std::vector<std::string> absent;
    for (const std::string& id : options_.ids) {
      const bool is_live = std::any_of(live.tokens.begin(), live.tokens.end(),
                                       [&](const Token& token) { return token.id == id; });
      if (is_live) continue;
      const auto namesake = std::find_if(live.tokens.begin(), live.tokens.end(),
                                         [&](const Token& token) { return token.name == id; });
      if (namesake != live.tokens.end()) {
        return fail(Trouble::usage, in_quotes(id) + " is a token's name, and nothing was written",
                    "give the id: " + namesake->id);
      }
      absent.push_back(id);
    }
    if (absent.empty()) return {};
    const std::string which =
        join(absent, ", ") + (absent.size() == 1 ? " is" : " are") + " not live at " + live.host;
    if (options_.command == Command::fence) {
      return fail(Trouble::failure, which + ", and nothing was written",
                  "`zonepin list tokens` shows what is; leave out what is gone");
    }
    stage_.warn(which + ": nothing is left to revoke, if the id is the one you mean");
    return {};
  }

  Result<std::string> zone_for(const Live& live) const {
    const std::string zone(trim(options_.zone));
    if (is_reserved_zone(zone))
      return fail(Trouble::usage, zone + " is no fence", "name one zone; `zonepin list zones` shows them");
    DesiredNetwork network;
    network.connection = kZone;
    network.include.push_back({zone, {}});
    Diagnostics diagnostics;
    auto resolved = ZoneBook(live.zones).resolve(network, diagnostics);
    if (resolved.condition) return resolved.condition->include.front();
    const Diagnostic& why = diagnostics.front();
    return fail(Trouble::usage, "--zone: " + why.summary, why.detail);
  }

  Reported<Run> plan(const Order& order, Live live) {
    const Instant now = stage_.world().clock.now();
    Planning planning = make_plan(desired_of(order), live, options_.policy, now, {});
    if (has_errors(planning.diagnostics))
      return tl::unexpected<int>(stage_.refuse(planning.diagnostics, {}, "the command line"));
    planning.plan.exit_code = code_of_undecided(planning.plan);
    Plan plan;
    plan.created_at = now;
    plan.orgs.push_back(std::move(planning.plan));
    Run run;
    run.digest = digest_of(plan);
    show_plan(stage_, plan, now);
    run.orgs.push_back({std::move(plan.orgs.front()), std::move(live), 0, {}, {}});
    return run;
  }

  Result<void> keep(const Run& run, const std::string& manifest) {
    const std::string& path = options_.emit_file;
    if (path.empty() || run.orgs.front().refusal) return {};
    if (auto fit = check_new_file(); !fit) return fit;
    if (auto written = stage_.write(path, manifest); !written) {
      return fail(written.error().trouble, written.error().message + "; nothing was done at Okta",
                  written.error().mend);
    }
    stage_.note(escape(path) + " says so from now on: put it beside your manifests");
    return {};
  }

  Stage& stage_;
  const Options& options_;
};

}  // namespace

int carry_out_order(Stage& stage) {
  return OrderRun(stage).code();
}

}  // namespace zonepin
