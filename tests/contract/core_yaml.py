"""YAML 1.2's core schema for PyYAML, which speaks 1.1 by itself, and trees in the shape that check-manifest --tree prints."""
import re

import yaml


class CoreLoader(yaml.SafeLoader):
    """Scalars resolved as YAML 1.2, 10.3.2 says; duplicate keys are refused."""


# A class of its own must not share the table of its parent.
CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float",
     r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN",
     list("-+.0123456789")),
    ("merge", r"<<", ["<"]),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), first)

NAMES = {"null": "null", "bool": "boolean", "int": "integer", "float": "floating", "str": "string"}


def value_of(node):
    """Plain Python data, for a schema validator."""
    kind, content = tree_of(node)
    return plain((kind, content))


def plain(tree):
    kind, content = tree
    if kind == "list":
        return [plain(item) for item in content]
    if kind == "mapping":
        return {key: plain(item) for key, item in content.items()}
    if kind == "null":
        return None
    if kind == "boolean":
        return content.lower() == "true"
    if kind == "integer":
        base = {"0o": 8, "0x": 16}.get(content[:2], 10)
        return int(content[2:], base) if base != 10 else int(content[:300])
    if kind == "floating":
        return 0.5  # which number it is makes no difference to a schema that knows no numbers
    return content


def tree_of(node, depth=0):
    """[type, content], merge keys resolved: own fields win, earlier sources win over later ones."""
    if depth > 100:
        raise yaml.YAMLError("too deep")
    name = node.tag.rpartition(":")[2]
    if isinstance(node, yaml.SequenceNode):
        if name != "seq":
            raise yaml.YAMLError("tag")
        return ["list", [tree_of(item, depth + 1) for item in node.value]]
    if isinstance(node, yaml.MappingNode):
        if name != "map":
            raise yaml.YAMLError("tag")
        return ["mapping", {key: tree_of(value, depth + 1) for key, value in fields_of(node).items()}]
    if node.tag == "!" or (name == "merge"):
        return ["string", node.value]
    if name not in NAMES or not node.tag.startswith("tag:yaml.org,2002:"):
        raise yaml.YAMLError("tag")
    if name != "str" and CoreLoader("").resolve(yaml.ScalarNode, node.value, (True, False)).rpartition(":")[2] != name:
        raise yaml.YAMLError("the value does not fit its tag")
    return [NAMES[name], "" if name == "null" else node.value]


def fields_of(node, depth=0):
    if depth > 100:
        raise yaml.YAMLError("too deep")
    own, merged = {}, {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.YAMLError("a key that is no scalar")
        if key.tag == "tag:yaml.org,2002:null" and key.value == "":
            raise yaml.YAMLError("no key")
        if key.tag == "tag:yaml.org,2002:merge":
            sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
            if "<<" in merged:
                raise yaml.YAMLError("a key given twice")
            merged["<<"] = None
            for source in sources:
                if not isinstance(source, yaml.MappingNode):
                    raise yaml.YAMLError("<< merges mappings")
                for name, item in fields_of(source, depth + 1).items():
                    merged.setdefault(name, item)
            continue
        if key.value in own:
            raise yaml.YAMLError("a key given twice")
        own[key.value] = value
    merged.pop("<<", None)
    return {**own, **{name: value for name, value in merged.items() if name not in own}}


def documents(text):
    """The root node of each document."""
    return list(yaml.compose_all(text, Loader=CoreLoader))
