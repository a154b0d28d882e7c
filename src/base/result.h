// A value, or why the world said no. User mistakes in files are Diagnostics (diagnostic.h), our own are
// ensure().
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace zonepin {

// What kind of trouble an Error is; the exit code of a run follows from it (cli/exit_code.h).
enum class Trouble {
  failure,       // network, Okta, internal
  usage,         // the command line, a plan file, a snapshot: mend it and call again
  blocked,       // a guard says no
  stale,         // the plan is of another day or another org, or a credential belongs elsewhere
  unauthorised,  // 401, 403, a missing scope
  unfinished,    // safe to run again: a time or rate budget ran out, Okta is read-only
  interrupted,   // a signal
};

struct Error {
  Trouble trouble = Trouble::failure;
  std::string message;  // One line, already escaped for a terminal: what was tried, what came back.
  std::string mend;     // What to do next, one line; may be empty.

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Trouble trouble, std::string message, std::string mend = {}) {
  return tl::unexpected<Error>(Error{trouble, std::move(message), std::move(mend)});
}

// Hands an error of one Result on as that of another.
inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace zonepin
