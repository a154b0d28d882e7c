// test-simulation: plays stories, many of them on all cores, or one with all that happens in it.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "play.h"

namespace zonepin::simulation {
namespace {

struct Wanted {
  std::uint64_t base = 1;
  std::uint64_t count = 0;    // stories
  std::uint64_t applies = 0;  // until so many were begun; 0: as many as the stories have
  unsigned jobs = 1;
  bool one = false;  // the story of `base`, whole
  bool log = false;
  std::vector<std::size_t> only;  // of its mishaps
  bool leaves_out = false;
};

// What the processes that share the work say to each other.
struct Tally {
  std::uint64_t stories = 0;
  std::uint64_t applies = 0;
  std::uint64_t deaths = 0;
  std::uint64_t requests = 0;
  std::uint64_t violations = 0;
  std::uint64_t first_bad = 0;
  std::uint64_t now_playing = 0;
};

Story with_only(Story story, const std::vector<std::size_t>& which) {
  std::vector<Mishap> kept;
  for (const std::size_t at : which) {
    if (at < story.mishaps.size()) kept.push_back(story.mishaps[at]);
  }
  story.mishaps = std::move(kept);
  return story;
}

// Leaves out whatever the story fails without.
std::vector<std::size_t> shrunk(const Story& story) {
  std::vector<std::size_t> kept;
  for (std::size_t at = 0; at < story.mishaps.size(); ++at) kept.push_back(at);
  for (std::size_t at = kept.size(); at-- > 0;) {
    std::vector<std::size_t> fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
    if (!play(with_only(story, fewer), Telling::brief).violations.empty()) kept = std::move(fewer);
  }
  return kept;
}

void report(const Story& story) {
  const std::vector<std::size_t> kept = shrunk(story);
  const Played played = play(with_only(story, kept), Telling::brief);
  std::string text = "seed " + std::to_string(story.seed) + " fails:\n";
  std::string list;
  for (const std::string& violation : played.violations) text += "  " + violation + "\n";
  for (const std::size_t at : kept) {
    text += "  needs mishap " + std::to_string(at) + ": " + to_string(story.mishaps[at]) + "\n";
    list += (list.empty() ? "" : ",") + std::to_string(at);
  }
  text += "  replay: test-simulation --seed " + std::to_string(story.seed) + " --only " +
          (list.empty() ? "none" : list) + " --log\n";
  std::fputs(text.c_str(), stderr);
}

int tell_one(const Wanted& wanted) {
  Story story = story_of(wanted.base);
  if (wanted.leaves_out) story = with_only(story, wanted.only);
  const Played played = play(story, wanted.log ? Telling::whole : Telling::brief);
  for (std::size_t at = 0; at < story.mishaps.size(); ++at)
    std::printf("mishap: %s\n", to_string(story.mishaps[at]).c_str());
  for (const std::string& line : played.log) std::printf("%s\n", line.c_str());
  for (const std::string& violation : played.violations) std::printf("VIOLATION: %s\n", violation.c_str());
  std::printf("seed %llu: %zu applies, %zu deaths, %zu requests, %zu violations\n",
              static_cast<unsigned long long>(wanted.base), played.applies, played.deaths, played.requests,
              played.violations.size());
  return played.violations.empty() ? 0 : 1;
}

// Every `jobs`th story from the `job`th on.
void work(const Wanted& wanted, unsigned job, Tally& tally) {
  constexpr std::uint64_t kMostReported = 3;
  for (std::uint64_t at = job;
       wanted.applies > 0 ? tally.applies * wanted.jobs < wanted.applies : at < wanted.count;
       at += wanted.jobs) {
    tally.now_playing = wanted.base + at;
    const Story story = story_of(wanted.base + at);
    const Played played = play(story, Telling::brief);
    ++tally.stories;
    tally.applies += played.applies;
    tally.deaths += played.deaths;
    tally.requests += played.requests;
    // The same story is the same, to the byte, whenever it is told.
    bool differs = false;
    if (at % 64 == 0) {
      const Played again = play(story, Telling::brief);
      differs = again.violations != played.violations || again.requests != played.requests ||
                again.applies != played.applies;
      if (differs)
        std::fprintf(stderr, "seed %llu: told twice, it goes another way\n",
                     static_cast<unsigned long long>(story.seed));
    }
    if (played.violations.empty() && !differs) continue;
    if (tally.violations++ == 0) tally.first_bad = story.seed;
    if (tally.violations <= kMostReported) report(story);
  }
}

int tell_many(const Wanted& wanted) {
  auto* tallies = static_cast<Tally*>(
      mmap(nullptr, sizeof(Tally) * wanted.jobs, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  const auto begun = std::chrono::steady_clock::now();
  std::fflush(nullptr);
  for (unsigned job = 0; job < wanted.jobs; ++job) {
    if (fork() != 0) continue;
    work(wanted, job, tallies[job]);
    std::fflush(nullptr);
    _exit(0);
  }
  bool crashed = false;
  for (unsigned job = 0; job < wanted.jobs; ++job) {
    int status = 0;
    wait(&status);
    crashed = crashed || status != 0;
  }
  Tally all;
  for (unsigned job = 0; job < wanted.jobs; ++job) {
    all.stories += tallies[job].stories;
    all.applies += tallies[job].applies;
    all.deaths += tallies[job].deaths;
    all.requests += tallies[job].requests;
    all.violations += tallies[job].violations;
    if (crashed)
      std::printf("a process crashed; one played seed %llu\n",
                  static_cast<unsigned long long>(tallies[job].now_playing));
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  std::printf(
      "seeds from %llu: %llu stories, %llu applies, %llu deaths, %llu requests, %.1f s, %llu violations\n",
      static_cast<unsigned long long>(wanted.base), static_cast<unsigned long long>(all.stories),
      static_cast<unsigned long long>(all.applies), static_cast<unsigned long long>(all.deaths),
      static_cast<unsigned long long>(all.requests), seconds,
      static_cast<unsigned long long>(all.violations));
  return all.violations > 0 || crashed ? 1 : 0;
}

int usage() {
  std::fputs(
      "test-simulation --count N [--base B|fresh] [--jobs N]   so many stories, from seed B (1) on\n"
      "test-simulation --applies N [--base B|fresh] [--jobs N] until so many applies were begun\n"
      "test-simulation --seed N [--only I,J,…|none] [--log]    one story, of its mishaps only these\n",
      stderr);
  return 3;
}

std::vector<std::size_t> numbers_of(const std::string& text) {
  std::vector<std::size_t> numbers;
  for (std::size_t at = 0; at < text.size() && text != "none";) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    numbers.push_back(std::stoull(text.substr(at, comma - at)));
    at = comma + 1;
  }
  return numbers;
}

int main_of(const std::vector<std::string>& arguments) {
  Wanted wanted;
  wanted.jobs = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const std::string& word = arguments[at];
    if (word == "--log") {
      wanted.log = true;
      continue;
    }
    if (at + 1 == arguments.size()) return usage();
    const std::string& value = arguments[++at];
    if (word == "--count") {
      wanted.count = std::stoull(value);
    } else if (word == "--applies") {
      wanted.applies = std::stoull(value);
    } else if (word == "--base") {
      wanted.base = value == "fresh" ? (std::uint64_t{std::random_device{}()} << 20) : std::stoull(value);
    } else if (word == "--jobs") {
      wanted.jobs = std::max(1U, static_cast<unsigned>(std::stoul(value)));
    } else if (word == "--seed") {
      wanted.base = std::stoull(value);
      wanted.one = true;
    } else if (word == "--only") {
      wanted.only = numbers_of(value);
      wanted.leaves_out = true;
    } else {
      return usage();
    }
  }
  if (wanted.one) return tell_one(wanted);
  return wanted.count + wanted.applies > 0 ? tell_many(wanted) : usage();
}

}  // namespace
}  // namespace zonepin::simulation

int main(int count, char** values) {
  return zonepin::simulation::main_of(std::vector<std::string>(values + 1, values + count));
}
