#include "support/fakes.h"

#include <doctest/doctest.h>

namespace zonepin {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

const Endpoint kHere{"https", "acme.okta.com", 443};

// Answers with the target as its body after as many milliseconds as the target says: "/30".
FakeAnswer echo_after(const Arrival& arrival) {
  const std::string text = arrival.request.target.substr(1);
  return {HttpResponse{200, {}, text}, Milliseconds(std::stoi(text))};
}

void get(Transport& transport, RequestId id, const std::string& target) {
  transport.submit(id, kHere, HttpRequest{HttpMethod::get, target, {}, {}}, Secret("SSWS s3cret"));
}

struct Wired {
  FakeWorld world;
  std::unique_ptr<Transport> transport;

  explicit Wired(const TransportOptions& options = {}) {
    world.network.server = echo_after;
    transport = std::move(*world.network.open(options));
  }
  Milliseconds in(Milliseconds length) { return world.clock.steady() + length; }
};

}  // namespace

TEST_CASE("fake clock: only advance() moves it, and a jump leaves the steady one alone") {
  FakeClock clock;
  CHECK(format_seconds(clock.now()) == "2026-01-02T03:04:05Z");
  const Milliseconds steady = clock.steady();
  clock.advance(1500ms);
  CHECK(clock.steady() - steady == 1500ms);
  clock.set_now(Instant{});
  CHECK(clock.now() == Instant{});
  CHECK(clock.steady() - steady == 1500ms);
}

TEST_CASE("memory files: read, write, limits and faults") {
  MemoryFiles files;
  files.texts = {{"m/a.yaml", "aaaa"}, {"m/secret.yaml", "x"}};
  files.unreadable = {"m/secret.yaml"};
  files.standard_input = "typed";
  CHECK(files.read("m/a.yaml", 4).value() == "aaaa");
  CHECK(files.read("m/a.yaml", 3).error().message == "m/a.yaml: larger than 3 bytes, the most that is read");
  CHECK(files.read("m/secret.yaml", 9).error().message == "m/secret.yaml: permission denied");
  CHECK(files.read("m", 9).error().message == "m: is a folder, not a file");
  CHECK(files.read("gone", 9).error().message == "gone: no such file or folder");
  CHECK(files.read("-", 9).value() == "typed");
  CHECK(files.read("-", 9).value().empty());  // Read once.

  CHECK(files.write_atomically("plan.json", "{}").has_value());
  files.full_disk = true;
  CHECK(files.write_atomically("plan.json", "new").error().trouble == Trouble::failure);
  CHECK(files.texts.at("plan.json") == "{}");
  CHECK(files.writes == std::vector<std::string>{"plan.json"});
}

TEST_CASE("memory files: manifests in a folder, by path, hidden ones left out") {
  MemoryFiles files;
  for (const char* path :
       {"m/z.yml", "m/b/c.yaml", "m/.git/x.yaml", "m/.hidden.yaml", "m/read.me", "mm/other.yaml"}) {
    files.texts[path] = "";
  }
  CHECK(files.find_manifests("m", 9).value() == std::vector<std::string>{"m/b/c.yaml", "m/z.yml"});
  CHECK(files.find_manifests("m/", 9).value() == std::vector<std::string>{"m/b/c.yaml", "m/z.yml"});
  CHECK(files.find_manifests("m/read.me", 9).value() == std::vector<std::string>{"m/read.me"});
  CHECK_FALSE(files.find_manifests("m", 1).has_value());
  CHECK_FALSE(files.find_manifests("nowhere", 9).has_value());
  files.unreadable = {"m/b"};
  CHECK(files.find_manifests("m", 9).error().message == "m/b: permission denied");
}

TEST_CASE("seeded random: the same numbers for one seed, others for another") {
  SeededRandom one(7);
  SeededRandom same(7);
  SeededRandom other(8);
  const std::uint64_t first = one.next();
  CHECK(first == same.next());
  CHECK(first != other.next());
  CHECK(first != one.next());
}

TEST_CASE("fake terminal: answers in order, then the end of input") {
  FakeTerminal terminal;
  terminal.answers = {"yes"};
  CHECK(terminal.ask("sure? ") == "yes");
  CHECK(terminal.ask("really? ") == std::nullopt);
  CHECK(terminal.err_text == "sure? really? ");
}

TEST_CASE("fake network: completions in order of time, then of id; time passes in wait() alone") {
  Wired wired;
  get(*wired.transport, 1, "/50");
  get(*wired.transport, 3, "/20");
  get(*wired.transport, 2, "/20");
  const Milliseconds start = wired.world.clock.steady();
  CHECK(wired.transport->wait(wired.in(10ms)) == std::nullopt);
  CHECK(wired.world.clock.steady() - start == 10ms);
  std::vector<RequestId> order;
  while (const auto done = wired.transport->wait(wired.in(1000ms))) {
    order.push_back(done->id);
    CHECK(done->took == Milliseconds(std::stoi(done->response->body)));
  }
  CHECK(order == std::vector<RequestId>{2, 3, 1});
  CHECK(wired.world.clock.steady() - start == 1050ms);  // The last wait ran to its end.
  CHECK(wired.world.network.arrivals.at(0).authorization == "SSWS s3cret");
}

TEST_CASE("fake network: the bounds of the options hold") {
  TransportOptions options;
  options.total_timeout = 100ms;
  options.max_response_bytes = 2;
  options.max_connections = 2;
  Wired wired(options);
  get(*wired.transport, 1, "/200");
  get(*wired.transport, 2, "/50");
  get(*wired.transport, 3, "/10");
  CHECK(wired.world.network.arrivals.size() == 2);
  CHECK(wired.transport->wait(wired.in(1s))->id == 2);
  CHECK(wired.world.network.arrivals.size() == 3);
  CHECK(wired.transport->wait(wired.in(1s))->id == 3);
  CHECK(wired.transport->wait(wired.in(1s))->error->fault == TransportFault::timeout);
  get(*wired.transport, 4, "/100");
  CHECK(wired.transport->wait(wired.in(1s))->error->fault == TransportFault::too_large);
  CHECK(wired.world.network.most_in_flight == 2);
}

TEST_CASE("fake network: an interrupt ends one wait, what is in flight can still be waited for or given up") {
  Wired wired;
  get(*wired.transport, 1, "/50");
  get(*wired.transport, 2, "/500");
  const Milliseconds start = wired.world.clock.steady();
  wired.world.interrupt.request_at(start + 20ms);
  CHECK(wired.transport->wait(start + 1s) == std::nullopt);
  CHECK(wired.world.clock.steady() == start + 20ms);
  CHECK(wired.world.interrupt.requested());
  CHECK(wired.transport->wait(start + 1s)->id == 1);
  wired.transport->cancel_all();
  const auto given_up = wired.transport->wait(start + 1s);
  CHECK(given_up->id == 2);
  CHECK(given_up->error->fault == TransportFault::cancelled);
  CHECK(wired.world.clock.steady() == start + 50ms);
}

}  // namespace zonepin
