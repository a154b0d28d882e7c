// Sees every request that is sent, every one that Okta carries out, and everything that comes back; and says
// where a run breaks what DESIGN promises. It knows nothing of zonepin's own code: what may be written it
// works out from the story's wishes, by the rules of DESIGN 3, and what was read it reads again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/http.h"
#include "base/world.h"
#include "sim/org.h"
#include "story.h"
#include "support/fakes.h"

namespace zonepin::simulation {

// What a process was told to do.
struct Order {
  bool may_write = false;
  bool keeps_plan = false;  // it carries out what the process before it planned
  std::string journal{};    // path; empty: none
};

class Auditor {
 public:
  explicit Auditor(const Story& story) : story_(story) {}
  // What it may look at beside what it is told.
  void attach(const sim::Org& org, MemoryFiles& files, const FakeInterrupt& interrupt) {
    org_ = &org;
    files_ = &files;
    interrupt_ = &interrupt;
  }

  // --- the life of a process
  void begin(const Order& order);
  void ended(int exit_code, std::string_view out);
  void died();

  // --- the wire
  void sent(RequestId id, const HttpRequest& request, Milliseconds now);
  void came_back(const Completion& completion, const HttpRequest& request, Milliseconds now);
  void carried_out(const HttpRequest& request, const HttpResponse& response, Instant now);
  void cancelled() { note("the process gives up on what is in flight"); }
  void others_revoked(const std::string& id) { note("somebody else revokes " + id); }

  // Holds `show JOURNAL --format json` against what happened in the process that died last.
  void check_shown_journal(std::string_view json);
  // In the end: what the wishes ask for is what is there, as far as nobody else had a hand in it.
  void check_wishes(const std::set<std::string>& touched);
  void check_nothing_sent(std::string_view why);
  void violated(std::string what);

  bool journal_grew() { return files_->texts[order_.journal].size() > journal_begins_; }
  const std::vector<std::string>& violations() const { return violations_; }
  std::size_t writes_sent() const { return writes_sent_; }
  std::size_t requests() const { return requests_; }
  void keep_log() { keeps_log_ = true; }
  void note(std::string line);
  const std::vector<std::string>& log() const { return log_; }

 private:
  // A token as an answer showed it.
  struct Seen {
    std::string name;
    std::string owner;  // user id
    std::string client;
    std::string created;
    std::string network;  // canonical text; "absent" where there is none

    bool operator==(const Seen&) const = default;
  };
  // What happened to one token in this process.
  struct Ledger {
    std::size_t sent = 0;
    std::size_t in_flight = 0;
    std::size_t carried = 0;      // by Okta, with success
    std::size_t harmless = 0;     // came back as never sent, or as 429
    std::size_t not_found = 0;    // 404
    std::vector<int> statuses{};  // as they came back; 0: lost
    bool in_doubt = false;        // a write's fate is not known, and nobody looked since
    bool was_revoked = false;     // 204 came back
    std::size_t intents = 0;      // durable in the journal
  };

  static std::optional<Seen> seen_of(std::string_view json_object);
  void read_tokens(const HttpRequest& request, const HttpResponse& response);
  void check_write(const std::string& token, const HttpRequest& request);
  void check_body(const std::string& token, const Wish& wish, const HttpRequest& request);
  void check_order(const HttpRequest& request, Milliseconds now);
  const Wish* permitted(const std::string& id) const;
  void read_journal();
  void check_journal_at_end(int exit_code, const std::map<std::string, std::string>& fates);
  void check_fate(const std::string& id, const std::string& action, const std::string& fate);
  void check_budget(Instant now);
  void check_request_count(std::size_t actions);

  const Story& story_;
  const sim::Org* org_ = nullptr;
  MemoryFiles* files_ = nullptr;
  const FakeInterrupt* interrupt_ = nullptr;
  Order order_;
  std::map<std::string, Seen> planned_;  // what the plan was made from
  std::map<std::string, Seen> last_read_;
  std::map<std::string, Ledger> ledgers_;  // of this process
  std::map<std::string, std::size_t> ever_carried_;
  std::set<std::string> renewed_;
  std::string stopped_;        // why no request may follow; empty: it may
  std::size_t throttled_ = 0;  // answers of this process that were a 429
  bool read_only_ = false;     // a write was answered with E0000010
  std::size_t requests_ = 0;
  std::size_t writes_sent_ = 0;
  std::map<Instant, std::size_t> in_window_;  // requests of this process, by when the org's window opened
  std::size_t journal_read_ = 0;              // bytes of the file that were looked at
  std::size_t journal_begins_ = 0;            // where this process began to write
  std::vector<std::string> journal_lines_;    // of this process
  std::vector<std::string> violations_;
  bool keeps_log_ = false;
  std::vector<std::string> log_;
};

// An id out of `/api/v1/api-tokens/ID`; empty where it names none.
std::string token_of(const HttpRequest& request);

}  // namespace zonepin::simulation
