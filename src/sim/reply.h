// Answers: Okta's error bodies, and values as Okta writes them (FACTS 1.4, 3.2, 4, 9).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/http.h"
#include "sim/state.h"

namespace zonepin::sim {

HttpResponse answer_json(std::string body);
HttpResponse answer_nothing();  // 204

// `code` is one of those in reply.cpp's table, which gives status and words.
HttpResponse answer_error(State& state, std::string_view code);
bool is_error_code(std::string_view code);  // whether it stands in that table
HttpResponse answer_not_found(State& state, std::string_view id, std::string_view kind);  // E0000007

// The token endpoint's own shape: `{"error":"…","error_description":"…"}`.
HttpResponse answer_oauth_error(int status, std::string_view error, std::string_view description);

// E0000001: the field that the summary names, and what is wrong, one line each.
HttpResponse answer_invalid(State& state, std::string_view field, const std::vector<std::string>& causes);

// One resource as text, with links that start with `base_url`.
std::string token_text(const Token& token, const Settings& settings, const std::string& base_url);
std::string zone_text(const Zone& zone, const std::string& base_url);
// omit: members of the okta-response content-type parameter (`omitCredentials`, `omitCredentialsLinks`).
std::string user_text(const User& user, const std::string& base_url, const std::vector<std::string>& omit);

// What everybody may know of an org.
std::string org_text(const State& state, const std::string& base_url);

// `Link` lines of a list: `self` always, `next` when next_query is not empty (`after=…&limit=…`).
void add_links(HttpResponse& response, const std::string& base_url, const std::string& target,
               const std::string& path, const std::string& next_query);

}  // namespace zonepin::sim
