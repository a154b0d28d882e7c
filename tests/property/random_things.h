// What manifests are made of at random: texts, words, lists and mappings that are a valid document together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/fakes.h"

namespace zonepin {

// What is to be written: a text, a word that is none (a number, a boolean), a list or a mapping.
struct Thing {
  enum class Kind { text, word, list, mapping };
  struct Member;
  Kind kind = Kind::text;
  std::string text;
  std::vector<Member> members;
};

struct Thing::Member {
  std::string key;  // none in a list
  Thing value;
};

inline Thing text(std::string value) {
  return {Thing::Kind::text, std::move(value), {}};
}
inline Thing word(std::string value) {
  return {Thing::Kind::word, std::move(value), {}};
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_.next() % count); }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <typename T, std::size_t N>
  const T& one_of(const T (&choices)[N]) {
    return choices[below(N)];
  }

 private:
  SeededRandom random_;
};

class ThingMaker {
 public:
  explicit ThingMaker(Dice& dice) : dice_(dice) {}

  Thing document() {
    if (dice_.chance(15)) return orgs_document();
    Thing document = mapping();
    add(document, "apiVersion", text("zonepin/v1"));
    add(document, "kind", text("ApiTokens"));
    maybe(document, "org", [&] { return text("acme"); });
    maybe(document, "unmanaged", [&] { return text("fail"); });
    maybe(document, "missing", [&] { return text("ignore"); });
    maybe(document, "self", [&] { return self(); });
    maybe(document, "expect", [&] { return pair("min_tokens", number()); });
    maybe(document, "limits", [&] { return limits(); });
    maybe(document, "zones", [&] { return pins(); });
    maybe(document, "tokens", [&] { return list(5, [&] { return token(); }); });
    maybe(document, "rules", [&] { return list(3, [&] { return rule(); }); });
    maybe(document, "default", [&] { return pair("network", network()); });
    maybe(document, "acks", [&] { return list(3, [&] { return ack(); }); });
    maybe(document, "waivers", [&] { return list(3, [&] { return waiver(); }); });
    return shuffled(std::move(document));
  }

 private:
  static Thing mapping() { return {Thing::Kind::mapping, {}, {}}; }
  static void add(Thing& thing, std::string key, Thing value) {
    thing.members.push_back({std::move(key), std::move(value)});
  }
  static Thing pair(std::string key, Thing value) {
    Thing thing = mapping();
    add(thing, std::move(key), std::move(value));
    return thing;
  }
  template <typename Make>
  void maybe(Thing& thing, std::string key, Make make) {
    if (dice_.chance(45)) add(thing, std::move(key), make());
  }
  template <typename Make>
  Thing list(std::size_t most, Make make) {
    Thing thing = {Thing::Kind::list, {}, {}};
    for (std::size_t count = dice_.below(most + 1); count-- > 0;) add(thing, {}, make());
    return thing;
  }
  Thing shuffled(Thing thing) {
    for (std::size_t i = thing.members.size(); i > 1; --i) {
      std::swap(thing.members[i - 1], thing.members[dice_.below(i)]);
    }
    return thing;
  }

