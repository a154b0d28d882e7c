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

    def resolved(part):
        return {**schema["definitions"][part["$ref"].rpartition("/")[2]], **part} if "$ref" in part else part

    # What an editor shows for a field, wherever it stands: all that has a name is explained and shown.
    for where, part in {"the document": schema, **schema["definitions"]}.items():
        expect("description" in part and (part is schema or "examples" in part), f"{where} is not explained")
        for name, field in part.get("properties", {}).items():
            expect("description" in resolved(field), f"{name} in {where} has no description")
            expect("examples" in resolved(field), f"{name} in {where} has no example")


# --- documents made at random, written as JSON, which is YAML ---------------------------------------------------------

GOOD = {
    "apiVersion": "zonepin/v1", "kind": "ApiTokens", "org": "acme", "unmanaged": "report", "missing": "fail",
    "scope": {"owner": "*@c", "client": "Okta API", "not": {"name": "x-*"}},
    "self": {"id": "00T3", "name": "ci", "owner": "b@c", "egress": ["203.0.113.10", "2001:db8::/32"]},
    "expect": {"min_tokens": 3}, "limits": {"revoke": 5, "update_pct": 30},
    "zones": {"ci": {"id": "nzo1", "within": ["203.0.113.0/24"], "covers": ["203.0.113.1"], "quarantine": True}},
    "tokens": [
        {"name": "a", "owner": "b@c", "network": {"connection": "ZONE", "include": ["x", "y"]}},
        {"id": "00T1", "name": "é", "network": {"connection": "ANYWHERE"}},
        {"id": "00T2", "network": {"connection": "ZONE", "exclude": ["z"]}},
        {"name": "e", "ignore": True},
        {"name": "d", "state": "revoked", "reason": "why", "not_before": "2026-12-20"}],
    "rules": [
        {"match": {"name": "[a-z]*", "owner": "00u1", "not": {"name": "\\*", "idle": "P1Y2M3W4DT5H6M7S"}},
         "network": {"connection": "ZONE", "include": ["x"]}, "min": 1, "max": 9},
        {"match": {"client": "Okta ?D Agent", "connection": "ANYWHERE"}, "ignore": True},
        {"match": {"idle": "P14D", "age": "PT1H"}, "state": "revoked", "reason": "r", "not_before": "2026-12-20T06:00:00Z"}],
    "waivers": [{"rule": "token-anywhere", "match": {"name": "p"}, "until": "2027-01-31", "reason": "r"}],
    "acks": [{"guard": "agent-token", "token": "00T1", "until": "2026-12-31", "reason": "r"}],
}
WITH_DEFAULT = {"apiVersion": "zonepin/v1", "kind": "ApiTokens", "default": {"network": {"connection": "ANYWHERE"}},
                "tokens": [], "rules": [], "self": {"egress": ["::1"]}, "zones": {}}
ORGS = {"apiVersion": "zonepin/v1", "kind": "Orgs", "orgs": {
    "acme": {"host": "acme.okta.com", "org_id": "00o1", "client_id": "0oa_1-x", "limits": {"update_pct": 0}},
    "b2": {"host": "http://127.0.0.1:80"}}}
VALUES = ["", " ", "x", "ZONE", "ANYWHERE", "zone", "revoked", "report", "current", "00T9", "10.0.0.0/8", "::1", "\n", "1",
          "true", "~", "2026-02-29", "2024-02-29", "2026-12-31T00:00:00Z", "é" * 300, "a" * 65, "a" * 16384, "é" * 16384,
          "a" * 16385, "agent-token", None, True, False, 0, 1.5, -1, 100, 101, 10**9, 10**9 + 1, 10**30, [], {}, ["x"],
          ["x", "x"], {"name": "x"}, [None], "P", "P1D", "PT", "P1.5D", "P1H", "*", "[", "[!]", "[^a]", "[a-", "\\", "\\*",
          "\\d", "[]", "]", "[[]", "a" * 1024, "é" * 1025, "1.2.3.4", "1.2.3.4/32", "1.2.3.0/24", "::ffff:1.2.3.4",
          ["1.2.3.4"], ["1.2.3.4", "1.2.3.4"], "token-old", "Orgs", "acme", "acme.okta.com", "nzo1", "00o1", {"quarantine": False},
          {"name": "x", "not": {"name": "y"}}, {"revoke": 0}, {"egress": ["::"]}, {"network": {"connection": "ANYWHERE"}}]
NAMES = ["apiVersion", "kind", "org", "unmanaged", "missing", "tokens", "acks", "id", "name", "owner", "network", "state",
         "reason", "connection", "include", "exclude", "guard", "token", "until", "x", "Name", "rules", "scope", "self",
         "expect", "limits", "zones", "default", "waivers", "orgs", "match", "not", "idle", "age", "client", "ignore",
         "not_before", "min", "max", "egress", "within", "covers", "quarantine", "min_tokens", "revoke", "update_pct",
         "rule", "host", "org_id", "client_id", "ALL_ZONES", "1.2.3.4", "localhost", "é"]
# What the checker refuses besides: no pattern can tell.
STRICTER = ("has host bits behind its prefix", "has a range that runs backwards", "max is less than min",
            "which lies outside of within", "is the host of the Admin Console", "is Okta's domain", "http:// is for loopback",
            "stands for another org elsewhere", "is that of", "follows the colon of an org address")


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


