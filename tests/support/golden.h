// Texts held against files under tests/golden. With ZONEPIN_UPDATE_GOLDEN=1 the files are written anew, and
// the test fails on purpose: an update is read and committed, it is no pass.
#pragma once

#include <string>

namespace zonepin {

// `path` below tests/golden, for instance "report/everyday/expected.plan-80.txt". Fails the running test if
// the bytes differ.
void check_golden(const std::string& path, const std::string& text);

}  // namespace zonepin