  Thing number() { return word(dice_.one_of({"0", "3", "017", "0x1F", "+5", "0o17"})); }
  Thing name() {
    return text(dice_.one_of(
        {"ci-deployer", "123",  "true",       "1e3",         "~",     "yes",        "a b",        "a: b",
         "a #b",        "it's", "say \"hi\"", "back\\slash", "tab\t", "two\nlines", "-a",         "- a",
         "a, b",        "[a]",  "{a}",        "*a",          "&a",    "!a",         "# a",        "\u202e",
         "café 😀",      "a  b", " a ",        "a:",          "=",     "<<",         "2026-12-31", "1:30",
         "x y z",       "?",    "%",          "@a",          "..."}));
  }
  Thing reason() {
    return text(
        dice_.one_of({"SEC-1", "SEC-1, as the team asked", "two\nlines", "lines\n\n  and more\n",
                      "# no comment", "one\n# no comment\n", " indented\nthen not\n", "breaks\n\n\n",
                      "a reason that is so long that no line has room for all of it, wherever it is put, "
                      "and that says nothing that the ticket does not say: SEC-1",
                      "key: value", "2026-12-31", "\nfirst a break", "tab\tin it"}));
  }
  Thing date() {
    return text(dice_.one_of({"2026-12-31", "2026-12-20T06:00:00Z", "2026-12-31T10:00:00.5+02:00"}));
  }
  Thing zones() {
    Thing thing = {Thing::Kind::list, {}, {}};
    const std::size_t count = 1 + dice_.below(4);
    for (std::size_t i = 0; i < count; ++i) {
      add(thing, {}, text(name().text + std::string(dice_.below(20), 'z') + std::to_string(i)));
    }
    return thing;
  }
  Thing network() {
    if (dice_.chance(30)) return pair("connection", text("ANYWHERE"));
    Thing thing = pair("connection", text("ZONE"));
    add(thing, dice_.chance(70) ? "include" : "exclude", zones());
    return shuffled(std::move(thing));
  }
  Thing addresses() {
    Thing thing = {Thing::Kind::list, {}, {}};
    add(thing, {}, text("203.0.113.0/24"));
    if (dice_.chance(50)) add(thing, {}, text("2001:db8::/32"));
    return thing;
  }
  Thing match() {
    Thing thing = mapping();
    add(thing, "name", text(dice_.one_of({"etl-*", "[a-z]?", "partner", "123"})));
    maybe(thing, "owner", [&] { return text("*@acme.example"); });
    maybe(thing, "client", [&] { return text("Okta AD Agent*"); });
    maybe(thing, "idle", [&] { return text("P14D"); });
    maybe(thing, "not", [&] { return pair("name", text("etl-legacy-*")); });
    return shuffled(std::move(thing));
  }
  void add_wish(Thing& thing) {
    const std::size_t which = dice_.below(3);
    if (which == 0) return add(thing, "network", network());
    if (which == 1) return add(thing, "ignore", word(dice_.one_of({"true", "True", "TRUE"})));
    add(thing, "state", text("revoked"));
    add(thing, "reason", reason());
    maybe(thing, "not_before", [&] { return date(); });
  }
  Thing token() {
    Thing thing = pair("name", name());
    maybe(thing, "id", [&] { return text("00Tabcdefg1234567890"); });
    maybe(thing, "owner", [&] { return text("ci@acme.example"); });
    add_wish(thing);
    return shuffled(std::move(thing));
  }
  Thing rule() {
    Thing thing = pair("match", match());
    add_wish(thing);
    maybe(thing, "min", [&] { return word("0"); });
    maybe(thing, "max", [&] { return number(); });
    return shuffled(std::move(thing));
  }
  Thing limits() {
    Thing thing = pair("revoke", number());
    maybe(thing, "update_pct", [&] { return number(); });
    return shuffled(std::move(thing));
  }
  Thing self() {
    Thing thing = pair("name", name());
    maybe(thing, "egress", [&] { return addresses(); });
    return shuffled(std::move(thing));
  }
  Thing pins() {
    Thing thing = mapping();
    for (const char* key : {"corp", "on", "1:30", "a b", "a: b"}) {
      if (!dice_.chance(40)) continue;
      Thing pin = pair("within", addresses());
      maybe(pin, "quarantine", [&] { return word("true"); });
      add(thing, key, shuffled(std::move(pin)));
    }
    return thing;
  }
  Thing ack() {
    Thing thing = pair("guard", text("agent-token"));
    add(thing, "token", text("00Tabcdefg1234567890"));
    add(thing, "reason", reason());
    maybe(thing, "until", [&] { return date(); });
    return shuffled(std::move(thing));
  }
  Thing waiver() {
    Thing thing = pair("rule", text("token-anywhere"));
    add(thing, "match", match());
    add(thing, "until", date());
    add(thing, "reason", reason());
    return shuffled(std::move(thing));
  }
  Thing orgs_document() {
    Thing document = pair("apiVersion", text("zonepin/v1"));
    add(document, "kind", text("Orgs"));
    Thing orgs = mapping();
    const std::string label = "acme" + std::to_string(++orgs_);
    Thing org = pair("host", text(label + ".okta.com"));
    maybe(org, "limits", [&] { return limits(); });
    add(orgs, label, shuffled(std::move(org)));
    add(document, "orgs", std::move(orgs));
    return shuffled(std::move(document));
  }

  Dice& dice_;
  int orgs_ = 0;
};

}  // namespace zonepin
