"""Help, mistakes on the command line, and the documents for machines."""

import json
import re

import kit

COMMANDS = ["doctor", "plan", "drift", "validate", "apply", "revoke", "fence", "identify", "snapshot", "list tokens", "list zones", "get", "show", "schema", "completion", "version"]
TEN_FIELDS = {"id", "name", "_link", "clientName", "created", "expiresAt", "lastUpdated", "network", "tokenWindow", "userId"}


class Help(kit.Case):
    def help_of(self, command):
        outcome = self.expect(0, *command.split(), "--help", env=self.env())
        self.assertEqual(outcome.err, "")
        return outcome.out

    def test_the_program_names_every_command_and_exit_code(self):
        text = self.help_of("")
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {command.split()[0]} +\w")
        for code in kit.EXIT_CODES:
            self.assertRegex(text, rf"\b{code} \w")
        self.assertIn("Example", text)
        self.assertEqual(text, self.expect(0, "-h", env=self.env()).out)

    def test_every_command_describes_each_option_once_with_an_example(self):
        for command in COMMANDS:
            with self.subTest(command):
                text = self.help_of(command)
                self.assertIn("Usage: zonepin " + command, text)
                self.assertRegex(text, rf"Example: (.* \| )?zonepin {command}")
                options = re.findall(r"(?m)^  (?:-\w,)?(--[a-z-]+)", text)
                self.assertEqual(len(options), len(set(options)), options)
                self.assertIn("--format", options)
                blocks = re.split(r"(?m)^  (?=-)", text)[1:]
                for block in blocks:
                    words = " ".join(block.split())
                    self.assertGreater(len(words), 25, f"{command}: {words}")
                self.assertLess(max(map(len, text.splitlines())), 125)

    def test_examples_parse(self):
        """The examples of the help are commands that this program understands."""
        for command in COMMANDS:
            for example in re.findall(r"Example: zonepin (.*)", self.help_of(command)):
                outcome = self.run_program(*example.split(), env=self.env())
                self.assertNotIn("--help", outcome.err, f"{example}\n{outcome}")

    def test_version(self):
        self.assertRegex(self.expect(0, "version", env=self.env()).out, r"^zonepin \d+\.\d+\.\d+\n$")
        self.assertEqual(self.expect(0, "--version", env=self.env()).out, self.expect(0, "version", env=self.env()).out)
        self.assertRegex(self.expect(0, "version", "--format=json", env=self.env()).json["version"], r"^\d+\.\d+\.\d+$")


