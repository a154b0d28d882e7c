#include "manifest/scalar_type.h"

#include <doctest/doctest.h>

#include "manifest/yaml.h"

namespace zonepin {

TEST_CASE("plain scalars have the types of YAML 1.2's core schema") {
  struct Row {
    const char* text;
    ScalarType type;
  };
  const Row rows[] = {
      {"", ScalarType::null},          {"~", ScalarType::null},
      {"null", ScalarType::null},      {"Null", ScalarType::null},
      {"NULL", ScalarType::null},      {"nULL", ScalarType::string},
      {"true", ScalarType::boolean},   {"False", ScalarType::boolean},
      {"TRUE", ScalarType::boolean},   {"yes", ScalarType::string},
      {"on", ScalarType::string},      {"n", ScalarType::string},
      {"0", ScalarType::integer},      {"-1", ScalarType::integer},
      {"+1", ScalarType::integer},     {"017", ScalarType::integer},
      {"08", ScalarType::integer},     {"0o17", ScalarType::integer},
      {"0o8", ScalarType::string},     {"0x1F", ScalarType::integer},
      {"0xg", ScalarType::string},     {"-0x1", ScalarType::string},
      {"0b1", ScalarType::string},     {"1_000", ScalarType::string},
      {"1:30", ScalarType::string},    {"1.5", ScalarType::floating},
      {".5", ScalarType::floating},    {"5.", ScalarType::floating},
      {"1e3", ScalarType::floating},   {"1E-3", ScalarType::floating},
      {"1e", ScalarType::string},      {".", ScalarType::string},
      {"1.2.3", ScalarType::string},   {".inf", ScalarType::floating},
      {"-.INF", ScalarType::floating}, {".nan", ScalarType::floating},
      {"+.nan", ScalarType::string},   {"2026-12-31", ScalarType::string},
      {"-", ScalarType::string},       {"+", ScalarType::string},
      {"e3", ScalarType::string},      {"<<", ScalarType::string},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(core_type(row.text) == row.type);
  }
}

TEST_CASE("quotes make a text of everything, and a tag decides over both") {
  struct Row {
    const char* text;
    ScalarType type;
    const char* described;
  };
  const Row rows[] = {
      {"- '123'", ScalarType::string, "the text \"123\""},
      {"- \"~\"", ScalarType::string, "the text \"~\""},
      {"- !!str 123", ScalarType::string, "the text \"123\""},
      {"- ! 123", ScalarType::string, "the text \"123\""},
      {"- !!int '7'", ScalarType::integer, "the integer 7"},
      {"- !!float 3", ScalarType::floating, "the number 3"},
      {"- !!bool 'true'", ScalarType::boolean, "the boolean true"},
      {"- !!null ''", ScalarType::null, "nothing"},
      {"- !!str", ScalarType::string, "the text \"\""},
      {"- ~", ScalarType::null, "the null value ~"},
      {"-", ScalarType::null, "nothing"},
      {"- # null", ScalarType::null, "nothing"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    Diagnostics diagnostics;
    Problems problems(diagnostics);
    const Tree tree = parse_yaml(row.text, 0, problems);
    REQUIRE(diagnostics.empty());
    const NodeId item = tree.items(tree.documents().at(0)).at(0);
    CHECK(type_of(tree, item) == row.type);
    CHECK(describe(tree, item) == row.described);
  }
}

}  // namespace zonepin
