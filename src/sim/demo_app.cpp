#include "sim/demo_app.h"

#include "sim/files.h"
#include "sim/public_key.h"

namespace zonepin::sim {

Result<void> add_demo_app(State& state, const DemoAppOptions& options) {
  const KeyPair keys = make_key_pair(options.algorithm);
  const Result<void> written = write_file_atomically(options.key_path, keys.private_pem);
  if (!written) return fail(written.error());
  App app;
  app.client_id = kDemoClientId;
  app.name = "zonepin";
  app.scopes = {"okta.apiTokens.manage", "okta.apiTokens.read", "okta.networkZones.read", "okta.users.read"};
  app.dpop = options.dpop;
  app.keys = {AppKey{std::string(kDemoKeyId), keys.public_pem}};
  state.apps[app.client_id] = std::move(app);
  return {};
}

std::string demo_app_environment(const DemoAppOptions& options) {
  return "OKTA_API_CLIENT_ID=" + std::string(kDemoClientId) + "\nOKTA_API_PRIVATE_KEY=" + options.key_path +
         "\nOKTA_API_PRIVATE_KEY_ID=" + std::string(kDemoKeyId) + "\n";
}

}  // namespace zonepin::sim
