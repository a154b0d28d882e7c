#include "manifest/decode.h"

#include <algorithm>
#include <utility>

#include "manifest/decode_parts.h"
#include "manifest/merge.h"
#include "manifest/problems.h"
#include "manifest/yaml.h"

namespace zonepin {

namespace {

constexpr const char* kSmallest =
    "the smallest manifest is two lines:\napiVersion: zonepin/v1\nkind: ApiTokens";

void decode_source(const Source& source, std::uint32_t index, Manifests& manifests) {
  Problems problems(manifests.diagnostics);
  const Tree tree = parse_yaml(source.text, index, problems);
  const auto& roots = tree.documents();
  const bool all_empty =
      std::all_of(roots.begin(), roots.end(), [&](NodeId root) { return tree.kind(root) == NodeKind::null; });
  if (all_empty && problems.none()) {
    problems.error({index, 1, 1, 1}, "there is no manifest in this file", kSmallest);
  }
  Reader reader(tree, problems);
  for (const NodeId root : roots) {
    if (tree.kind(root) == NodeKind::null) continue;  // `---` with nothing behind it
    decode_document(reader, reader.document(root), manifests);
  }
}

}  // namespace

Manifests decode_manifests(const Sources& sources) {
  Manifests manifests;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    decode_source(sources[i], static_cast<std::uint32_t>(i), manifests);
  }
  drop_repeated_orgs(manifests.orgs, sources, manifests.diagnostics);
  manifests.diagnostics = sorted(std::move(manifests.diagnostics));
  return manifests;
}

}  // namespace zonepin
