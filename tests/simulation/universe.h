// The pretend world of a story: one org on a simulated clock, the wire to it, a disk, and doors for one
// process after another. What goes wrong goes wrong here; the auditor sees everything that is sent, arrives
// and comes back.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/world.h"
#include "sim/org.h"
#include "story.h"
#include "support/fakes.h"

namespace zonepin::simulation {

// Thrown by a door where the story kills the process.
struct Killed {};

class Auditor;

class Universe {
 public:
  // Told of everything; both must outlive this.
  Universe(const Story& story, Auditor& auditor);
  ~Universe();

  // A process begins: what earlier ones sent may still arrive, what they left unsynced is gone.
  void begin_process();
  // One that only reads files, and is not killed.
  void begin_reading();
  // From now on nothing goes wrong any more, and what others did to zones is undone.
  void calm_down();
  // Lets time pass; what is on its way arrives.
  void pass(Milliseconds length);

  World world();
  sim::Org& org() { return org_; }
  FakeClock& clock() { return clock_; }
  MemoryFiles& files();
  FakeTerminal& terminal() { return terminal_; }
  FakeInterrupt& interrupt() { return interrupt_; }
  // Whether anybody else touched this token so far.
  bool others_touched(const std::string& id) const { return touched_.contains(id); }
  const std::map<std::string, sim::Token>& tokens() const { return org_.state().tokens; }

 private:
  class Wire;
  class Disk;
  class Network;
  friend class Wire;

  struct Flight {
    HttpRequest request;
    std::string authorization;
    std::string host;
    Milliseconds begun{0};
    const Mishap* mishap = nullptr;
    std::uint64_t number = 0;
  };
  // What will happen. An arrival outlives the process that sent it, what comes back does not.
  struct Happening {
    enum class What { arrival, answer, timeout } what = What::arrival;
    std::uint64_t process = 0;
    RequestId id = 0;
    std::uint64_t number = 0;              // of the request: ids begin anew with every drive
    Flight flight{};                       // of an arrival
    std::optional<HttpResponse> answer{};  // none: it is lost
  };

  void door();
  void schedule(Milliseconds at, Happening happening);
  // Lets the next thing happen; a completion if it is one of the present process.
  std::optional<Completion> happen();
  void arrive(Happening arrival);
  HttpResponse carry_out(const Flight& flight);
  void others_act(const Mishap& mishap, const std::string& written);
  Milliseconds travel(std::uint64_t number, std::uint64_t way) const;
  const Mishap* mishap_of(std::uint64_t number) const;

  const Story& story_;
  Auditor& auditor_;
  sim::Org org_;
  FakeClock clock_;
  std::unique_ptr<Disk> files_;
  FakeEnvironment environment_;
  SeededRandom random_;
  FakeTerminal terminal_;
  FakeInterrupt interrupt_{clock_};
  CapturedLog log_;
  std::unique_ptr<Network> network_;
  std::map<std::pair<Milliseconds, std::uint64_t>, Happening> coming_;
  std::map<RequestId, Flight> flying_;  // of the present process
  std::unordered_map<std::uint64_t, const Mishap*> of_request_;
  std::unordered_map<std::uint64_t, const Mishap*> of_others_;
  std::unordered_map<std::uint64_t, const Mishap*> of_door_;
  std::map<std::string, bool> touched_;
  std::uint64_t process_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t arrivals_ = 0;
  std::uint64_t doors_ = 0;
  std::uint64_t happenings_ = 0;
  std::optional<Milliseconds> end_by_;
  Milliseconds patience_{60'000};
  Milliseconds started_{0};
  bool is_calm_ = false;
  bool told_of_interrupt_ = false;
};

}  // namespace zonepin::simulation
