"""A person at a terminal: questions, answers, and the terminal itself."""

import json
import os
import re
import signal
import time
import unicodedata

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


def columns_of(line):
    """Of a terminal, for the letters that stand in these tests."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Letters(kit.Case):
    """Width and letters of every command's text, on a terminal and through a pipe."""

    def setUp(self):
        super().setUp()
        tokens = [kit.token(1, name="M\u00fcller & S\u00f6hne \u6771\u4eac nightly export into the data warehouse of the third floor"),
                  kit.token(2, name="cafe\u0301", network={"connection": "ZONE", "include": ["nzorude0000000000001"]}),
                  kit.token(3, name="\U0001f600" * 60), kit.token(4, name="n" * 300)]
        self.org = self.rude_org(tokens, [kit.zone(1, name="b\u00fcro"), kit.zone(2, name="\u6771\u4eac-" + "x" * 90)])
        self.path = self.manifest("tokens:\n  - id: 00Trude0000000000001\n    network: { connection: ZONE, include: [nzorude0000000000002] }\n"
                                  "  - name: n\u00e9ant\n    state: revoked\n    reason: it is g\u00f6ne\n")

    def commands(self):
        self.org.tokens["00Trude0000000000001"]["network"] = {"connection": "ANYWHERE"}
        snapshot, plan = self.folder / "live.json", self.folder / "plan.json"
        if not plan.exists():
            self.expect(0, "snapshot", "--out", snapshot, env=self.of("C.UTF-8"))
            self.expect(0, "plan", self.path, "--out", plan, env=self.of("C.UTF-8"))
        live = ["--live", snapshot]
        return [(0, ["plan", self.path]), (2, ["drift", self.path]), (9, ["check", self.path]), (0, ["list", "tokens"]),
                (0, ["list", "zones"]), (0, ["get", "00Trude0000000000001"]), (0, ["explain", "00Trude0000000000001", self.path, *live]),
                (0, ["can-i", "--ip", "192.0.2.7", *live]), (0, ["show", plan]), (0, ["show", plan, "--reverse"]),
                (0, ["validate", self.path]), (0, ["apply", self.path, "--auto-approve"])]

    def of(self, locale, **more):
        return self.env(OKTA_CLIENT_ORGURL=self.org.server.url, OKTA_API_TOKEN=kit.SECRET, LANG=locale, **more)

    def test_no_line_is_wider_than_the_terminal(self):
        for locale in ("C.UTF-8", "C"):
            for columns, limit in ((80, 80), (40, 40), (7, 40)):
                for code, command in self.commands():
                    with self.subTest(command=command[0], columns=columns, locale=locale):
                        outcome = self.expect(code, *command, env=self.of(locale, COLUMNS=columns))
                        for line in outcome.out.splitlines():
                            self.assertLessEqual(columns_of(line), limit, line)

    def test_where_letters_are_ascii_all_text_is(self):
        for code, command in self.commands():
            with self.subTest(command=command[0]):
                outcome = self.expect(code, *command, env=self.of("C"))
                self.assertTrue((outcome.out + outcome.err).isascii(), outcome)
                self.assertNotIn("??", outcome.out + outcome.err)
        listed = self.expect(0, "list", "tokens", env=self.of("POSIX", COLUMNS=120)).out
        self.assertIn("M\\u00fcller & S\\u00f6hne", listed)
        self.assertIn("...  ", listed)
        starts = {re.search("00Trude", line).start() for line in listed.splitlines()[1:5]}
        self.assertEqual(len(starts), 1, listed)

    def test_on_a_terminal_too_and_in_the_question(self):
        screen = self.screen("apply", self.path, env=self.of("C", TERM="xterm"))
        screen.wait_for(QUESTION)
        screen.type("no\n")
        self.assertEqual(screen.end(), 1, screen.shown)
        self.assertTrue(screen.shown.isascii(), screen.shown)
        self.assertIn("\x1b[", screen.shown)
        self.assertIn("M\\u00fcller", screen.plain)

    def test_which_variable_decides(self):
        rows = [({}, False), ({"LANG": ""}, False), ({"LANG": "C"}, True), ({"LANG": "POSIX"}, True), ({"LANG": "de_DE.UTF-8"}, False),
                ({"LANG": "de_DE.utf8"}, False), ({"LANG": "C.UTF-8"}, False), ({"LANG": "de_DE.ISO-8859-1"}, True), ({"LANG": "de_DE"}, True),
                ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, False), ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, True),
                ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, False), ({"LC_ALL": "C.UTF-8", "LC_CTYPE": "C"}, False), ({"LANG": "C.UTF-8", "TERM": "dumb"}, False)]
        for variables, is_ascii in rows:
            with self.subTest(variables=variables):
                env = self.of("C")
                del env["LANG"]
                env.update(variables)
                self.assertEqual(self.expect(0, "list", "zones", env=env).out.isascii(), is_ascii)

    def test_mistakes_are_told_in_ascii_with_the_mark_in_its_place(self):
        path = self.manifest("tokens:\n  - { name: M\u00fcller, ignore: true, nmae: x }\n", name="b\u00f6se.yaml")
        err = self.expect(3, "validate", path, env=self.of("C")).err
        self.assertTrue(err.isascii(), err)
        source, mark = err.splitlines()[1:3]
        self.assertEqual(source.index("nmae"), mark.index("^"), err)

    def test_documents_stay_utf_8_and_files_too(self):
        for name in ("html", "markdown", "text", "github"):
            files = []
            for locale in ("C", "C.UTF-8"):
                file = self.folder / f"{name}.{locale}"
                self.expect(0, "plan", self.path, "--output", f"{name}={file}", env=self.of(locale))
                files.append(re.sub("[0-9]{2}:[0-9]{2}:[0-9]{2}", "", file.read_text()))
            self.assertEqual(files[0], files[1])
            self.assertIn("M\u00fcller", files[0])
        piped = self.expect(0, "plan", self.path, "--format", "markdown", env=self.of("C")).out
        self.assertIn("M\u00fcller", piped)
        exported = self.expect(0, "export", env=self.of("C")).out
        self.assertIn("M\u00fcller", exported)

    def test_a_table_is_cut_to_a_screen_and_whole_in_a_pipe(self):
        name = self.org.tokens["00Trude0000000000001"]["name"]
        self.assertIn(name + "  ", self.expect(0, "list", "tokens", env=self.of("C.UTF-8")).out)
        self.assertIn("x" * 90 + "  ", self.expect(0, "list", "zones", env=self.of("C.UTF-8")).out)
        self.assertNotIn(name, self.expect(0, "list", "tokens", env=self.of("C.UTF-8", COLUMNS=80)).out)
        screen = self.screen("list", "tokens", env=self.of("C.UTF-8", TERM="dumb"))
        self.assertEqual(screen.end(), 0, screen.shown)
        self.assertNotIn(name, screen.shown)

    def test_what_an_apply_did_stands_apart_from_what_it_planned(self):
        out = self.expect(0, "apply", self.path, "--auto-approve", env=self.of("C.UTF-8")).out
        self.assertIn(f".\n\n{self.org.server.url.split('://')[1]}\n  + done: replace", out)
        self.assertFalse(out.startswith("\n"))

    def test_long_lists_are_cut_and_counted(self):
        org = self.rude_org([kit.token(n, name=f"t\u00f6ken-{n}") for n in range(1, 301)])
        for locale in ("C", "C.UTF-8"):
            env = self.env(OKTA_CLIENT_ORGURL=org.server.url, OKTA_API_TOKEN=kit.SECRET, LANG=locale, PAGER="false", TERM="xterm")
            for code, command in ((0, "plan"), (2, "drift"), (9, "check")):
                with self.subTest(command=command, locale=locale):
                    path = self.manifest("expect: { min_tokens: 300 }\ntokens:\n  - id: 00Trude0000000000301\n    ignore: true\n")
                    out = self.expect(code, command, path, env=env).out
                    self.assertRegex(out, "and [0-9]+ more")
                    self.assertLess(len(out.splitlines()), 350)


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
