"""A person at a terminal: questions, answers, and the terminal itself."""

import json
import os
import re
import signal
import time

import kit

CI, ETL = "00Tdemo0000000000002", "00Tdemo0000000000004"
TODO = "tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n"
QUESTION = "Only \"yes\" is taken as one: "


class Questions(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")

    def written(self):
        return [line for line in self.server.log() if not line.startswith("GET")]

    def test_the_plan_stands_before_the_question_and_yes_carries_it_out(self):
        screen = self.screen("apply", self.manifest(TODO), server=self.server)
        screen.wait_for(QUESTION)
        self.assertIn("Carry out 1 action at " + self.server.authority, screen.shown)
        self.assertLess(screen.plain.index("replace \"ci-deployer\""), screen.plain.index("Carry out"))
        self.assertEqual(self.written(), [])
        screen.type("yes\n")
        self.assertEqual(screen.end(), 0, screen.shown)
        self.assertIn("1 done", screen.shown)
        self.assertEqual(len(self.written()), 1)

    def test_anything_but_yes_is_a_no(self):
        manifest = self.manifest(TODO)
        for answer in ("no\n", "y\n", "YES\n", "\n", "yes please\n", "\x04"):
            with self.subTest(answer=answer):
                screen = self.screen("apply", manifest, server=self.server)
                screen.wait_for(QUESTION)
                screen.type(answer)
                self.assertEqual(screen.end(), 1, screen.shown)
                self.assertIn("not approved, and nothing was written", screen.shown)
        self.assertEqual(self.written(), [])

    def test_a_change_between_question_and_yes_is_5(self):
        screen = self.screen("apply", self.manifest(TODO), server=self.server)
        screen.wait_for(QUESTION)
        self.server.put_network(CI, {"connection": "ZONE", "include": ["nzodemo0000000000003"]})
        self.server.clear_log()
        screen.type("yes\n")
        self.assertEqual(screen.end(), 5, screen.shown)
        self.assertIn("changed since you were asked", " ".join(screen.shown.split()))
        self.assertEqual(self.written(), [])

    def test_a_change_elsewhere_is_no_obstacle(self):
        screen = self.screen("apply", self.manifest(TODO), server=self.server)
        screen.wait_for(QUESTION)
        self.server.put_network(ETL, {"connection": "ZONE", "include": ["nzodemo0000000000003"]})
        screen.type("yes\n")
        self.assertEqual(screen.end(), 0, screen.shown)

    def test_ctrl_c_at_the_question_is_130(self):
        screen = self.screen("apply", self.manifest(TODO), server=self.server)
        screen.wait_for(QUESTION)
        screen.process.send_signal(signal.SIGINT)
        self.assertEqual(screen.end(), 130, screen.shown)
        self.assertIn("nothing was written", screen.shown)
        self.assertEqual(self.written(), [])

    def test_a_blocked_plan_is_not_asked_about(self):
        screen = self.screen("apply", self.manifest("tokens:\n  - name: old-backup\n    state: revoked\n    reason: SEC-1\n"), server=self.server)
        self.assertEqual(screen.end(), 4, screen.shown)
        self.assertNotIn("yes", screen.shown)

    def test_a_bare_ack_is_for_people(self):
        entry = "self: { name: zonepin-ci }\ntokens:\n  - name: ad-agent-dc01\n    network: { connection: ZONE, include: [corp-offices] }\n"
        screen = self.screen("apply", "--ack", "agent-token", self.manifest(entry), server=self.server)
        screen.wait_for(QUESTION)
        screen.type("yes\n")
        self.assertEqual(screen.end(), 0, screen.shown)

    def test_json_asks_on_standard_error_and_answers_with_one_document(self):
        manifest = self.manifest(TODO)
        for answer, code, key in (("yes\n", 0, "results"), ("no\n", 1, "diagnostics")):
            with self.subTest(answer=answer):
                self.server.put_network(CI, {"connection": "ANYWHERE"})
                with open(self.folder / "out.json", "wb") as out:
                    screen = self.screen("apply", "--format=json", manifest, server=self.server, stdout=out)
                screen.wait_for(QUESTION)
                self.assertIn("replace \"ci-deployer\"", screen.plain)
                screen.type(answer)
                self.assertEqual(screen.end(), code, screen.shown)
                document = json.loads((self.folder / "out.json").read_text())
                kit.validate_document(document)
                self.assertIn(key, document)


class RevokeCurrent(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")

    def deleted(self):
        return [line for line in self.server.log() if line.startswith("DELETE")]

    def test_without_a_terminal_it_is_3(self):
        self.hold_one_line(self.expect(3, "revoke", "--current", server=self.server), "--auto-approve")
        self.assertEqual(self.server.log(), [])

    def test_it_says_what_it_is_about_to_do_and_asks(self):
        screen = self.screen("revoke", "--current", server=self.server)
        screen.wait_for("Only \"yes\"")
        for word in ("OKTA_API_TOKEN", self.server.authority, "platform-bot@acme.example", "can't be brought back"):
            self.assertIn(word, " ".join(screen.shown.split()))
        screen.type("no\n")
        self.assertEqual(screen.end(), 1, screen.shown)
        self.assertEqual(self.deleted(), [])
        screen = self.screen("revoke", "--current", server=self.server)
        screen.wait_for("Only \"yes\"")
        screen.type("yes\n")
        self.assertEqual(screen.end(), 0, screen.shown)
        self.assertEqual(self.deleted(), ["DELETE /api/v1/api-tokens/current 204"])
        self.assertNotIn(self.server.secret, screen.shown)

    def test_auto_approve(self):
        outcome = self.expect(0, "revoke", "--current", "--auto-approve", "--format=json", server=self.server)
        self.assertEqual(outcome.json["revoked"], "current")
        self.assertEqual(self.expect(7, "list", "tokens", server=self.server).out, "")

    def test_only_an_ssws_token_can_be_revoked_so(self):
        env = self.env(OKTA_CLIENT_ORGURL=self.server.url, OKTA_ACCESS_TOKEN=kit.SECRET)
        self.hold_one_line(self.expect(3, "revoke", "--current", "--auto-approve", env=env), "OKTA_ACCESS_TOKEN", "SSWS")
        self.assertEqual(self.server.log(), [])


class Colours(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")

    def shown(self, *options, **env):
        screen = self.screen("plan", self.manifest(TODO), *options, env=self.env(self.server, **env))
        self.assertEqual(screen.end(), 0, screen.shown)
        return screen.shown

    def test_when(self):
        rows = [((), {"TERM": "xterm"}, True), ((), {"TERM": "dumb"}, False), ((), {"TERM": "xterm", "NO_COLOR": "1"}, False),
                ((), {"TERM": "xterm", "NO_COLOR": ""}, True), (("--color", "never"), {"TERM": "xterm"}, False),
                (("--color", "always"), {"TERM": "dumb", "NO_COLOR": "1"}, True)]
        for options, env, coloured in rows:
            with self.subTest(options=options, env=env):
                self.assertEqual("\x1b[" in self.shown(*options, **env), coloured)

    def test_a_pipe_gets_colours_only_on_demand(self):
        manifest = self.manifest(TODO)
        self.assertNotIn("\x1b", self.expect(0, "plan", manifest, env=self.env(self.server, TERM="xterm")).out)
        self.assertIn("\x1b", self.expect(0, "plan", manifest, "--color", "always", env=self.env(self.server, TERM="xterm")).out)

    def test_json_is_never_coloured(self):
        outcome = self.expect(0, "plan", self.manifest(TODO), "--format=json", "--color", "always", server=self.server)
        self.assertNotIn("\x1b", outcome.out)

    def test_columns(self):
        for columns in (40, 80, 132):
            for command in (["plan", self.manifest(TODO)], ["list", "tokens"], ["list", "zones"], ["get", CI]):
                outcome = self.expect(0, *command, env=self.env(self.server, COLUMNS=columns))
                widest = max((line for line in outcome.out.splitlines() if str(self.folder) not in line), key=len)
                self.assertLessEqual(len(widest), columns, widest)


class Output(kit.Case):
    """A result that nobody got is a failure that is told."""

    def test_a_full_disk(self):
        sim = self.sim("--demo")
        manifest = self.manifest(TODO)
        for command in (["plan", manifest], ["plan", manifest, "--format=json"], ["list", "tokens"], ["version"], ["--help"], ["schema", "plan"]):
            with self.subTest(command=command), open("/dev/full", "wb") as full:
                outcome = self.expect(1, *command, server=sim, stdout=full)
                self.assertEqual(len(outcome.err.splitlines()), 1, outcome.err)
                self.assertIn("standard output", outcome.err)

    def test_a_closed_pipe(self):
        sim = self.sim("--demo")
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as pipe:
            outcome = self.expect(1, "list", "tokens", server=sim, stdout=pipe)
        self.assertIn("standard output", outcome.err)

    def test_a_failure_keeps_its_own_code(self):
        with open("/dev/full", "wb") as full:
            outcome = self.expect(3, "plan", "nowhere", "--format", "json", env=self.env(), stdout=full)
        self.assertIn("nowhere", outcome.err)


if __name__ == "__main__":
    kit.main()
