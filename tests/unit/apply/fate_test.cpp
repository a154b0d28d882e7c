// What becomes of one action, and what is sent for it, whatever Okta or the line answers.
#include <doctest/doctest.h>

#include "engine_kit.h"

namespace zonepin {
namespace {

struct FateRow {
  const char* name;
  const char* token;  // its first letter says what is to be done
  std::function<Answers(const Workshop&)> answers;
  Fate fate;
  const char* sent;
  const char* message;  // part of it; empty: none at all
  bool recheck = false;
};

void check_fate(const FateRow& row) {
  CAPTURE(row.name);
  Workshop shop({row.token});
  shop.policy.recheck = row.recheck;
  shop.script[row.token] = row.answers(shop);
  const OrgOutcome outcome = shop.run();
  REQUIRE(outcome.actions.size() == 1);
  const ActionOutcome& action = outcome.actions[0];
  CHECK(to_string(action.fate) == to_string(row.fate));
  CHECK(shop.sent_for(row.token) == row.sent);
  CHECK_MESSAGE(action.message.find(row.message) != std::string::npos, action.message);
  if (*row.message == '\0') CHECK(action.message.empty());
  CHECK(action.message.find_first_of("\n\x1b") == std::string::npos);
  CHECK_FALSE(outcome.ended_early.has_value());
}

TEST_CASE("what becomes of a PUT") {
  const FateRow rows[] = {
      {"it works", "a1", [](const Workshop&) { return Answers{}; }, Fate::done, "PUT", ""},
      {"the answer has another order of fields and more of them", "a1",
       [](const Workshop& w) {
         auto answer = w.after("a1");
         answer.body.insert(1, "\"brandNew\":[1],");
         return of({answer});
       },
       Fate::done, "PUT", ""},
      {"ANYWHERE is answered by no condition", "l1",
       [](const Workshop& w) { return of({w.shown("l1", std::nullopt)}); }, Fate::done, "PUT", ""},
      {"the answer shows the old condition", "a1", [](const Workshop& w) { return of({w.before("a1")}); },
       Fate::failed, "PUT", "its network condition differs"},
      {"the answer shows another owner", "a1",
       [](const Workshop& w) { return of({w.shown("a1", Workshop::corp(), "00u9")}); }, Fate::failed, "PUT",
       "its owner is 00u9"},
      {"the answer is of another token", "a1", [](const Workshop& w) { return of({w.after("a2")}); },
       Fate::failed, "PUT", "its id is 00Ta2"},
      {"gone", "a1", [](const Workshop& w) { return of({w.gone()}); }, Fate::gone, "PUT", ""},
      {"a 404 of something else", "a1", [](const Workshop& w) { return of({w.refusal(404, "E0000008")}); },
       Fate::failed, "PUT", "HTTP 404 E0000008"},
      {"400", "a1", [](const Workshop& w) { return of({w.refusal(400, "E0000001")}); }, Fate::failed, "PUT",
       "HTTP 400 E0000001 \"no\" (errorId oae1, request Req1)"},
      {"403", "a1", [](const Workshop& w) { return of({w.refusal(403, "E0000006")}); }, Fate::failed, "PUT",
       "HTTP 403"},
      {"a redirect", "a1",
       [](const Workshop&) {
         return of({HttpResponse{302, {}, ""}});
       },
       Fate::failed, "PUT", "a redirect"},
      {"500, and it was done", "a1",
       [](const Workshop& w) {
         return of({w.refusal(500, "E0000009"), w.after("a1")});
       },
       Fate::done, "PUT GET", ""},
      {"500, and it was not", "a1",
       [](const Workshop& w) {
         return of({w.refusal(500, "E0000009"), w.before("a1")});
       },
       Fate::done, "PUT GET PUT", ""},
      {"500, and the token is gone", "a1",
       [](const Workshop& w) {
         return of({w.refusal(500, "E0000009"), w.gone()});
       },
       Fate::gone, "PUT GET", ""},
      {"500, and somebody else was there", "a1",
       [](const Workshop& w) {
         return of({w.refusal(502, "E0000009"), w.shown("a1", NetworkCondition{"ZONE", {}, {"x"}})});
       },
       Fate::failed, "PUT GET", "somebody else changed the token"},
      {"500 three times", "a1",
       [](const Workshop& w) {
         return of({w.refusal(500, "E"), w.before("a1"), w.refusal(500, "E"), w.before("a1"),
                    w.refusal(500, "E"), w.before("a1")});
       },
       Fate::failed, "PUT GET PUT GET PUT GET", "not carried out in 3 tries"},
      {"lost, and done", "a1",
       [](const Workshop& w) {
         return of({w.lost(), w.after("a1")});
       },
       Fate::done, "PUT GET", ""},
      {"lost, and not done", "a1",
       [](const Workshop& w) {
         return of({w.lost(TransportFault::timeout), w.before("a1")});
       },
       Fate::done, "PUT GET PUT", ""},
      {"lost, and done as no condition", "l1",
       [](const Workshop& w) {
         return of({w.lost(), w.shown("l1", std::nullopt)});
       },
       Fate::done, "PUT GET", ""},
      {"lost, and nobody can look", "a1",
       [](const Workshop& w) {
         return of({w.lost(), w.refusal(403, "E0000006")});
       },
       Fate::unknown, "PUT GET", "looking at the token failed, too"},
      {"lost, and the look can't be read", "a1",
       [](const Workshop& w) {
         return of({w.lost(), HttpResponse{200, {}, "<html>"}});
       },
       Fate::unknown, "PUT GET", "it is no JSON"},
      {"lost, and the look has to be tried again", "a1",
       [](const Workshop& w) {
         return of({w.lost(), w.refusal(500, "E"), w.lost(), w.after("a1")});
       },
       Fate::done, "PUT GET GET GET", ""},
      {"answered with a page", "a1",
       [](const Workshop& w) {
         return of({HttpResponse{200, {}, "<html>"}, w.after("a1")});
       },
       Fate::done, "PUT GET", ""},
      {"answered with 204", "a1",
       [](const Workshop& w) {
         return of({HttpResponse{204, {}, ""}, w.after("a1")});
       },
       Fate::done, "PUT GET", ""},
      {"never sent, then sent", "a1",
       [](const Workshop& w) {
         return of({w.lost(TransportFault::refused), w.lost(TransportFault::resolve)});
       },
       Fate::done, "PUT PUT PUT", ""},
      {"never sent at all", "a1",
       [](const Workshop& w) {
         return of({w.lost(TransportFault::refused), w.lost(TransportFault::refused),
                    w.lost(TransportFault::refused), w.lost(TransportFault::refused),
                    w.lost(TransportFault::refused)});
       },
       Fate::failed, "PUT PUT PUT PUT PUT", "the line broke"},
      {"a certificate", "a1", [](const Workshop& w) { return of({w.lost(TransportFault::tls)}); },
       Fate::failed, "PUT", "the line broke"},
      {"too large an answer", "a1",
       [](const Workshop& w) {
         return of({w.lost(TransportFault::too_large), w.after("a1")});
       },
       Fate::done, "PUT GET", ""},
      {"429, then done", "a1",
       [](const Workshop&) {
         return of({HttpResponse{429, {{"Retry-After", "2"}}, ""}});
       },
       Fate::done, "PUT PUT", ""},
      {"concurrency", "a1",
       [](const Workshop&) {
         return of({HttpResponse{429, {{"X-Rate-Limit-Limit", "0"}, {"X-Rate-Limit-Remaining", "0"}}, ""}});
       },
       Fate::done, "PUT PUT", ""},
  };
  for (const FateRow& row : rows) check_fate(row);
}

HttpResponse used_since(const Workshop& shop) {
  HttpResponse shown = shop.before("r1");
  shown.body.replace(shown.body.find("2026-01-20"), 10, "2026-01-21");
  return shown;
}

TEST_CASE("what becomes of a DELETE; it is never sent again without a look") {
  const FateRow rows[] = {
      {"it works", "r1", [](const Workshop&) { return Answers{}; }, Fate::done, "DELETE", ""},
      {"gone already", "r1", [](const Workshop& w) { return of({w.gone()}); }, Fate::gone, "DELETE", ""},
      {"a 404 of something else", "r1", [](const Workshop& w) { return of({w.refusal(404, "E0000008")}); },
       Fate::failed, "DELETE", "HTTP 404"},
      {"403", "r1", [](const Workshop& w) { return of({w.refusal(403, "E0000006")}); }, Fate::failed,
       "DELETE", "HTTP 403"},
      {"500, and it was done", "r1",
       [](const Workshop& w) {
         return of({w.refusal(500, "E"), w.gone()});
       },
       Fate::done, "DELETE GET", ""},
      {"500, and it was not", "r1",
       [](const Workshop& w) {
         return of({w.refusal(500, "E"), w.before("r1")});
       },
       Fate::done, "DELETE GET DELETE", ""},
      {"lost, and done", "r1",
       [](const Workshop& w) {
         return of({w.lost(), w.gone()});
       },
       Fate::done, "DELETE GET", ""},
      {"lost, looked, and done after all", "r1",
       [](const Workshop& w) {
         return of({w.lost(), w.before("r1"), w.gone()});
       },
       Fate::done, "DELETE GET DELETE", ""},
      {"lost, and somebody changed it", "r1",
       [](const Workshop& w) {
         return of({w.lost(), w.shown("r1", Workshop::corp())});
       },
       Fate::failed, "DELETE GET", "somebody else changed"},
      {"lost, and somebody used it", "r1",
       [](const Workshop& w) {
         return of({w.lost(), used_since(w)});
       },
       Fate::failed, "DELETE GET", "the token was used meanwhile"},
      {"lost, and nobody can look", "r1",
       [](const Workshop& w) {
         return of({w.lost(), w.refusal(403, "E")});
       },
       Fate::unknown, "DELETE GET", "looking at the token failed, too"},
      {"lost, and a look ends in a 404 of something else", "r1",
       [](const Workshop& w) {
         return of({w.lost(), w.refusal(404, "E0000008")});
       },
       Fate::unknown, "DELETE GET", "failed, too"},
      {"lost again and again", "r1",
       [](const Workshop& w) {
         return of({w.lost(), w.before("r1"), w.lost(), w.before("r1"), w.lost(), w.before("r1")});
       },
       Fate::failed, "DELETE GET DELETE GET DELETE GET", "not carried out in 3 tries"},
      {"200 with a page", "r1",
       [](const Workshop& w) {
         return of({HttpResponse{200, {}, "<html>"}, w.before("r1")});
       },
       Fate::done, "DELETE GET DELETE", ""},
      {"429, then done", "r1",
       [](const Workshop&) {
         return of({HttpResponse{429, {{"Retry-After", "2"}}, ""}});
       },
       Fate::done, "DELETE DELETE", ""},
      {"never sent, then sent", "r1", [](const Workshop& w) { return of({w.lost(TransportFault::refused)}); },
       Fate::done, "DELETE DELETE", ""},
  };
  for (const FateRow& row : rows) check_fate(row);
}

}  // namespace
TEST_CASE("with a look before the write nothing is written to a token that is no longer as planned") {
  const FateRow rows[] = {
      {"as planned", "a1",
       [](const Workshop& w) {
         return of({w.before("a1"), w.after("a1")});
       },
       Fate::done, "GET PUT", "", true},
      {"somebody did it", "a1", [](const Workshop& w) { return of({w.after("a1")}); }, Fate::already_done,
       "GET", "", true},
      {"another owner", "a1", [](const Workshop& w) { return of({w.shown("a1", anywhere(), "00u9")}); },
       Fate::failed, "GET", "somebody changed the token since it was listed", true},
      {"gone", "a1", [](const Workshop& w) { return of({w.gone()}); }, Fate::gone, "GET", "", true},
      {"a revoke of one that is gone", "r1", [](const Workshop& w) { return of({w.gone()}); }, Fate::gone,
       "GET", "", true},
      {"not to be read", "a1", [](const Workshop& w) { return of({w.refusal(403, "E0000006")}); },
       Fate::failed, "GET", "could not be read just before", true},
      {"a revoke of one that was used", "r1",
       [](const Workshop& w) {
         auto answer = w.before("r1");
         answer.body.replace(answer.body.find("2026-01-20"), 10, "2026-01-21");
         return of({answer});
       },
       Fate::failed, "GET", "was used since it was listed", true},
      {"a lost answer is looked into all the same", "a1",
       [](const Workshop& w) {
         return Answers{FakeAnswer{w.before("a1"), Milliseconds(100)},
                        FakeAnswer{w.lost(), Milliseconds(100)},
                        FakeAnswer{w.after("a1"), Milliseconds(100)}};
       },
       Fate::done, "GET PUT GET", "", true},
  };
  for (const FateRow& row : rows) check_fate(row);
}

}  // namespace zonepin
