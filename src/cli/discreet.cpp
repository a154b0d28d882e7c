#include "cli/discreet.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace zonepin {

namespace {

// Headers that are shown. Not DPoP-Nonce: that goes back to the server as it came.
constexpr std::array<std::string_view, 4> kShownHeaders = {"x-okta-request-id", "www-authenticate",
                                                           "location", "content-type"};

class DiscreetTransport : public Transport {
 public:
  DiscreetTransport(std::unique_ptr<Transport> transport, Stage& stage)
      : transport_(std::move(transport)), stage_(stage) {}

  void submit(RequestId id, const Endpoint& endpoint, HttpRequest request, Secret authorization) override {
    transport_->submit(id, endpoint, std::move(request), std::move(authorization));
  }
  std::optional<Completion> wait(Milliseconds until) override {
    auto completion = transport_->wait(until);
    if (!completion || !completion->response) return completion;
    HttpResponse& response = *completion->response;
    if (response.status >= 200 && response.status < 300) return completion;
    response.body = stage_.discreet(response.body);
    for (HttpHeader& header : response.headers) {
      for (const std::string_view shown : kShownHeaders) {
        if (lowercase(header.name) == shown) header.value = stage_.discreet(header.value);
      }
    }
    return completion;
  }
  void end_by(std::optional<Milliseconds> until) override { transport_->end_by(until); }
  void cancel_all() override { transport_->cancel_all(); }

 private:
  std::unique_ptr<Transport> transport_;
  Stage& stage_;
};

}  // namespace

void DiscreetLog::write(LogLevel level, std::string_view event, const std::vector<LogField>& fields) {
  stage_.status({});
  std::vector<LogField> discreet = fields;
  for (LogField& field : discreet) field.value = stage_.discreet(field.value);
  stage_.world().log.write(level, event, discreet);
}

std::unique_ptr<Transport> discreet_transport(std::unique_ptr<Transport> transport, Stage& stage) {
  return std::make_unique<DiscreetTransport>(std::move(transport), stage);
}

}  // namespace zonepin
