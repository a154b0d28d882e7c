"""Reports in every format, on standard output and in files, of runs that go well and of runs that do not."""

import json
import xml.etree.ElementTree as ElementTree

import kit

FORMATS = ["text", "json", "jsonl", "markdown", "html", "sarif", "junit", "github", "codequality", "slack"]
TODO = "self: { name: zonepin-ci }\ntokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n"
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


if __name__ == "__main__":
    kit.main()
