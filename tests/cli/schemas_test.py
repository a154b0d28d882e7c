"""The schemas of what zonepin reads and writes: all of them printed, and those of documents that no other test breaks held against real ones."""

import copy
import json

import jsonschema
import kit

OPTIONAL = {"include", "exclude"}
MANIFEST = """unmanaged: ignore
zones: { ci-runners: { within: [203.0.113.0/24] } }
tokens:
  - name: ci-deployer
    network: { connection: ZONE, include: [ci-runners] }
  - name: nobody
    network: { connection: ZONE, include: [ci-runners] }
  - name: old-backup
    state: revoked
    reason: SEC-1
    not_before: 2099-01-31
rules:
  - match: { name: "ci-*" }
    network: { connection: ZONE, exclude: [ci-runners] }
waivers:
  - { rule: token-anywhere, match: { name: "*" }, until: 2099-01-31, reason: SEC-2 }
acks:
  - { guard: recently-used, token: 00Tdemo0000000000009, until: 2099-12-31, reason: SEC-3 }
"""


def places(value, path=()):
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in items:
        yield from places(member, (*path, key))


def at(document, path):
    for step in path:
        document = document[step]
    return document


def broken(document):
    """Copies with one thing wrong, and what it is."""
    for path, value in places(document):
        name = "/".join(map(str, path)) or "the document"
        if isinstance(value, dict):
            is_map = path[-1:] == ("counts",)
            for key in () if is_map else set(value) - OPTIONAL:
                wrong = copy.deepcopy(document)
                del at(wrong, path)[key]
                yield f"{name} without {key}", wrong
            wrong = copy.deepcopy(document)
            at(wrong, path)["surprise"] = "text"
            yield f"{name} with a surprise", wrong
        if path:
            wrong = copy.deepcopy(document)
            at(wrong, path[:-1])[path[-1]] = "text" if isinstance(value, (list, dict)) else [[1]]
            yield f"{name} of another type", wrong


class Schemas(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")
        self.path = self.manifest(MANIFEST)
        self.seen = set()

    def hold(self, name, *documents, least):
        """Each is valid, and no broken copy of it is. Of lines that are alike in their members one is broken."""
        validator = jsonschema.Draft7Validator(kit.SCHEMAS[name])
        refused = 0
        for document in documents:
            validator.validate(document)
            kind = tuple(type(value).__name__ if key != "event" else value for key, value in sorted(document.items()))
            if kind in self.seen:
                continue
            self.seen.add(kind)
            for what, wrong in broken(document):
                self.assertFalse(validator.is_valid(wrong), f"{name}: accepted {what}")
                refused += 1
        self.assertGreaterEqual(refused, least)

    def ask(self, code, *arguments):
        return self.expect(code, *arguments, "--format=json", server=self.server).json

    def test_every_schema_is_printed_and_is_one(self):
        for path in sorted((kit.ROOT / "schemas").iterdir()):
            schema = json.loads(path.read_text())
            jsonschema.Draft7Validator.check_schema(schema)
            name = path.name.removesuffix(".schema.json")
            self.assertEqual(self.expect(0, "schema", name, env=self.env()).out, path.read_text())
            self.assertEqual(schema["$id"], f"urn:zonepin:schema:{name}:v1")
            self.assertIn(name, self.expect(0, "schema", "--help", env=self.env()).out)

    def test_can_i(self):
        documents = [self.ask(code, "can-i", *words) for code, words in (
            (0, ["--token", "ci-deployer", "--ip", "203.0.113.10"]),
            (4, ["--ip", "198.51.100.7", "--ip", "192.0.2.0/24", self.path]),
            (4, ["--ip", "198.51.100.7", "--zone-override", "ci-runners=198.51.100.0/24"]))]
        self.assertTrue(any(documents[1]["orgs"][0]["after"].values()))
        self.hold("can-i", *documents, least=80)

    def test_explain(self):
        path = self.manifest(MANIFEST.replace("rules:", "  - name: helpdesk-bot\n    state: revoked\n    reason: SEC-4\n"
                                              "  - id: 00Tdemo0000000000003\n    ignore: true\n  - name: terraform-prod\n    ignore: true\nrules:"), "more.yaml")
        names = ("ci-deployer", "nobody", "old-backup", "zonepin-ci", "helpdesk-bot", "terraform-prod", "00Tdemo0000000000009")
        documents = [self.ask(0, "explain", name, path) for name in names]
        explanations = [explanation for document in documents for explanation in document["explanations"]]
        for member in ("voices", "guards", "findings", "pins", "acks", "waivers", "advice"):
            self.assertTrue(any(explanation[member] for explanation in explanations), member)
        self.hold("explain", {"format_version": "1.0", "explanations": explanations}, least=200)

    def test_export(self):
        whole, split = self.ask(0, "export"), self.ask(0, "export", "--split", self.folder)
        self.assertIsNone(split["manifest"])
        self.hold("export", whole, split, least=20)

    def lines(self, code, *arguments):
        outcome = self.expect(code, *arguments, "--format=jsonl", server=self.server)
        return kit.validate_lines(outcome.out)

    def test_lines(self):
        told = []
        for code, words in ((0, ["plan", self.path]), (2, ["drift", self.path]), (0, ["check", self.path]), (0, ["validate", self.path]),
                            (0, ["apply", self.path, "--auto-approve"]), (3, ["plan", self.write("wrong.yaml", "tokens: 7\n")]),
                            (3, ["plan", "no-such-file"])):
            lines = self.lines(code, *words)
            self.assertEqual([line["type"] for line in lines].index("summary"), len(lines) - 1)
            told += lines
        self.assertEqual({line["kind"] for line in told if line["type"] == "summary"}, {"plan", "drift", "check", "validate", "apply", "failure"})
        self.assertLessEqual({"run", "planned", "intent", "result", "fate", "confirmed", "end"},
                             {line["event"] for line in told if line["type"] == "event"})
        self.hold("events", *told, least=400)

    def test_events_of_what_goes_wrong(self):
        """A connection that breaks, and a run that waits."""
        def before(request):
            if request.method == "PUT":
                return kit.hang_up
            return None

        org = self.rude_org([kit.token(1)], [kit.zone(1)], before)
        path = self.manifest("tokens:\n  - name: token-1\n    network: { connection: ZONE, include: [zone-1] }\n", "one.yaml")
        outcome = self.run_program("apply", path, "--auto-approve", "--format=jsonl", server=org.server)
        lines = kit.validate_lines(outcome.out)
        self.assertTrue([line for line in lines if "sent" in line], outcome)
        progress = {"type": "event", "event": "progress", "due": 3, "settled": 1, "failed": 0, "running": 2, "waiting_ms": 0, "reason": ""}
        self.hold("events", progress, *lines, least=100)


if __name__ == "__main__":
    kit.main()