def agree(document, text, answer):
    """Whether both judge alike; counts what only the checker can tell."""
    schema_says = validator.is_valid(document)
    stricter = schema_says and not answer["valid"] and all(
        any(known in each["summary"] for known in STRICTER)
        for each in answer["diagnostics"] if each["severity"] == "error")
    expect(stricter or schema_says == answer["valid"],
           f"schema: {schema_says}, checker: {answer['valid']} {summaries(answer)}: {text[:3000]}")
    return schema_says


def check_mutations():
    dice = random.Random(SEED)
    documents = []
    for _ in range(MUTATIONS):
        document = json.loads(json.dumps(dice.choice((GOOD, GOOD, GOOD, WITH_DEFAULT, ORGS))))
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
            mutate(document, dice)
        documents.append(document)
    texts = [json.dumps(document, ensure_ascii=dice.random() < 0.5) for document in documents]
    verdicts = {True: 0, False: 0}
    for document, text, answer in zip(documents, texts, ask(texts)):
        verdicts[agree(document, text, answer)] += 1
    expect(min(verdicts.values()) > MUTATIONS // 20, f"the documents are too much alike: {verdicts}")


# --- the little languages: each text in the one field that reads it ----------------------------------------------------

LANGUAGES = {
    "glob": (lambda text: {"rules": [{"match": {"name": text}, "ignore": True}]},
             ["etl-*", "[a-z]?", "[!0-9]*", "\\*\\[", "é[à-ÿ]", "a]", "[\\]-_]", "[-a]", "{a,b}"],
             ["a", "é", "-", "*", "?", "[", "]", "[a-z]", "[!a]", "!", "^", "\\", "\\*", "[]", "0", "\n", ".", "{", "😀"]),
    "duration": (lambda text: {"rules": [{"match": {"idle": text}, "ignore": True}]},
             ["P30D", "PT5M", "P1Y2M3W4DT5H6M7S", "P2W", "P1DT12H", "PT0S"],
                 ["P", "T", "1", "99", "000000001", "1234567890", "Y", "M", "W", "D", "H", "S", "M", ".", "-", " ", "p"]),
    "address": (lambda text: {"self": {"egress": [text]}},
             ["203.0.113.10", "10.0.0.0/8", "2001:db8::/32", "::1", "1:2:3:4:5:6:7:8", "1:2:3::7:8", "::ffff:1.2.3.4",
             "1:2:3:4:5:6:1.2.3.4", "0.0.0.0/0", "::/0", "1::"],
                ["0", "1", "10", "255", "256", "01", ".", ".", ".", ":", ":", "::", "db8", "ffff", "12345", "/", "32", "128",
                 "129", "033", "1.2.3.4", "1:2:3:4:5:6:7", "%", " ", "g"]),
    "instant": (lambda text: {"acks": [{"guard": "revoke", "token": "a", "reason": "r", "until": text}]},
             ["2026-12-31", "2024-02-29", "2026-12-31T18:00:00Z", "2026-01-31T23:59:59.123456789+05:30"],
                ["2026", "2024", "1900", "0000", "-", "-", "-", "02", "12", "13", "29", "30", "31", "T", "t", ":", "23", "24",
                 "59", "60", ".5", ".0123456789", "Z", "z", "+", "+01:00", "-24:00", "2026-12-31", "T10:00:00", " "]),
    "host": (lambda text: {"kind": "Orgs", "orgs": {"acme": {"host": text}}},
             ["acme.okta.com", "https://id.acme.example/", "http://127.0.0.1:8080", "[::1]:80", "localhost", "a-b.c.d:443", "::1"],
             ["acme", "okta", "com", ".", ".", "-", "http://", "https://", "HTTPS://", "localhost", "127.0.0.1", "[::1]", "::1",
              ":80", ":", "/", "path", "@", "?", " ", "_", "1", "é", "x" * 64]),
    "label": (lambda text: {"kind": "Orgs", "orgs": {text: {"host": "acme.okta.com"}}},
             ["acme", "a-1", "A", "x9"],
              ["acme", "A", "-", ".", "localhost", "1", "_", " ", "é", "x" * 62, "/", ":"]),
}
WORDS = 1200


def vary(word, pieces, dice):
    for _ in range(dice.choice((0, 1, 1, 2))):
        at = dice.randrange(len(word) + 1)
        cut = at + dice.choice((0, 0, 1, 1, 2))
        word = word[:at] + (dice.choice(pieces) if dice.random() < 0.8 else "") + word[cut:]
    return word


# Hosts and labels that a pattern takes for good though a resolver or Okta would not.
STRICTER_HOSTS = ("is neither a host name nor an IPv4 address", "is longer than 253", "is no IPv6 address", "is no host with a port",
                  "is the host of the Admin Console", "can't be a label")


def check_languages():
    global STRICTER
    dice = random.Random(SEED)
    for name, (document_of, seeds, pieces) in LANGUAGES.items():
        words = sorted({vary(dice.choice(seeds), pieces, dice) for _ in range(WORDS)})
        documents = [{"apiVersion": "zonepin/v1", "kind": "ApiTokens", **document_of(word)} for word in words]
        texts = [json.dumps(document, ensure_ascii=False) for document in documents]
        before = STRICTER
        if name in ("host", "label"):
            STRICTER += STRICTER_HOSTS
        verdicts = [agree(document, text, answer) for document, text, answer in zip(documents, texts, ask(texts))]
        STRICTER = before
        expect(min(sum(verdicts), len(verdicts) - sum(verdicts)) > 20, f"{name}: {sum(verdicts)} of {len(verdicts)} are valid")


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
check_languages()
check_scribbles()
for failure in failures[:20]:
    print("FAIL", failure[:1500])
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
