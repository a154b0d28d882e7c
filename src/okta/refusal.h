// What Okta says when it says no, in whatever shape (FACTS 4), and the one line that we make of it.
#pragma once

#include <string>
#include <vector>

#include "base/http.h"
#include "base/result.h"
#include "base/world.h"
#include "okta/api.h"

namespace zonepin::okta {

// Everything is as Okta sent it, not escaped; empty where it said nothing.
struct Refusal {
  int status = 0;
  std::string code;     // errorCode, or OAuth's `error`
  std::string summary;  // errorSummary, OAuth's error_description, or what WWW-Authenticate says
  std::vector<std::string> causes;
  std::string error_id;
  std::string request_id;  // X-Okta-Request-Id
  bool foreign = false;    // the body is not Okta's: HTML of a proxy, or nothing that we know
};

Refusal refusal_of(const HttpResponse& response);

// Okta's own words for a message: `E0000006 "You do not have…" (errorId oae…, request Xyz)`; escaped and cut.
std::string words_of(const Refusal& refusal);

// One line that says what was tried, what came back and what to do; the Trouble follows from status and code.
Error explain(const Call& call, const Refusal& refusal, const std::string& authority);
Error explain(const Call& call, const TransportError& error, const std::string& authority);

// Okta is read-only for the moment: writes fail, reads go on (E0000010).
bool is_read_only(const Refusal& refusal);

}  // namespace zonepin::okta
