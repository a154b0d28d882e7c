#include "apply/engine.h"

#include <unordered_map>
#include <utility>

#include "base/ensure.h"
#include "base/text.h"
#include "okta/codec.h"
#include "plan/make_plan.h"

namespace zonepin {

namespace {

// What of an answer to a PUT has to be as it was sent.
std::string contradiction(const TokenState& wanted, const TokenState& answered) {
  if (is_as_wanted(wanted, answered)) return {};
  if (answered.id != wanted.id) return "its id is " + escape(answered.id);
  if (answered.name != wanted.name) return "its name is " + in_quotes(answered.name);
  if (answered.user_id != wanted.user_id)
    return "its owner is " + escape(answered.user_id.value_or("unknown"));
  if (answered.client_name != wanted.client_name) return "its clientName differs";
  return "its network condition differs";
}

bool is_gone(const okta::Refusal& refusal) {
  return refusal.status == 404 && refusal.code == "E0000007";
}

}  // namespace

Engine::Engine(const OrgPlan& plan, const Binding& binding, const Live& live, const OrgAddress& org,
               ApplyPolicy policy, okta::Governor& governor, std::uint64_t seed,
               std::optional<Milliseconds> deadline)
    : plan_(plan), org_(org), policy_(policy), lane_(governor, seed, deadline), seed_(seed) {
  ensure(binding.problems.empty(), "a stale plan must not be carried out");
  outcome_.host = plan.host;
  std::unordered_map<std::string_view, const Token*> by_id;
  by_id.reserve(live.tokens.size());
  for (const Token& token : live.tokens) by_id.emplace(token.id, &token);
  for (const Bound& bound : binding.actions) {
    const Change& change = plan_.changes[bound.change];
    ActionOutcome action;
    action.change = bound.change;
    if (bound.standing == Standing::done) action.fate = Fate::already_done;
    if (bound.standing == Standing::gone) action.fate = Fate::gone;
    outcome_.actions.push_back(std::move(action));
    if (bound.standing != Standing::due) continue;
    Task task;
    task.action = outcome_.actions.size() - 1;
    task.change = &change;
    task.live = by_id.at(change.id);
    add_phase(std::move(task));
    ++due_;
  }
  start_phase();
  start_tasks();
}

void Engine::add_phase(Task task) {
  const int number = phase_of(*task.change);
  if (phases_.empty() || phases_.back().number != number) phases_.push_back({number, {}});
  phases_.back().tasks.push_back(std::move(task));
}

// A phase that failed stops revokes: what was to be replaced first may be why the token could be given up.
// And nothing is done to the run's own token unless all the rest was.
void Engine::start_phase() {
  next_ = 0;
  if (phase_ < phases_.size() && phases_[phase_].number >= kRevokePhase && failures_ > 0) leave_out_rest();
}

void Engine::leave_out_rest() {
  for (; phase_ < phases_.size(); ++phase_, next_ = 0) {
    for (const std::vector<Task>& tasks = phases_[phase_].tasks; next_ < tasks.size(); ++next_) {
      const Task& task = tasks[next_];
      outcome_.actions[task.action].message = task.change->status == Status::revoke
                                                  ? "not revoked, because an action before it failed"
                                                  : "not replaced, because an action before it failed";
    }
  }
}

void Engine::start_tasks() {
  while (!stopped_ && phase_ < phases_.size()) {
    Phase& phase = phases_[phase_];
    // Which of several tokens is the run's own may not be known: one after the other, so that a failure ends
    // it.
    const bool is_own = phase.number == kOwnPhase;
    if (active_.size() >= (is_own ? 1 : policy_.parallelism)) return;
    if (is_own && failures_ > 0) {
      leave_out_rest();
      continue;
    }
    if (next_ < phase.tasks.size()) {
      Task task = std::move(phase.tasks[next_++]);
      if (policy_.recheck) {
        check(std::move(task));
      } else {
        write(std::move(task), Milliseconds(0));
      }
      continue;
    }
    if (!active_.empty()) return;
    ++phase_;
    start_phase();
  }
  finished_ = active_.empty() && (stopped_ || phase_ >= phases_.size());
}

void Engine::check(Task task) {
  task.step = Step::checking;
  active_.emplace(lane_.submit({okta::Operation::get_token, task.change->id, {}, {}}, Milliseconds(0)),
                  std::move(task));
}

void Engine::write(Task task, Milliseconds not_before) {
  okta::Call call;
  call.key = task.change->id;
  call.operation = okta::Operation::revoke_token;
  if (task.change->status == Status::replace) {
    call.operation = okta::Operation::replace_token;
    call.body = okta::encode_update(*task.live, *task.change->after->network);
  }
  task.step = Step::writing;
  ++task.writes;
  active_.emplace(lane_.submit(std::move(call), not_before), std::move(task));
}

void Engine::look(Task task, std::string doubt, Milliseconds now) {
  task.step = Step::looking;
  task.doubt = std::move(doubt);
  const Milliseconds pause = okta::backoff(task.writes, seed_ ^ (task.action * 0x9e3779b97f4a7c15ULL));
  active_.emplace(lane_.submit({okta::Operation::get_token, task.change->id, {}, {}}, now + pause),
                  std::move(task));
}

void Engine::advance(Milliseconds now) {
  for (okta::Ended& ended : lane_.take_ended()) take_over(std::move(ended), now);
  start_tasks();
}

OrgOutcome Engine::take() {
  const okta::Tally& tally = lane_.tally();
  outcome_.rate = {tally.writes, tally.requests, Milliseconds(0), tally.held};
  if (tally.first_write) outcome_.rate.writing = tally.last_write - *tally.first_write;
  return std::move(outcome_);
}

void Engine::interrupt() {
  if (finished_) return;  // while another org goes on: nothing of this one is interrupted
  stop({Trouble::interrupted, "interrupted", "run it again: what was done is not done twice"});
}

void Engine::stop(Error why) {
  if (!outcome_.ended_early) outcome_.ended_early = std::move(why);
  stopped_ = true;
  lane_.stop();
}

Error Engine::time_ran_out() const {
  return {Trouble::unfinished, "the time of this run is over (--timeout)",
          "run it again: what was done is not done twice"};
}

void Engine::close(const Task& task, Fate fate, std::string message) {
  ActionOutcome& action = outcome_.actions[task.action];
  action.fate = fate;
  action.message = std::move(message);
  settled_.push_back(task.action);
  if (fate != Fate::failed && fate != Fate::unknown) return;
  if (++failures_ < policy_.max_failures) return;
  stop({Trouble::failure, plural(failures_, "action") + " failed, which is as many as --max-failures allows",
        "see why they failed, and run it again"});
}

void Engine::take_over(okta::Ended ended, Milliseconds now) {
  const auto found = active_.find(ended.id);
  ensure(found != active_.end(), "the end of a call that no action waits for");
  Task task = std::move(found->second);
  active_.erase(found);
  if (ended.response) {
    const auto id = header(ended.response->headers, "X-Okta-Request-Id");
    if (id && task.step == Step::writing) outcome_.actions[task.action].request_id = std::string(*id);
  }
  if (!ended.response && !ended.error) return take_unsent(task, std::move(ended.withheld));
  if (task.step == Step::checking) return take_check(std::move(task), ended);
  if (task.step == Step::looking) return take_look(std::move(task), ended, now);
  take_write(std::move(task), ended, now);
}

// The last call of a task was not sent. What was written before it, and looked at, was not carried out; what
// was not looked at may have been.
void Engine::take_unsent(const Task& task, std::optional<Error> withheld) {
  if (!stopped_) stop(withheld ? std::move(*withheld) : time_ran_out());
  if (task.step == Step::looking)
    return close(task, Fate::unknown, task.doubt + "; nobody looked at the token afterwards");
  if (task.writes > 1)
    return close(task, Fate::failed, task.doubt + "; not carried out, and not tried again");
  close(task, Fate::not_reached);
}

// Between the list and this write somebody else may have been at the token.
void Engine::take_check(Task task, const okta::Ended& ended) {
  const bool revoke = task.change->status == Status::revoke;
  if (!ended.response || ended.response->status != 200) {
    const Error why = ended.response
                          ? okta::explain(ended.call, okta::refusal_of(*ended.response), org_.authority())
                          : okta::explain(ended.call, *ended.error, org_.authority());
    if (ended.response && is_gone(okta::refusal_of(*ended.response))) return close(task, Fate::gone);
    if (ended.response && (ended.response->status == 401 || ended.response->status == 429)) stop(why);
    return close(task, Fate::failed, "not written, because it could not be read just before: " + why.message);
  }
  const auto token = okta::decode_token(ended.response->body);
  if (!token) return close(task, Fate::failed, "not written: " + token.error().message);
  const TokenState state = state_of(*token);
  if (!revoke && is_as_wanted(*task.change->after, state)) return close(task, Fate::already_done);
  if (state != *task.change->before)
    return close(task, Fate::failed, "not written, because somebody changed the token since it was listed");
  if (revoke && last_use_of(*token) != task.change->last_used)
    return close(task, Fate::failed, "not revoked, because the token was used since it was listed");
  if (stopped_) return close(task, Fate::not_reached);
  write(std::move(task), Milliseconds(0));
}

void Engine::take_write(Task task, const okta::Ended& ended, Milliseconds now) {
  if (ended.response) return take_answer(std::move(task), ended, now);
  const Error why = okta::explain(ended.call, *ended.error, org_.authority());
  if (ended.error->fault == TransportFault::cancelled) return close(task, Fate::unknown, why.message);
  if (never_sent(ended.error->fault)) return close(task, Fate::failed, why.message);
  look(std::move(task), why.message, now);
}

void Engine::take_answer(Task task, const okta::Ended& ended, Milliseconds now) {
  const HttpResponse& response = *ended.response;
  if (task.change->status == Status::revoke && response.status == 204) return close(task, Fate::done);
  if (task.change->status == Status::replace && response.status == 200) {
    const auto answered = okta::decode_token(response.body);
    if (!answered) return look(std::move(task), answered.error().message, now);
    const std::string why = contradiction(*task.change->after, state_of(*answered));
    if (why.empty()) return close(task, Fate::done);
    return close(task, Fate::failed, "Okta took the change, but answered with another token state: " + why);
  }
  take_refusal(std::move(task), ended, okta::refusal_of(response), now);
}

void Engine::take_refusal(Task task, const okta::Ended& ended, const okta::Refusal& refusal,
                          Milliseconds now) {
  const Error why = okta::explain(ended.call, refusal, org_.authority());
  if (is_gone(refusal)) {
    // After a write of ours whose answer was lost, a token that is gone is what a revoke wanted.
    const bool ours = task.change->status == Status::revoke && task.writes > 1;
    return close(task, ours ? Fate::done : Fate::gone);
  }
  if (okta::is_read_only(refusal) || refusal.status == 401 || refusal.status == 429) {
    stop(why);
    return close(task, Fate::failed, why.message);
  }
  if (refusal.status >= 500 || refusal.status < 300) return look(std::move(task), why.message, now);
  close(task, Fate::failed, why.message);
}

void Engine::take_look(Task task, const okta::Ended& ended, Milliseconds now) {
  const bool revoke = task.change->status == Status::revoke;
  if (!ended.response || ended.response->status != 200) {
    if (ended.response) {
      const okta::Refusal refusal = okta::refusal_of(*ended.response);
      if (is_gone(refusal)) return close(task, revoke ? Fate::done : Fate::gone);
      if (refusal.status == 401) stop(okta::explain(ended.call, refusal, org_.authority()));
    }
    return close(task, Fate::unknown, task.doubt + "; and looking at the token failed, too");
  }
  const auto token = okta::decode_token(ended.response->body);
  if (!token) return close(task, Fate::unknown, task.doubt + "; " + token.error().message);
  const TokenState state = state_of(*token);
  if (!revoke && is_as_wanted(*task.change->after, state)) return close(task, Fate::done);
  if (state != *task.change->before) {
    return close(task, Fate::failed,
                 task.doubt + "; somebody else changed the token meanwhile, so it was not tried again");
  }
  if (revoke && last_use_of(*token) != task.change->last_used) {
    return close(task, Fate::failed,
                 task.doubt + "; the token was used meanwhile, so it was not tried again");
  }
  if (stopped_) return close(task, Fate::failed, task.doubt);
  if (task.writes >= kMaxWrites) {
    return close(task, Fate::failed,
                 task.doubt + "; not carried out in " + std::to_string(kMaxWrites) + " tries");
  }
  const Milliseconds pause = okta::backoff(task.writes, (seed_ + 1) ^ (task.action * 0x9e3779b97f4a7c15ULL));
  write(std::move(task), now + pause);
}

}  // namespace zonepin
