// Owners of tokens, for those who may see users and for those who may not.
#include <doctest/doctest.h>

#include "okta/drive.h"
#include "okta/reader.h"
#include "support/fakes.h"

namespace zonepin::okta {
namespace {

// An org that knows users alone.
struct Org {
  FakeWorld fakes;
  std::map<std::string, FakeAnswer> answers;

  Result<Reading> read(const ReadWants& wants) {
    const OrgAddress address{{"https", "acme.okta.com", 443}};
    fakes.network.server = [this](const Arrival& arrival) { return answers.at(arrival.request.target); };
    auto transport = fakes.network.open({});
    Governor governor{PacePolicy{}};
    FixedAuthorizer authorizer("SSWS", Secret("S3CRET"));
    Reader reader(address, wants, governor, 1, std::nullopt);
    Doors doors{fakes.clock, fakes.interrupt, fakes.log, **transport, {}};
    drive({{&reader, address, &authorizer, &governor, 1, std::nullopt}}, doors);
    return reader.take();
  }
  std::vector<std::string> targets() const {
    std::vector<std::string> seen;
    for (const Arrival& arrival : fakes.network.arrivals) seen.push_back(arrival.request.target);
    return seen;
  }
};

HttpResponse ok(std::string body) {
  return {200, {}, std::move(body)};
}

TEST_CASE("owners tell their login and status; who may see none is asked for one alone") {
  const auto user = [](const std::string& id, const std::string& status) {
    return FakeAnswer{
        ok(R"({"id":")" + id + R"(","status":")" + status + R"(","profile":{"login":"l)" + id + R"("}})"),
        Milliseconds(5)};
  };
  ReadWants wants;
  wants.tokens = wants.zones = false;
  wants.owners = {"00u1", "00u2", "00u3"};
  Org org;
  org.answers["/api/v1/users/00u1"] = user("00u1", "ACTIVE");
  org.answers["/api/v1/users/00u2"] = {
      HttpResponse{404, {}, R"({"errorCode":"E0000007","errorSummary":"Not found"})"}, Milliseconds(5)};
  org.answers["/api/v1/users/00u3"] = user("00u3", "SUSPENDED");
  const auto reading = org.read(wants);
  REQUIRE(reading.has_value());
  CHECK(reading->owners.size() == 2);
  CHECK(reading->owners.at("00u1").login == "l00u1");
  CHECK(reading->owners.at("00u3").status == "SUSPENDED");
  CHECK_FALSE(reading->owners_refused);
  CHECK(org.targets().size() == 3);

  Org closed;
  closed.answers["/api/v1/users/00u1"] = {
      HttpResponse{403, {}, R"({"errorCode":"E0000006","errorSummary":"You do not have permission"})"},
      Milliseconds(5)};
  const auto refused = closed.read(wants);
  REQUIRE(refused.has_value());
  CHECK(refused->owners_refused);
  CHECK(refused->owners.empty());
  CHECK(closed.targets() == std::vector<std::string>{"/api/v1/users/00u1"});

  Org broken;
  broken.answers["/api/v1/users/00u1"] = {HttpResponse{401, {}, "{}"}, Milliseconds(5)};
  CHECK_FALSE(broken.read(wants).has_value());
}

}  // namespace
}  // namespace zonepin::okta
