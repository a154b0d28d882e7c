// The operations of Okta that zonepin knows (FACTS 1, 3, 9), as values, and the HTTP that they are.
#pragma once

#include <string>
#include <string_view>

#include "base/http.h"

namespace zonepin::okta {

enum class Operation {
  list_tokens,
  get_token,
  replace_token,   // PUT: the network condition
  revoke_token,    // DELETE
  revoke_current,  // DELETE of the token that the call is made with; SSWS only
  list_zones,
  get_user,  // by login or id
  get_current_user,
  get_access_token,  // POST; its body is made when it is sent (okta/service_app.h)
  get_org,           // what everybody may know of an org, without a credential
};

// Whether it changes what the org has.
bool is_write(Operation operation);

struct Call {
  Operation operation = Operation::list_tokens;
  std::string key;   // a token id, a login or a user id; empty where the operation takes none
  std::string body;  // of replace_token (okta/codec.h)
  std::string page;  // path and query of a further page (okta/paging.h); empty: the first

  bool operator==(const Call&) const = default;
};

// `key` must be fit for a path: a token id by is_token_id(); users are percent-encoded here.
HttpRequest request_for(const Call& call);

// "list the API tokens", "replace the condition of token 00T…": for messages.
std::string describe(const Call& call);

}  // namespace zonepin::okta
