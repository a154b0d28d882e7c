"""The verbs for a bad night: fence ID…, revoke ID…, identify."""

import json
import subprocess

import kit

SELF, CI, ETL, BACKUP, AGENT = (f"00Tdemo{n:013d}" for n in (1, 2, 4, 9, 12))
QUESTION = "Only \"yes\" is taken as one: "
FENCED = "nzodemo0000000000001"  # corp-offices


class Verbs(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")

    def log(self):
        return [" ".join(line.split()[:2]).split("?")[0] for line in self.server.log()]

    def hold_nothing_written(self):
        self.assertEqual(set(self.server.methods()) - {"GET"}, set())

    def hold_empty_plan(self, *paths):
        outcome = self.expect(0, "plan", *paths, "--detailed-exitcode", "--format=json", server=self.server)
        self.assertEqual([guard for guard in outcome.json["guards"] if not guard["lifted"]], [])
        return {change["id"]: change["status"] for change in outcome.json["resource_changes"]}

    def reading(self):
        return ["GET /api/v1/api-tokens", "GET /api/v1/users/me", "GET /api/v1/zones"]

    def hold_requests(self, writes):
        """Three to know what is there, the writes, one to confirm."""
        log = self.log()
        self.assertEqual(sorted(log[:3]), self.reading())
        self.assertEqual(sorted(log[3:-1]), sorted(writes))
        self.assertEqual(log[-1], "GET /api/v1/api-tokens")


class Fence(Verbs):
    def test_tokens_are_fenced_and_the_manifest_keeps_it_so(self):
        outcome = self.expect(0, "fence", CI, ETL, CI, "--zone", "corp-offices", "--reason", "SEC-7: leaked # twice", "--emit", "fenced.yaml",
                              "--auto-approve", server=self.server)
        self.hold_requests([f"PUT /api/v1/api-tokens/{CI}", f"PUT /api/v1/api-tokens/{ETL}"])
        self.assertIn("2 done", outcome.out)
        self.assertIn("fenced.yaml", outcome.err)
        for token in (CI, ETL):
            self.assertEqual(self.server.token(token)["network"], {"connection": "ZONE", "include": [FENCED]})
        text = (self.folder / "fenced.yaml").read_text()
        for words in ("corp-offices: { quarantine: true }", '"ci-deployer"', "SEC-7: leaked # twice", "org: " + self.server.authority):
            self.assertIn(words, text)
        statuses = self.hold_empty_plan("fenced.yaml")
        self.assertEqual([statuses[CI], statuses[ETL]], ["unchanged", "unchanged"])
        self.expect(0, "fmt", "--check", "fenced.yaml")

    def test_a_later_apply_does_not_let_it_out(self):
        self.expect(0, "fence", CI, "--zone", "corp-offices", "--emit", "fenced.yaml", "--auto-approve", server=self.server)
        fenced = (self.folder / "fenced.yaml").read_text()
        loosened = self.write("loosened.yaml", fenced.replace("include: [corp-offices]", "include: [corp-offices, ci-runners]"))
        self.server.clear_log()
        outcome = self.expect(4, "apply", "--auto-approve", loosened, server=self.server)
        self.assertIn(f"--ack quarantined:{CI}", outcome.err)
        self.hold_nothing_written()

    def test_by_the_zones_id(self):
        self.expect(0, "fence", CI, "--zone", FENCED, "--emit", "fenced.yaml", "--auto-approve", server=self.server)
        self.assertIn("include: [corp-offices]", (self.folder / "fenced.yaml").read_text())

    def test_what_is_fenced_already_is_not_written(self):
        self.server.put_network(CI, {"connection": "ZONE", "include": [FENCED]})
        self.server.clear_log()
        outcome = self.expect(0, "fence", CI, "--zone", "corp-offices", "--emit", "fenced.yaml", server=self.server)
        self.assertIn("Nothing was to do", outcome.out)
        self.assertEqual(sorted(self.log()), self.reading())
        self.hold_empty_plan("fenced.yaml")

    def test_ids_that_are_not_live_stop_all_of_it(self):
        outcome = self.expect(1, "fence", CI, "00Tnobody", "00Tnone", "--zone", "corp-offices", "--emit", "f.yaml", "--auto-approve", server=self.server)
        self.hold_one_line(outcome, "00Tnobody, 00Tnone are not live", "nothing was written", "zonepin list tokens")
        self.hold_nothing_written()
        self.assertFalse((self.folder / "f.yaml").exists())

    def test_a_zone_that_does_not_do(self):
        for zone, words in (("corp-ofices", ["no network zone", 'did you mean "corp-offices"']), ("old-vpn", ["INACTIVE"]),
                            ("partner-countries", ["DYNAMIC"]), ("known-attackers", ["BLOCKLIST"]), ("ALL_ZONES", ["no fence"]), (" ", ["empty"])):
            with self.subTest(zone):
                outcome = self.expect(3, "fence", CI, "--zone", zone, "--emit", "f.yaml", "--auto-approve", server=self.server)
                self.hold_one_line(outcome, *words)
        self.hold_nothing_written()
        self.assertFalse((self.folder / "f.yaml").exists())

    def test_two_zones_of_one_name_are_told_apart_by_id(self):
        org = self.rude_org([kit.token(1)], [kit.zone(1), kit.zone(2, name="zone-1")])
        self.hold_one_line(self.expect(3, "fence", kit.token(1)["id"], "--zone", "zone-1", "--auto-approve", server=org.server), "several", kit.zone(2)["id"])
        self.expect(0, "fence", kit.token(1)["id"], "--zone", kit.zone(2)["id"], "--emit", "f.yaml", "--auto-approve", server=org.server)
        plan = self.expect(0, "plan", "f.yaml", "--detailed-exitcode", "--format=json", server=org.server)
        self.assertEqual({finding["rule"] for finding in plan.json["findings"]} - {"caller-unknown"}, set())

    def test_a_wide_fence_is_blocked_and_an_ack_lifts_it(self):
        wide = kit.zone(1, gateways=[{"type": "CIDR", "value": "0.0.0.0/0"}])
        narrow = kit.token(1, network={"connection": "ZONE", "include": [kit.zone(2)["id"]]})
        org = self.rude_org([narrow], [wide, kit.zone(2)])
        command = ("fence", narrow["id"], "--zone", "zone-1", "--emit", "f.yaml", "--auto-approve")
        outcome = self.expect(4, *command, server=org.server)
        self.assertIn("loosen-wide", outcome.err)
        self.assertIn(f"--ack loosen-wide:{narrow['id']}", outcome.err)
        self.assertEqual(org.server.count("PUT"), 0)
        self.assertFalse((self.folder / "f.yaml").exists())
        self.expect(0, *command, "--ack", f"loosen-wide:{narrow['id']}", server=org.server)


class Revoke(Verbs):
    def test_tokens_are_revoked_and_the_manifest_keeps_it_so(self):
        """Used a moment ago, and still revoked: a person named it."""
        outcome = self.expect(0, "revoke", CI, BACKUP, "--reason", "SEC-7", "--emit", "gone.yaml", "--auto-approve", server=self.server)
        self.hold_requests([f"DELETE /api/v1/api-tokens/{CI}", f"DELETE /api/v1/api-tokens/{BACKUP}"])
        self.assertIn("recently-used", outcome.out)
        statuses = self.hold_empty_plan("gone.yaml")
        self.assertEqual([statuses[CI], statuses[BACKUP]], ["gone", "gone"])
        self.expect(0, "fmt", "--check", "gone.yaml")

    def test_the_limits_of_an_apply_do_not_count(self):
        org = self.rude_org([kit.token(n) for n in range(1, 13)], [kit.zone(1)])
        ids = [kit.token(n)["id"] for n in range(1, 13)]
        self.expect(0, "revoke", *ids, "--reason", "SEC-7", "--auto-approve", server=org.server)
        self.assertEqual(org.server.count("DELETE"), 12)

    def test_guards_hold(self):
        for token, guard in ((AGENT, "agent-token"), (SELF, "self-lockout")):
            with self.subTest(guard):
                outcome = self.expect(4, "revoke", token, BACKUP, "--reason", "SEC-7", "--emit", "gone.yaml", "--auto-approve", server=self.server)
                self.assertIn(f"--ack {guard}:{token}", outcome.err)
                self.assertFalse((self.folder / "gone.yaml").exists())
        self.hold_nothing_written()
        self.expect(0, "revoke", AGENT, "--reason", "SEC-7", "--auto-approve", "--ack", f"agent-token:{AGENT}", "--ack", f"self-lockout:{AGENT}",
                    server=self.server)
        self.assertEqual(self.server.methods().count("DELETE"), 1)

    def test_what_is_gone_already_is_done_with_a_warning(self):
        outcome = self.expect(0, "revoke", BACKUP, "00Tnobody", "--reason", "SEC-7", "--auto-approve", "--format=json", server=self.server)
        self.assertIn("warning: 00Tnobody is not live", outcome.err)
        self.assertEqual([result["id"] for result in outcome.json["results"]], [BACKUP])
        self.server.clear_log()
        outcome = self.expect(0, "revoke", BACKUP, "--reason", "SEC-7", "--emit", "gone.yaml", server=self.server)
        self.assertIn("1 gone", outcome.out)
        self.assertEqual(sorted(self.log()), self.reading())
        self.hold_empty_plan("gone.yaml")

    def test_a_name_that_looks_like_an_id_is_not_gone(self):
        org = self.rude_org([kit.token(1, name="backup")], [kit.zone(1)])
        for command in (("revoke", "backup", "--reason", "SEC-7"), ("fence", "backup", "--zone", "zone-1")):
            self.hold_one_line(self.expect(3, *command, "--auto-approve", server=org.server), "a token's name", kit.token(1)["id"])

    def test_an_empty_list_is_not_believed(self):
        org = self.rude_org([], [kit.zone(1)])
        self.assertIn("list-shrank", self.expect(4, "revoke", CI, "--reason", "SEC-7", "--auto-approve", server=org.server).err)

    def test_a_write_that_fails_is_told_and_the_manifest_is_there(self):
        org = self.rude_org([kit.token(1)], [kit.zone(1)], lambda request: (
            (403, kit.REQUEST_ID, kit.okta_error("E0000006", "You do not have permission")) if request.method == "DELETE" else None))
        outcome = self.expect(6, "revoke", kit.token(1)["id"], "--reason", "SEC-7", "--emit", "gone.yaml", "--auto-approve", server=org.server)
        self.assertIn("E0000006", outcome.out + outcome.err)
        self.assertIn("SEC-7", (self.folder / "gone.yaml").read_text())


class BothVerbs(Verbs):
    ORDERS = (("fence", CI, "--zone", "corp-offices"), ("revoke", CI, "--reason", "SEC-7"))

    def test_where_nobody_can_be_asked_it_is_3(self):
        for order in self.ORDERS:
            outcome = self.expect(3, *order, "--emit", "f.yaml", server=self.server)
            self.assertIn("nobody can be asked here, and nothing was written; add --auto-approve", outcome.err)
            self.assertFalse((self.folder / "f.yaml").exists())
        self.hold_nothing_written()

    def test_a_person_is_asked_and_the_list_is_read_again(self):
        for order in self.ORDERS:
            with self.subTest(order[0]):
                screen = self.screen(*order, "--emit", order[0] + ".yaml", server=self.server)
                screen.wait_for(QUESTION)
                self.hold_nothing_written()
                screen.type("no\n")
                self.assertEqual(screen.end(), 1, screen.shown)
                self.assertFalse((self.folder / (order[0] + ".yaml")).exists())
                screen = self.screen(*order, "--emit", order[0] + ".yaml", server=self.server)
                screen.wait_for(QUESTION)
                self.server.clear_log()
                screen.type("yes\n")
                self.assertEqual(screen.end(), 0, screen.shown)
                self.assertEqual(self.log()[:3].count("GET /api/v1/api-tokens"), 1)
                self.assertTrue((self.folder / (order[0] + ".yaml")).exists())
                self.server.clear_log()

    def test_a_change_while_a_person_thinks_is_5(self):
        screen = self.screen(*self.ORDERS[0], "--emit", "f.yaml", server=self.server)
        screen.wait_for(QUESTION)
        self.server.put_network(CI, {"connection": "ZONE", "include": ["nzodemo0000000000003"]})
        self.server.clear_log()
        screen.type("yes\n")
        self.assertEqual(screen.end(), 5, screen.shown)
        self.hold_nothing_written()
        self.assertFalse((self.folder / "f.yaml").exists())

    def test_a_file_that_is_there_is_not_written_over(self):
        self.write("there.yaml", "mine")
        for order in self.ORDERS:
            self.hold_one_line(self.expect(3, *order, "--emit", "there.yaml", "--auto-approve", server=self.server), "there.yaml", "already")
        self.assertEqual((self.folder / "there.yaml").read_text(), "mine")
        self.assertEqual(self.server.log(), [])

    def test_a_file_that_cannot_be_written_costs_no_token(self):
        for order in self.ORDERS:
            outcome = self.expect(3, *order, "--emit", "no/such/folder.yaml", "--auto-approve", server=self.server)
            self.assertIn("nothing was done at Okta", outcome.err)
        self.hold_nothing_written()

    def test_mistakes_on_the_command_line(self):
        for line, *words in (
                (["revoke", CI], "reason"), (["revoke", CI, "--reason", " "], "reason"), (["revoke"], "ids of tokens", "--current"),
                (["revoke", "ci-deployer", "--reason", "x"], "no token id", "zonepin list tokens"), (["revoke", "current", "--reason", "x"], "no token id"),
                (["revoke", "../x", "--reason", "x"], "no token id"), (["revoke", "--current", CI], "--current"),
                (["revoke", "--current", "--emit", "f.yaml"], "--current"), (["fence", CI], "--zone"), (["fence", "--zone", "corp-offices"], "id"),
                (["fence", CI, "--zone", "corp-offices", "--ack", "loosen-wide"], "--ack loosen-wide", "TOKEN_ID"),
                (["fence", CI, "--zone", "corp-offices", "--org", "a.okta.com", "--org", "b.okta.com"], "one org"),
                (["revoke", CI, "--reason", "x" * 20_000], "--reason", "too long"), (["revoke", CI, "--reason", "\udcff"], "--reason", "UTF-8")):
            with self.subTest(line):
                self.hold_one_line(self.expect(3, *line, "--auto-approve", server=self.server), *words)
        self.assertEqual(self.server.log(), [])

    def test_help_names_no_option_of_manifests(self):
        for verb in ("fence", "revoke"):
            text = self.expect(0, verb, "--help", env=self.env()).out
            self.assertIn("--emit", text)
            self.assertNotIn("--max-revoke", text)


class Identify(kit.Case):
    """Secrets are those of the simulator's state file."""

    def setUp(self):
        super().setUp()
        text = subprocess.run([kit.ZONEPIN_SIM, "--demo", "--print-state"], capture_output=True, check=True).stdout
        self.by_id = {token["id"]: token["secret"] for token in json.loads(text)["tokens"]}
        self.secrets |= set(self.by_id.values())
        self.server = self.sim("--state", self.write("org.secret", text))

    def leaked(self, token):
        return self.write("leaked.secret", self.by_id[token] + "\n")

    def hold_reads(self, count):
        self.assertEqual(self.server.methods(), ["GET"] * count)

    def test_the_page_for_that_night(self):
        """docs/incident.md from its first command to its last, with the requests that it promises."""
        leaked = self.leaked(CI)
        for requests, code, *command in (
                (4, 0, "identify", "--secret-file", leaked),
                (5, 0, "fence", CI, "--zone", "corp-offices", "--reason", "SEC-7", "--emit", "fenced.yaml", "--auto-approve"),
                (3, 0, "plan", "fenced.yaml", "--detailed-exitcode"),
                (5, 0, "revoke", CI, "--reason", "SEC-7", "--emit", "revoked.yaml", "--auto-approve"),
                (3, 0, "plan", "revoked.yaml", "--detailed-exitcode"),
                (3, 1, "identify", "--secret-file", leaked)):
            with self.subTest(command):
                self.server.clear_log()
                self.expect(code, *command, server=self.server)
                self.assertEqual(len(self.server.log()), requests, self.server.log())
                self.assertIn(f"zonepin {command[0]} ", (kit.ROOT / "docs" / "incident.md").read_text())

    def test_a_secret_in_a_file(self):
        outcome = self.expect(0, "identify", "--secret-file", self.leaked(CI), server=self.server)
        for words in (CI, '"ci-deployer"', '"ci@acme.example"'):
            self.assertIn(words, outcome.flat)
        self.assertIn("about to use the secret once at " + self.server.authority, outcome.err)
        self.assertIn(f"zonepin fence {CI} --zone ZONE", outcome.err)
        self.hold_reads(4)

    def test_on_standard_input_and_as_it_stands_in_a_header(self):
        for text in (self.by_id[CI], f"  SSWS {self.by_id[CI]}\r\n"):
            outcome = self.expect(0, "identify", "--format=json", stdin=text.encode(), server=self.server)
            self.assertEqual(outcome.json, {
                "format_version": "1.0", "org": self.server.authority, "identified": True,
                "owner": {"id": "00udemo0000000000002", "login": "ci@acme.example"}, "tokens": [{"id": CI, "name": "ci-deployer"}]})

    def test_a_token_of_the_same_owner_as_the_credential(self):
        """That one moves as well; it is told apart by when."""
        outcome = self.expect(0, "identify", "--secret-file", self.leaked(AGENT), "--format=json", server=self.server)
        self.assertEqual([token["id"] for token in outcome.json["tokens"]], [AGENT])
        self.hold_reads(4)

    def test_with_a_service_app(self):
        server = self.sim("--state", str(self.folder / "org.secret"), "--app-key-out", str(self.folder / "app.secret"))
        outcome = self.expect(0, "identify", "--secret-file", self.leaked(SELF), "--format=json", env=self.app_env(server))
        self.assertEqual([token["id"] for token in outcome.json["tokens"]], [SELF])
        self.assertEqual([line.split()[1] for line in server.log()], ["/oauth2/v1/token", "/api/v1/api-tokens", "/api/v1/users/me", "/api/v1/api-tokens"])

    def test_the_secret_in_use_is_refused_before_anything_is_sent(self):
        self.hold_one_line(self.expect(3, "identify", "--secret-file", self.leaked(SELF), server=self.server), "credential in use", "another credential")
        self.assertEqual(self.server.log(), [])

    def test_a_secret_that_is_nobodys(self):
        for secret in ("00NobodysSecret-0815-0815", self.by_id["00Tdemo0000000000011"]):  # and one whose owner is deactivated
            self.secrets.add(secret)
            outcome = self.expect(1, "identify", "--format=json", stdin=secret.encode(), server=self.server)
            self.assertIn("not the secret of a live token of " + self.server.authority, outcome.err)

    def test_what_is_no_secret(self):
        self.secrets.add("00WrittenInThe-wrong-place")
        for arguments, stdin, words in (
                (["identify"], b"", "nothing but blanks"), (["identify"], b"two words", "more than one word"), (["identify"], b"\xff\x00", "more than one"),
                (["identify"], b"x" * 5000, "4096 bytes"), (["identify", "--secret-file", "none.txt"], b"", "--secret-file"),
                (["identify", "00WrittenInThe-wrong-place"], b"", "takes no argument"),
                (["identify", "--secret-file", "00WrittenInThe-wrong-place"], b"", "does not belong on a command line"),
                (["identify", "--org", "a.okta.com", "--org", "b.okta.com"], self.by_id[CI].encode(), "one org")):
            with self.subTest(arguments=arguments, stdin=stdin[:20]):
                self.hold_one_line(self.expect(3, *arguments, stdin=stdin, server=self.server), words)
        self.assertEqual(self.server.log(), [])

    def test_typed_on_a_terminal_it_would_be_seen(self):
        screen = self.screen("identify", server=self.server)
        self.assertEqual(screen.end(), 3, screen.shown)
        self.assertIn("would be seen", screen.plain)

    def rude(self, moves, me=200):
        """An org whose list moves on with every reading: `moves` are the tokens that a use seems to move."""
        lists = []

        def before(request):
            if request.path == "/api/v1/users/me":
                if request.headers["Authorization"] == "SSWS " + kit.SECRET:
                    return 200, kit.REQUEST_ID, {"id": "00urude0000000000009", "status": "ACTIVE", "profile": {"login": "me@acme.example"}}
                return me, kit.REQUEST_ID, {"id": "00urude0000000000001", "status": "ACTIVE", "profile": {"login": "rude@acme.example"}}
            if request.path == "/api/v1/api-tokens":
                lists.append(1)
                moved = {number: {"expiresAt": "2099-03-01T00:00:00.000Z"} for number in moves} if len(lists) > 1 else {}
                return 200, kit.REQUEST_ID, [kit.token(number, **moved.get(number, {})) for number in (1, 2, 3)]
            return None

        return self.rude_org([], [], before).server

    def test_what_the_lists_do_not_tell_is_said(self):
        for moves, words in (((1, 3), "2 tokens were used"), ((), "no expiry moved")):
            outcome = self.expect(1, "identify", "--format=json", stdin=b"00SomeSecret", server=self.rude(moves))
            self.assertFalse(outcome.json["identified"])
            self.assertEqual([token["name"] for token in outcome.json["tokens"]], [f"token-{n}" for n in moves or (1, 2, 3)])
            self.assertIn(words, outcome.err)
            outcome = self.expect(1, "identify", stdin=b"00SomeSecret", server=self.rude(moves))
            self.assertIn("one of these tokens", outcome.flat)

    def test_a_token_that_may_not_ask_who_it_is(self):
        outcome = self.expect(0, "identify", "--format=json", stdin=b"00SomeSecret", server=self.rude((2,), me=403))
        self.assertEqual((outcome.json["owner"], [token["name"] for token in outcome.json["tokens"]]), (None, ["token-2"]))

    def test_an_org_that_fails(self):
        outcome = self.expect(1, "identify", "--format=json", stdin=b"00SomeSecret", server=self.rude((2,), me=404))
        self.assertIn("404", outcome.err)


if __name__ == "__main__":
    kit.main()
