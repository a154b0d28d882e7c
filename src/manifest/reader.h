// From a tree to typed values: every field of the manifest is read through here, so that every mistake of one
// kind reads the same.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "manifest/problems.h"
#include "manifest/tree.h"

namespace zonepin {

// A node with the name that messages call it and the place they point to. `name` must outlive it.
struct Value {
  NodeId node = kNoNode;
  std::string_view name;
  Place place;

  bool given() const { return node != kNoNode; }
};

struct Text {
  std::string value;
  Place place;
};

// One member of a mapping with free keys.
struct Keyed {
  Text key;
  Value value;
};

// The fields of one mapping, checked against those that may stand there.
class Fields {
 public:
  const Place& place() const { return place_; }  // of the mapping
  Value get(std::string_view name) const;
  bool given(std::string_view name) const { return get(name).given(); }
  // Neither given nor, as far as one can tell, meant by a field that was misspelt (and reported).
  bool missing(std::string_view name) const;

 private:
  friend class Reader;

  Place place_;
  std::vector<Value> values_;
  std::vector<std::string_view> meant_;
};

using FieldNames = std::initializer_list<std::string_view>;

class Reader {
 public:
  Reader(const Tree& tree, Problems& problems) : tree_(tree), problems_(problems) {}

  // The value of a document: the whole.
  Value document(NodeId root) const;

  // Each gives none, and reports it, when the value is something else. Call them on given values only.
  // `instead` helps somebody who wrote a text where a mapping belongs.
  std::optional<Fields> mapping(const Value& value, FieldNames known, std::string_view instead = {});
  std::optional<std::vector<Value>> list(const Value& value, std::string_view member_name);
  // The known fields of a mapping, without a look at the others.
  Fields pick(const Value& mapping, FieldNames known) const;
  // The members of a mapping whose keys are names of the writer's own. A key that is no text in YAML's eyes
  // is reported and left out. `key_name` is what messages call a key.
  std::optional<std::vector<Keyed>> entries(const Value& value, std::string_view member_name,
                                            std::string_view key_name, std::string_view instead = {});
  // Not empty, at most kMaxTextLength code points. `instead` helps somebody who wrote something else than a
  // text; without it quotes are proposed.
  std::optional<Text> text(const Value& value, std::string_view instead = {});
  // A whole number from 0 to `most`.
  std::optional<std::size_t> number(const Value& value, std::size_t most);
  std::optional<bool> boolean(const Value& value);

  // As a scalar that is a string; none for anything else. Reports nothing: for guesses.
  std::optional<std::string_view> peek(const Value& value) const;

  const Tree& tree() const { return tree_; }
  Problems& problems() { return problems_; }

 private:
  // Whether the field is a known one; it is taken into `fields` then.
  bool pick_one(const Field& field, FieldNames known, Fields& fields) const;
  void unknown_field(NodeId key, std::string_view within, FieldNames known, Fields& fields);
  bool is_absent(NodeId value) const;
  void wrong_type(const Value& value, std::string_view wanted, std::string detail);
  std::string help_with_number(const Value& value) const;

  const Tree& tree_;
  Problems& problems_;
};

}  // namespace zonepin
