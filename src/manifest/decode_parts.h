// The parts of a manifest, one function each. Every one reports what is wrong; what it gives is complete only
// then when it reported nothing.
#pragma once

#include <optional>
#include <string>

#include "manifest/reader.h"
#include "model/desired.h"

namespace zonepin {

std::optional<Document> decode_document(Reader& reader, const Value& document);
DesiredToken decode_token(Reader& reader, const Value& entry);
DesiredNetwork decode_network(Reader& reader, const Value& network);
Ack decode_ack(Reader& reader, const Value& entry);

// A token id: [A-Za-z0-9]{1,64} and not `current`. Empty when it is none.
std::string decode_token_id(Reader& reader, const Value& id);
// Why something is done; not blank. Empty when it is.
std::string decode_reason(Reader& reader, const Value& reason);

}  // namespace zonepin