class Mistakes(kit.Case):
    def test_rows(self):
        rows = [
            ([], "command"), (["plam"], 'did you mean "plan"'), (["aply", "m.yaml"], 'did you mean "apply"'), (["destroy"], '"destroy"'),
            (["list"], "tokens"), (["list", "tokns"], 'did you mean "tokens"'), (["plan", "--ot", "x"], 'did you mean "--out"'),
            (["plan", "--detailed-exit-code"], 'did you mean "--detailed-exitcode"'), (["plan", "--frobnicate"], "--frobnicate"),
            (["apply", "--yes"], "--yes"), (["apply", "--auto-aprove"], 'did you mean "--auto-approve"'), (["drift", "--out", "x"], "--out"),
            (["plan", "--format", "xml"], "text"), (["plan", "--format"], "--format"), (["plan", "--timeout", "1y"], "--timeout"),
            (["plan", "--timeout", "0"], "--timeout"), (["plan", "--timeout", "-5"], "--timeout"), (["plan", "--plan-ttl", "soon"], "--plan-ttl"),
            (["plan", "--parallelism", "0"], "--parallelism"), (["plan", "--parallelism", "many"], "--parallelism"), (["plan", "--budget", "101"], "--budget"),
            (["apply", "--max-failures", "0"], "--max-failures"), (["get"], "id"), (["get", "current"], "current"), (["get", "../x"], "../x"),
            (["get", "00Ta", "00Tb"], "00Tb"), (["get", "a" * 65], "no token id"), (["revoke"], "--current"), (["revoke", "00Ta"], "--reason"),
            (["schema", "manifets"], 'did you mean "manifest"'), (["schema"], "manifest"), (["show"], "file"),
            (["apply", "--plan", "p.json", "m.yaml"], "not both"), (["plan", "--color", "sometimes"], "always"), (["plan", "--log-level", "loud"], "debug"),
            (["plan", "--out"], "--out"), (["plan", "--detailed-exitcode=maybe"], "--detailed-exitcode"), (["plan", "\u001b[31m--x"], ""),
            (["plan", "--out", "a", "--out", "b"], "--out"), (["apply", "--allow-revoke=false", "m.yaml"], "")]
        for arguments, word in rows:
            with self.subTest(arguments=arguments):
                outcome = self.expect(3, *arguments, env=self.env())
                self.hold_one_line(outcome, word)
                self.assertEqual(outcome.out, "")

    def test_a_machine_gets_its_document_for_them_too(self):
        for arguments in (["plan", "--frobnicate", "--format=json"], ["plam", "--format=json"], ["get", "../x", "--format=json"]):
            outcome = self.expect(3, *arguments, env=self.env())
            self.assertEqual(len(outcome.summaries), 1)
        json.loads(self.expect(3, "get", "--format", "json", env=self.env()).out)

    def test_an_ack_does_not_swallow_paths(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens: []\n")
        self.expect(0, "plan", "--ack", "agent-token:00Tdemo0000000000012", manifest, server=sim)
        self.expect(0, "plan", "--org", sim.url, manifest, server=sim)


class Documents(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")
        self.todo = self.manifest("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n")

    def test_every_command_answers_with_one_document(self):
        self.expect(0, "plan", self.todo, "--out", "p.json", server=self.server)
        rows = [(["plan", self.todo], "resource_changes"), (["drift", self.todo], "resource_changes"), (["validate", self.todo], "diagnostics"),
                (["show", "p.json"], "resource_changes"), (["show", "p.json", "--reverse"], "resource_changes"), (["snapshot"], "tokens"),
                (["apply", "--auto-approve", self.todo], "results"), (["apply", "--auto-approve", self.todo], "results"),
                (["apply", "--plan", "p.json"], "results"), (["version"], "version"), (["completion", "bash"], "script"), (["get", "00Tdemo0000000000001"], "id")]
        for command, key in rows:
            with self.subTest(command=command):
                self.assertIn(key, self.run_program(*command, "--format=json", server=self.server).json)

    def test_a_snapshot_to_a_file_with_json_still_answers(self):
        self.run_program("snapshot", "--out", "s.json", "--format=json", server=self.server)

    def test_lists_hold_exactly_the_ten_fields(self):
        tokens = self.expect(0, "list", "tokens", "--format=json", server=self.server).json
        self.assertEqual(len(tokens), 14)
        for token in tokens:
            missing = TEN_FIELDS - set(token)
            self.assertLessEqual(set(token), TEN_FIELDS)
            self.assertLessEqual(missing, {"network"}, token)
        one = self.expect(0, "get", "00Tdemo0000000000002", "--format=json", server=self.server).json
        self.assertEqual(set(one), TEN_FIELDS)
        self.assertEqual(one, next(t for t in tokens if t["id"] == one["id"]))
        self.assertIn("href", one["_link"]["self"])
        zones = self.expect(0, "list", "zones", "--format=json", server=self.server).json
        self.assertEqual(len(zones), 9)
        self.assertIn("gateways", zones[1])

    def test_json_is_ascii_so_that_no_terminal_is_steered(self):
        org = self.rude_org([kit.token(1, name="\u202e\u009b31m\u2066 caf\u00e9")], [kit.zone(1, name="\u202ezone")])
        for command in (["plan", self.manifest("tokens: []\n", "n.yaml")], ["list", "tokens"], ["list", "zones"], ["get", kit.token(1)["id"]], ["snapshot"]):
            outcome = self.expect(0, *command, "--format=json", server=org.server)
            self.assertTrue(outcome.raw_out.isascii(), outcome)

    def test_a_token_that_is_not_there(self):
        outcome = self.expect(1, "get", "00Tnobody", "--format=json", server=self.server)
        self.hold_one_line(outcome, "00Tnobody", "404", "zonepin list tokens")

    def test_the_plan_says_what_designs_field_names_say(self):
        plan = self.expect(0, "plan", self.todo, "--format=json", server=self.server).json
        change = next(c for c in plan["resource_changes"] if c["status"] == "replace")
        self.assertEqual(change["address"], "okta_api_token.00Tdemo0000000000002")
        self.assertEqual(change["type"], "okta_api_token")
        self.assertEqual(change["source"], {"file": self.todo, "line": 4})
        self.assertEqual(change["change"]["actions"], ["update"])
        self.assertEqual(change["change"]["before"]["network"], {"connection": "ANYWHERE"})
        self.assertEqual(change["change"]["after"]["network"], {"connection": "ZONE", "include": ["nzodemo0000000000002"]})
        self.assertEqual(change["effect"], "tighten")
        self.assertRegex(change["before_sha256"], "^[0-9a-f]{64}$")
        self.assertEqual(plan["zones"]["nzodemo0000000000002"]["name"] if "nzodemo0000000000002" in plan["zones"]
                         else plan["zones"][self.server.authority]["nzodemo0000000000002"]["name"], "ci-runners")


if __name__ == "__main__":
    kit.main()
