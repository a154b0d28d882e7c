// Desired state in words, for golden files: every field that was understood, and where.
#pragma once

#include <string>

#include "manifest/decode.h"

namespace zonepin {

std::string in_words(const Document& document);
std::string in_words(const OrgEntry& org);

}  // namespace zonepin
