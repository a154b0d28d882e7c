// A door for tests in other languages: reads files and prints one JSON line for each.
//   check-manifest FILE…         {file, valid, diagnostics: [{severity, summary, detail, line, column}]}
//   check-manifest --tree FILE…  {file, valid, documents: […]}: the YAML as it was understood, merge keys
//   resolved
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/decode.h"
#include "manifest/problems.h"
#include "manifest/scalar_type.h"
#include "manifest/yaml.h"

namespace zonepin {
namespace {

using nlohmann::json;

json to_json(const Diagnostic& diagnostic) {
  return {{"severity", diagnostic.severity == Severity::error ? "error" : "warning"},
          {"summary", diagnostic.summary},
          {"detail", diagnostic.detail},
          {"line", diagnostic.place.line},
          {"column", diagnostic.place.column}};
}

// Scalars as [type, text]: how a number is written stays visible.
json to_json(const Tree& tree, NodeId node) {
  switch (tree.kind(node)) {
    case NodeKind::sequence: {
      json list = json::array();
      for (const NodeId item : tree.items(node)) list.push_back(to_json(tree, item));
      return {"list", list};
    }
    case NodeKind::mapping: {
      json mapping = json::object();
      for (const Field& field : tree.fields(node)) {
        mapping[std::string(tree.scalar(field.key))] = to_json(tree, field.value);
      }
      return {"mapping", mapping};
    }
    case NodeKind::null:
    case NodeKind::alias:
    case NodeKind::scalar: break;
  }
  const std::string text(tree.scalar(node));
  switch (type_of(tree, node)) {
    case ScalarType::null: return {"null", ""};
    case ScalarType::boolean: return {"boolean", text};
    case ScalarType::integer: return {"integer", text};
    case ScalarType::floating: return {"floating", text};
    case ScalarType::string: return {"string", text};
  }
  return nullptr;
}

json verdict(const Source& source) {
  const Manifests manifests = decode_manifests({source});
  json diagnostics = json::array();
  for (const Diagnostic& diagnostic : manifests.diagnostics) diagnostics.push_back(to_json(diagnostic));
  return {{"file", source.path}, {"valid", !has_errors(manifests.diagnostics)}, {"diagnostics", diagnostics}};
}

json reading(const Source& source) {
  Diagnostics diagnostics;
  Problems problems(diagnostics);
  const Tree tree = parse_yaml(source.text, 0, problems);
  json documents = json::array();
  for (const NodeId root : tree.documents()) documents.push_back(to_json(tree, root));
  return {{"file", source.path}, {"valid", !has_errors(diagnostics)}, {"documents", documents}};
}

int run(int argc, char** argv) {
  std::vector<std::string> paths(argv + 1, argv + argc);
  const bool trees = !paths.empty() && paths.front() == "--tree";
  if (trees) paths.erase(paths.begin());
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      std::cerr << "can't read " << path << "\n";
      return 1;
    }
    const Source source{path, std::string(std::istreambuf_iterator<char>(file), {})};
    const json answer = trees ? reading(source) : verdict(source);
    std::cout << answer.dump(-1, ' ', false, json::error_handler_t::replace) << "\n";
  }
  return std::cout.flush() ? 0 : 1;
}

}  // namespace
}  // namespace zonepin

int main(int argc, char** argv) {
  return zonepin::run(argc, argv);
}
