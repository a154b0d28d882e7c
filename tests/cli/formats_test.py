"""Reports in every format, on standard output and in files, of runs that go well and of runs that do not."""

import json
import re
import xml.etree.ElementTree as ElementTree

import kit

FORMATS = ["text", "json", "jsonl", "markdown", "html", "sarif", "junit", "github", "codequality", "slack"]
TODO = "self: { name: zonepin-ci }\ntokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n"
HEAD = "apiVersion: zonepin/v1\nkind: ApiTokens\nunmanaged: ignore\n"
BLOCKED = "tokens:\n  - name: old-backup\n    state: revoked\n    reason: SEC-1\n"


class Reports(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")

    def outputs(self):
        return [word for name in FORMATS for word in ("--output", f"{name}=r.{name}")]

    def report(self, name):
        return (self.folder / f"r.{name}").read_text()

    def want_all(self, words, rule, named=("text", "markdown", "html", "junit", "github")):
        """Every file is there, is what it says it is, and says the same."""
        for name in named:
            self.assertIn(words, " ".join(self.report(name).split()), name)
        json.loads(self.report("json"))
        lines = [json.loads(line) for line in self.report("jsonl").splitlines()]
        self.assertEqual(lines[-1]["type"], "summary")
        self.assertIn(rule, [line.get("rule") for line in lines])
        run = json.loads(self.report("sarif"))["runs"][0]
        self.assertIn(rule, [result["ruleId"] for result in run["results"]] + [rule] * (rule == "token-replace"))
        self.assertIsInstance(json.loads(self.report("codequality")), list)
        self.assertIn("blocks", json.loads(self.report("slack")))
        ElementTree.fromstring(self.report("junit"))
        return run

    def test_a_drift_in_ten_files_and_on_standard_output(self):
        outcome = self.expect(2, "drift", self.manifest(TODO), *self.outputs(), "--source-revision", "abc123", server=self.server)
        self.assertIn("Drift in", outcome.out)
        run = self.want_all("ci-deployer", "token-drift")
        self.assertEqual(run["properties"]["sourceRevision"], "abc123")
        self.assertTrue(run["invocations"][0]["executionSuccessful"])
        self.assertNotIn("\x1b", self.report("text"))

    def test_each_format_on_standard_output_is_what_stands_in_its_file(self):
        manifest = self.manifest(TODO)
        for name in FORMATS:
            with self.subTest(format=name):
                outcome = self.expect(0, "validate", manifest, "--format", name, "--output", f"{name}=r.{name}", server=self.server)
                # The two are made a moment after each other.
                if name in ("text", "codequality", "json", "github"):
                    self.assertEqual(outcome.out, self.report(name))
                self.assertEqual(outcome.out[:200], self.report(name)[:200])

    def test_an_apply_tells_what_it_did(self):
        outcome = self.expect(0, "apply", self.manifest(TODO), "--auto-approve", "--format", "jsonl", *self.outputs(), server=self.server)
        lines = [json.loads(line) for line in outcome.out.splitlines()]
        self.assertEqual([(line["type"], line.get("state")) for line in lines if line["type"] != "event"],
                         [("result", "done"), ("summary", None)])
        self.want_all("ci-deployer", "token-replace", ("text", "markdown", "html", "junit"))
        self.assertEqual(self.report("github").count("\n"), 1, "what went well is no annotation")

    def test_an_apply_tells_its_steps_as_events_with_a_journal_and_without(self):
        for number, more in enumerate(([], ["--journal", "j.jsonl"])):
            with self.subTest(more=more):
                outcome = self.expect(0, "apply", self.manifest(TODO), "--auto-approve", "--format", "jsonl", *more, server=self.sim("--demo"))
                events = [json.loads(line) for line in outcome.out.splitlines()]
                events = [event for event in events if event["type"] == "event" and event["event"] != "progress"]
                self.assertEqual([event["event"] for event in events], ["run", "planned", "intent", "result", "fate", "confirmed", "end"])
                self.assertEqual(events[1]["name"], "ci-deployer")
                self.assertEqual(events[4]["fate"], "done")
                if number:
                    kept = [json.loads(line) for line in (self.folder / "j.jsonl").read_text().splitlines()]
                    self.assertEqual(kept, [{key: value for key, value in event.items() if key != "type"} for event in events])

    def test_a_blocked_apply_writes_them_too(self):
        self.expect(4, "apply", self.manifest(BLOCKED), "--auto-approve", *self.outputs(), server=self.server)
        run = self.want_all("allow-revoke", "apply-blocked")
        self.assertFalse(run["invocations"][0]["executionSuccessful"])
        self.assertEqual([line for line in self.server.log() if not line.startswith("GET")], [])

    def test_a_mistake_in_a_manifest_writes_them_too(self):
        self.expect(3, "plan", self.manifest("tokenz: []\n"), *self.outputs(), server=self.server)
        run = self.want_all("tokenz", "manifest-mistake")
        place = run["results"][0]["locations"][0]["physicalLocation"]
        self.assertGreater(place["region"]["startLine"], 1)
        self.assertIn("diagnostics", json.loads(self.report("json")))

    def test_an_org_that_does_not_answer_is_said_in_each(self):
        for name in FORMATS[1:]:
            with self.subTest(format=name):
                outcome = self.run_program("plan", self.manifest(TODO), "--format", name, "--live", "nowhere.json")
                self.assertEqual(outcome.code, 3, outcome)
                self.assertIn("nowhere.json", outcome.out.replace("&quot;", '"'))

    def test_what_an_output_may_not_be(self):
        manifest = self.manifest(TODO)
        (self.folder / "folder").mkdir()
        rows = [(["--output", "htm=x.html"], 'did you mean "html"?'),
                (["--output", "html"], "names no file"),
                (["--output", "html="], "names no file"),
                (["--output", "html=-"], "names no file"),
                (["--output", "html=x", "--output", "sarif=./x"], "would be written twice"),
                (["--out", "p.json", "--output", "json=p.json"], "would be written twice"),
                (["--output", "html=no/such/x.html"], "there is no folder no/such"),
                (["--output", "html=folder"], "is a folder")]
        self.server.clear_log()
        for words, said in rows:
            with self.subTest(words=words):
                outcome = self.expect(3, "plan", manifest, *words, server=self.server)
                self.assertIn(said, " ".join(outcome.err.split()))
        self.assertEqual(self.server.log(), [])

    def test_a_misspelt_option_gives_each_format_its_document(self):
        self.assertEqual(json.loads(self.expect(3, "plan", "--format", "sarif", "--fermat", "x").out)["version"], "2.1.0")
        self.assertIn("<testsuites", self.expect(3, "plan", "--format=junit", "--fermat", "x").out)

    def test_other_commands_have_text_and_json(self):
        outcome = self.expect(3, "list", "tokens", "--format", "sarif", server=self.server)
        self.assertIn("wants text, json", outcome.err)
        outcome = self.expect(3, "revoke", "--current", "--format", "html", server=self.server)
        self.assertIn("makes no report", outcome.err)


class FortyOrgs(kit.Case):
    def test_one_nightly_run_is_one_sarif_run_and_one_slack_message(self):
        sims = self.many_sims(40, "--tokens", "12", "--zones", "6", "--rate", "100000")
        orgs = [word for url in sims.urls for word in ("--org", url)]
        manifest = self.manifest("tokens:\n  - name: nowhere-to-be-found\n    network: { connection: ANYWHERE }\n")

        def night():
            self.expect(2, "drift", manifest, *orgs, "--output", "sarif=r.sarif", "--output", "slack=r.slack", env=self.env(**sims.env))
            return json.loads((self.folder / "r.sarif").read_text())["runs"], json.loads((self.folder / "r.slack").read_text())

        runs, slack = night()
        self.assertEqual(len(runs), 1)
        results = runs[0]["results"]
        missing = [result for result in results if result["ruleId"] == "token-missing"]
        self.assertEqual({result["properties"]["org"] for result in missing}, set(sims.authorities))
        prints = [result["partialFingerprints"]["zonepin/v1"] for result in results]
        self.assertEqual(len(prints), len(set(prints)))
        lines = [line for block in slack["blocks"] for line in str(block.get("text", {}).get("text", "")).split("\n")]
        self.assertLess(len(lines), 15)
        self.assertIn("in 40 orgs", slack["text"])
        # The next night finds the same, after the file has grown.
        manifest = self.manifest("# a comment\n\ntokens:\n  - name: nowhere-to-be-found\n    network: { connection: ANYWHERE }\n")
        again = night()[0][0]["results"]
        self.assertEqual([result["partialFingerprints"]["zonepin/v1"] for result in again], prints)


class Fingerprints(kit.Case):
    """What a finding is known by is what it is about, not where in the manifests that stands, nor what else there is."""

    PARTS = [
        "zones:\n  corp: { within: [203.0.113.0/24] }\n",
        "zones:\n  lab: { within: [198.51.100.0/24] }\n",
        "zones:\n  spare: { within: [198.51.100.0/24] }\n",
        "zones:\n  other: { within: [198.51.100.0/24] }\n",
        "rules:\n  - match: { name: 'gone-*' }\n    ignore: true\n",
        "rules:\n  - match: { name: 'lost-*', idle: P14D, not: { name: lost-1 } }\n    ignore: true\n",
        "tokens:\n  - name: out\n    network: { connection: ZONE, exclude: [corp] }\n",
        "rules:\n  - match: { name: 'wide-*' }\n    network: { connection: ZONE, include: [corp, lab] }\n",
        "rules:\n  - match: { name: 'off-*' }\n    network: { connection: ZONE, exclude: [lab] }\n",
        "tokens:\n  - name: twin\n    network: { connection: ZONE, include: [corp] }\n",
        "tokens:\n  - name: pair\n    network: { connection: ZONE, include: [corp] }\n",
        "waivers:\n  - { rule: token-anywhere, match: { name: a }, until: 2024-01-31, reason: SEC-1 }\n",
        "waivers:\n  - { rule: token-anywhere, match: { name: b }, until: 2024-01-31, reason: SEC-2 }\n",
        "waivers:\n  - { rule: token-old, match: { name: c }, until: 2098-01-31, reason: SEC-3 }\n",
        "waivers:\n  - { rule: token-old, match: { name: d }, until: 2098-01-31, reason: SEC-4 }\n",
    ]

    def setUp(self):
        super().setUp()
        self.zones = [kit.zone(number, name=name, gateways=[{"type": "RANGE", "value": f"{number}.0.0.0-{number + 1}.255.255.255"}])
                      for number, name in ((10, "corp"), (20, "lab"), (30, "spare"), (40, "other"))]
        corp, lab = self.zones[0]["id"], self.zones[1]["id"]
        networks = {"out": {"exclude": [corp]}, "off-1": {"exclude": [lab]}, "off-2": {"exclude": [lab]}, "wide-1": {"include": [corp, lab]}}
        names = ["out", "off-1", "off-2", "wide-1", "twin", "twin", "pair", "pair"]
        tokens = [kit.token(number, name=name, network={"connection": "ZONE", **networks.get(name, {"include": [corp]})})
                  for number, name in enumerate(names, 1)]

        self.org = self.rude_org(tokens, self.zones)

    def told(self, command, folder, files):
        """(rule, what it is about, its words without places) -> the fingerprint, of all formats that have one."""
        for number, text in files:
            self.write(f"{folder}/{number}.yaml", text)
        outputs = [word for name in ("jsonl", "sarif", "codequality") for word in ("--output", f"{name}=r.{name}")]
        self.run_program(command, folder, *outputs, server=self.org.server)
        read = {name: (self.folder / f"r.{name}").read_text() for name in ("jsonl", "sarif", "codequality")}
        told = {}
        for line in map(json.loads, read["jsonl"].splitlines()[:-1]):
            key = line["rule"], line["token_id"] or line["subject"], re.sub(r"\S+\.yaml:\d+", "", line["message"])
            self.assertNotIn(key, told)
            told[key] = line["fingerprint"]
        self.assertEqual(len(set(told.values())), len(told))
        shown = {result["partialFingerprints"]["zonepin/v1"] for result in json.loads(read["sarif"])["runs"][0]["results"]}
        self.assertLessEqual(shown, set(told.values()))
        self.assertEqual({issue["fingerprint"] for issue in json.loads(read["codequality"])} - set(told.values()), set())
        return {key: fingerprint for key, fingerprint in told.items() if fingerprint in shown}

    def spread(self, parts):
        return [(number, HEAD + part) for number, part in enumerate(parts)]

    def test_they_outlast_manifests_that_are_rearranged(self):
        for command, rules in (("check", {"zone-pin-broken", "zone-too-wide", "waiver-expired", "waiver-unused"}),
                               ("drift", {"zone-pin-broken", "zone-pin-unused", "zone-too-wide", "rule-unused", "token-exclude-only", "entry-ambiguous"})):
            there = self.told(command, "there", self.spread(self.PARTS))
            self.assertEqual(rules - {rule for rule, _, _ in there}, set())
            moved = list(reversed(self.PARTS))
            one = "".join(f"---\n# {number}\n{HEAD}{part}" for number, part in enumerate(moved))
            for folder, files in (("moved", self.spread(moved)), ("one", [(0, one)])):
                with self.subTest(command=command, folder=folder):
                    self.assertEqual(self.told(command, folder, files), there)

    def test_they_outlast_other_findings(self):
        """Of two zones, pins and waivers that are at fault one is mended: the other is still itself."""
        for command in ("check", "drift"):
            self.org.zones = self.zones
            there = self.told(command, "there", self.spread(self.PARTS))
            mended = {zone["id"]: {**zone, "gateways": [{"type": "CIDR", "value": "203.0.113.0/24"}]} for zone in self.zones[:1]}
            self.org.zones = [mended.get(zone["id"], zone) for zone in self.zones]
            left = self.told(command, "left", self.spread([part for part in self.PARTS if "SEC-1" not in part and "SEC-3" not in part and "gone" not in part]))
            self.assertLess(len(left), len(there))
            self.assertEqual({key: there.get(key) for key in left}, left)


if __name__ == "__main__":
    kit.main()
