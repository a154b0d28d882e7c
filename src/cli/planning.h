// From paths and options to a plan per org: what plan, apply and drift have in common.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "cli/session.h"
#include "cli/stage.h"
#include "cli/targets.h"
#include "plan/plan.h"

namespace zonepin {

// A value, or the exit code of a trouble that was already said.
template <class T>
using Reported = tl::expected<T, int>;

struct PlannedOrg {
  Target target;
  Live live;
  OrgPlan plan;
};

// An org that could not be read. Its error was said.
struct UnreadOrg {
  std::string host;
  Error error;
};

struct Prepared {
  Loaded loaded;
  std::optional<Session> session;  // none: planned against a snapshot
  std::vector<PlannedOrg> orgs;    // those that could be read, by org
  std::vector<std::size_t> links;  // beside orgs: which link of the session
  std::vector<UnreadOrg> unread;
};

Reported<Prepared> prepare(Stage& stage);

std::vector<int> codes_of(const std::vector<UnreadOrg>& orgs);

// The plans of all orgs in one, with times. `ttl` none: it has no end.
Plan plan_of(const Prepared& prepared, Instant now, const std::optional<Duration>& ttl);

// A bare `--ack GUARD` is for people only.
Result<void> check_bare_acks(Stage& stage);

}  // namespace zonepin
