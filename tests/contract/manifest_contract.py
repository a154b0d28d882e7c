"""The published schema and the checker judge the same documents alike; our YAML reads as an independent parser reads it.

Usage: manifest_contract.py CHECK_MANIFEST SCHEMA CASES MANIFESTS_FOLDER
"""
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import core_yaml
import jsonschema
import yaml

HEAD = "apiVersion: zonepin/v1\nkind: ApiTokens\n"
SEED = 20261123
MUTATIONS = 3000
SCRIBBLES = 3000

check_manifest, schema_path, cases_path, manifests_path = sys.argv[1:5]
failures = []


def expect(condition, message):
    if not condition:
        failures.append(message)


def ask(texts, *options):
    """One answer of check-manifest for each text."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(texts):
            path = pathlib.Path(folder, f"{number}.yaml")
            path.write_bytes(text.encode())
            paths.append(str(path))
        answers = []
        for start in range(0, len(paths), 500):
            run = subprocess.run([check_manifest, *options, *paths[start:start + 500]], capture_output=True, check=True)
            answers += [json.loads(line) for line in run.stdout.splitlines()]
    return answers


def pattern(_, expression, instance, __):
    # JSON Schema speaks ECMA 262, where $ is the end of the text only. Python's $ also stands before a last newline.
    if isinstance(instance, str) and not re.search(re.sub(r"(?<!\\)\$", r"\\Z", expression), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {expression!r}")


schema = json.loads(pathlib.Path(schema_path).read_text())
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": pattern})(schema)


def by_schema(text):
    roots = [core_yaml.value_of(root) for root in core_yaml.documents(text)]
    return bool(roots) and all(validator.is_valid(root) for root in roots)


def whole(body):
    own = body.startswith(("apiVersion", "kind", "- ", "null", "text"))
    return body if own else HEAD + body + "\n"


def summaries(answer):
    return [f"{each['line']}:{each['column']} {each['summary']}" for each in answer["diagnostics"]]


def check_table():
    cases = yaml.load(pathlib.Path(cases_path).read_text(), Loader=core_yaml.CoreLoader)
    verdicts = {"valid": (True, True), "invalid": (False, False), "only_the_checker_refuses": (True, False)}
    expect(set(cases) == set(verdicts), "unknown lists in the table")
    for name, (schema_says, checker_says) in verdicts.items():
        texts = [whole(body) for body in cases[name]]
        for text, answer in zip(texts, ask(texts)):
            expect(by_schema(text) == schema_says, f"the schema should judge {name}: {text!r}")
            expect(answer["valid"] == checker_says, f"the checker should judge {name}: {text!r} {summaries(answer)}")


def check_examples():
    """Every manifest that we ship, and every example in the schema."""
    paths = sorted(pathlib.Path(manifests_path).rglob("*.yaml"))
    expect(len(paths) >= 2, "no manifests found")
    texts = [path.read_text() for path in paths]
    for path, text, answer in zip(paths, texts, ask(texts)):
        expect(answer["valid"], f"{path} should be valid: {summaries(answer)}")
        expect(by_schema(text), f"{path} should be valid by the schema")

    def visit(part, root):
        if isinstance(part, dict):
            for example in part.get("examples", []):
                sub = jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": pattern})(
                    {**part, "definitions": root["definitions"]})
                expect(sub.is_valid(example), f"an example of the schema does not fit: {example!r}")
            for key, value in part.items():
                if key not in ("examples", "enum"):
                    visit(value, root)
        elif isinstance(part, list):
            for value in part:
                visit(value, root)

    visit(schema, schema)
    for name, part in {**schema["properties"], **schema["definitions"]}.items():
        expect("description" in part, f"{name} has no description")


# --- documents made at random, written as JSON, which is YAML ---------------------------------------------------------

GOOD = {
    "apiVersion": "zonepin/v1", "kind": "ApiTokens", "org": "acme", "unmanaged": "report", "missing": "fail",
    "tokens": [
        {"name": "a", "owner": "b@c", "network": {"connection": "ZONE", "include": ["x", "y"]}},
        {"id": "00T1", "name": "é", "network": {"connection": "ANYWHERE"}},
        {"id": "00T2", "network": {"connection": "ZONE", "exclude": ["z"]}},
        {"name": "d", "state": "revoked", "reason": "why"}],
    "acks": [{"guard": "agent-token", "token": "00T1", "until": "2026-12-31", "reason": "r"}],
}
VALUES = ["", " ", "x", "ZONE", "ANYWHERE", "zone", "revoked", "report", "current", "00T9", "10.0.0.0/8", "::1", "\n", "1",
          "true", "~", "2026-02-29", "2024-02-29", "2026-12-31T00:00:00Z", "é" * 300, "a" * 65, "a" * 16384, "é" * 16384,
          "a" * 16385, "agent-token", None, True, 0, 1.5, -1, [], {}, ["x"], ["x", "x"], {"name": "x"}, [None]]
NAMES = ["apiVersion", "kind", "org", "unmanaged", "missing", "tokens", "acks", "id", "name", "owner", "network", "state",
         "reason", "connection", "include", "exclude", "guard", "token", "until", "x", "Name", "rules"]


def places(value):
    """Every container within `value`."""
    if isinstance(value, (dict, list)):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from places(inner)


def mutate(document, dice):
    container = dice.choice(list(places(document)))
    anything = lambda: json.loads(json.dumps(dice.choice(VALUES)))
    if isinstance(container, list):
        if container and dice.random() < 0.6:
            index = dice.randrange(len(container))
            if dice.random() < 0.5:
                container[index] = anything()
            else:
                container.pop(index)
        else:
            container.append(anything())
    elif container and dice.random() < 0.7:
        name = dice.choice(list(container))
        action = dice.random()
        value = container.pop(name)
        if action < 0.5:
            container[name] = anything()
        elif action < 0.7:
            container[dice.choice(NAMES)] = value
    else:
        container[dice.choice(NAMES)] = anything()


def check_mutations():
    dice = random.Random(SEED)
    documents = []
    for _ in range(MUTATIONS):
        document = json.loads(json.dumps(GOOD))
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
            mutate(document, dice)
        documents.append(document)
    texts = [json.dumps(document, ensure_ascii=dice.random() < 0.5) for document in documents]
    verdicts = {True: 0, False: 0}
    for document, text, answer in zip(documents, texts, ask(texts)):
        schema_says = validator.is_valid(document)
        verdicts[schema_says] += 1
        expect(schema_says == answer["valid"],
               f"schema: {schema_says}, checker: {answer['valid']} {summaries(answer)}: {text[:400]}")
    expect(min(verdicts.values()) > MUTATIONS // 20, f"the documents are too much alike: {verdicts}")


# --- scribbled YAML ---------------------------------------------------------------------------------------------------

PAGES = [
    HEAD + "org: acme\ntokens:\n  - name: ci # c\n    owner: ci@acme.example\n    network: {connection: ZONE, include: "
    "[ci-runners, x]}\n  - id: 00Tab\n    state: revoked\n    reason: >-\n      two\n      lines\n",
    HEAD + "tokens:\n- &a\n  name: \"q\\n\"\n  network: &n\n    connection: ZONE\n    include:\n    - 'it''s'\n    - b\n"
    "- <<: *a\n  name: z\n- {name: y, network: *n}\nacks: []\n---\n" + HEAD + "missing: fail\n",
    '{"kind": "ApiTokens", "tokens": [\n  {"name": "a", "n": 1.5e3}, {"name": null}]}\n',
    HEAD + "a: |\n  lit\n   more\n\n  end\nb: |+\n  keep\n\nc: 'x\n  y'\nd: \"x \\\n  y\"\ne: 0x1F\nf: ~\n"
    "g: [1, two, yes, 017, 1:30]\n? h\n: i\n",
]
SNIPPETS = [" ", "\n", "  ", ":", ": ", "- ", "-", "#", " #", '"', "'", "[", "]", "{", "}", ",", "&a ", "*a", "!!str ",
            "!x ", "|", "|\n", ">", "---\n", "...\n", "<<: *a", "?", "? ", "@", "`", "~", "null", "a", "\n  ", "\n    ",
            "\\", "é", "\r\n", "0", "key: v\n", "%", "\t"]
# Where PyYAML, a parser of YAML 1.1, refuses what 1.2 allows.
KNOWN_TO_DIFFER = ("duplicate anchor", r"'\t'", "but found ':'", "'<document start>'", "scanning an anchor",
                   "parsing a tag", "mapping values are not allowed", "could not find expected ':'", "directive",
                   "unknown escape character", "parsing a flow mapping", "parsing a flow sequence")


def scribble(text, dice):
    at = dice.randrange(len(text) + 1)
    action = dice.random()
    if action < 0.4:
        return text[:at] + dice.choice(SNIPPETS) + text[at:]
    if action < 0.7:
        return text[:at] + text[at + dice.randint(1, 3):]
    if action < 0.85:
        return text[:at] + dice.choice(SNIPPETS) + text[at + 1:]
    source = dice.randrange(len(text) + 1)
    return text[:at] + text[source:source + dice.randint(1, 30)] + text[at:]


def check_scribbles():
    dice = random.Random(SEED)
    texts = list(PAGES)
    for _ in range(SCRIBBLES):
        text = dice.choice(PAGES)
        for _ in range(dice.randint(1, 4)):
            text = scribble(text, dice)
        texts.append(text)
    agreed = 0
    for text, answer in zip(texts, ask(texts, "--tree")):
        if not answer["valid"]:
            continue
        try:
            expected = [core_yaml.tree_of(root) for root in core_yaml.documents(text)]
        except yaml.YAMLError as error:
            expect(any(known in str(error) for known in KNOWN_TO_DIFFER), f"we read, PyYAML does not: {text!r} {error}")
            continue
        agreed += 1
        same = json.loads(json.dumps(expected)) == answer["documents"]
        # PyYAML gives a plain scalar behind a lone ! a type; YAML 1.2 (6.9.1) makes it a string.
        expect(same or "! " in text, f"we read {answer['documents']}, PyYAML {expected}: {text!r}")
    expect(agreed > SCRIBBLES // 10, f"only {agreed} texts could be compared")


check_table()
check_examples()
check_mutations()
check_scribbles()
for failure in failures[:20]:
    print("FAIL", failure[:1500])
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
