// Okta's bodies <-> our values. Read as leniently as FACTS 1.1 asks: unknown members ignored, null is absent,
// `_link` or
// `_links`. A body that is not what it should be is Trouble::failure, one line; the body itself is never
// quoted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/token.h"

namespace zonepin::okta {

// One page of GET /api/v1/api-tokens. An element without an id fit for a path, or that is no object, is an
// error.
Result<std::vector<Token>> decode_tokens(std::string_view body);
Result<Token> decode_token(std::string_view body);

// One page of GET /api/v1/zones. Zones without an id are an error; gateways may be null.
Result<std::vector<Zone>> decode_zones(std::string_view body);

struct User {
  std::string id;
  std::string login;
  std::string status;
};
Result<User> decode_user(std::string_view body);

// The id (00o…) in what GET /.well-known/okta-organization answers.
Result<std::string> decode_org_id(std::string_view body);

// The body of a PUT: name, userId, clientName and created exactly as they are live (those that are), and
// `network`. `network` must be writable.
std::string encode_update(const Token& live, const NetworkCondition& network);

// Of a list, page after page: a token that stands on two pages (it moved while we read) is kept once when
// both are equal but for expiresAt and lastUpdated, else an error that names it. Sorted by id.
Result<std::vector<Token>> unite_tokens(std::vector<Token> listed);
Result<std::vector<Zone>> unite_zones(std::vector<Zone> listed);

// The ten fields of the resource, `_link` so named, absent ones null: an array, or one object. Indented JSON
// and a newline.
Result<std::string> project_tokens(const std::vector<std::string>& pages);
Result<std::string> project_token(std::string_view body);

// All elements of the pages as one indented JSON array, as Okta answered them.
Result<std::string> concatenate(const std::vector<std::string>& pages);

}  // namespace zonepin::okta
