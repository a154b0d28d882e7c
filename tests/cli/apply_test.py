"""apply against orgs that behave and orgs that do not."""

import json
import signal
import subprocess
import threading
import time

import kit

CI, ETL, BACKUP, AGENT = "00Tdemo0000000000002", "00Tdemo0000000000004", "00Tdemo0000000000009", "00Tdemo0000000000012"
CORP = "nzorude0000000000001"


def replace(*numbers):
    return "tokens:\n" + "".join(f"  - id: {kit.token(n)['id']}\n    network: {{ connection: ZONE, include: [zone-1] }}\n" for n in numbers)


def revoke(*numbers):
    return "".join(f"  - id: {kit.token(n)['id']}\n    state: revoked\n    reason: SEC-1\n" for n in numbers)


# The agent's token belongs to the owner of the token in use, which is another one.
SELF = "self: { name: zonepin-ci }\n"


class Writes(kit.Case):
    def test_three_changes_are_three_puts_and_two_lists(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens:\n" + "".join(
            f"  - name: {name}\n    network: {{ connection: ZONE, include: [ci-runners] }}\n" for name in ("ci-deployer", "etl-nightly", "helpdesk-bot")))
        self.expect(0, "apply", "--auto-approve", manifest, server=sim)
        log = [line.split("?")[0].split(" 20")[0] for line in sim.log()]
        self.assertEqual(sorted(log[:3]), ["GET /api/v1/api-tokens", "GET /api/v1/users/me", "GET /api/v1/zones"])
        self.assertEqual(sorted(line.split()[0] for line in log[3:6]), ["PUT"] * 3)
        self.assertEqual(log[6:], ["GET /api/v1/api-tokens"])
        self.expect(0, "plan", manifest, "--detailed-exitcode", server=sim)

    def test_a_put_echoes_the_live_token_and_changes_only_its_condition(self):
        odd = kit.token(1, name="Näme \"with\" \\ & <odd> \u2603 \U0001f512", clientName="Okta API", created="2021-11-09T20:38:10.000Z",
                        userId="00uabcdefg1234567890", network={"connection": "ZONE", "exclude": [CORP]}, tokenWindow="PT5M")
        plain = kit.token(2, network=None)
        org = self.rude_org([odd, plain], [kit.zone(1)])
        outcome = self.expect(0, "apply", "--auto-approve", self.manifest(replace(1, 2)), server=org.server)
        self.assertIn("2 done", outcome.out)
        bodies = {r.path.rsplit("/", 1)[1]: r for r in org.server.requests if r.method == "PUT"}
        for token in (odd, plain):
            request = bodies[token["id"]]
            self.assertEqual(request.headers["Content-Type"], "application/json")
            self.assertEqual(request.headers["Authorization"], "SSWS " + kit.SECRET)
            self.assertEqual(request.json, {
                "name": token["name"], "userId": token["userId"], "clientName": token["clientName"], "created": token["created"],
                "network": {"connection": "ZONE", "include": [CORP]}})

    def test_anywhere_is_written_without_lists(self):
        org = self.rude_org([kit.token(1, network={"connection": "ZONE", "include": [CORP]})], [kit.zone(1)])
        manifest = self.manifest(f"tokens:\n  - id: {kit.token(1)['id']}\n    network: {{ connection: ANYWHERE }}\n")
        self.expect(4, "apply", "--auto-approve", manifest, server=org.server)
        self.expect(0, "apply", "--auto-approve", "--ack", "loosen-wide:" + kit.token(1)["id"], manifest, server=org.server)
        put = [r for r in org.server.requests if r.method == "PUT"]
        self.assertEqual(put[0].json["network"], {"connection": "ANYWHERE"})

    def test_an_empty_plan_writes_nothing_and_never_asks(self):
        sim = self.sim("--demo")
        outcome = self.expect(0, "apply", self.manifest("tokens: []\n"), server=sim)
        self.assertEqual(set(sim.methods()), {"GET"})
        self.assertNotIn("error", outcome.err)


class Guards(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")

    def hold_nothing_written(self):
        self.assertEqual(set(self.server.methods()) - {"GET"}, set())

    def test_without_a_terminal_and_without_auto_approve_it_is_3(self):
        outcome = self.expect(3, "apply", self.manifest("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n"),
                              server=self.server)
        self.hold_one_line(outcome, "--auto-approve")
        self.hold_nothing_written()

    def test_a_revoke_needs_allow_revoke(self):
        manifest = self.manifest(f"tokens:\n  - id: {BACKUP}\n    state: revoked\n    reason: SEC-1\n")
        outcome = self.expect(4, "apply", "--auto-approve", manifest, "--format=json", server=self.server)
        self.assertIn("--allow-revoke", outcome.err)
        self.hold_nothing_written()
        self.expect(3, "apply", "--auto-approve", "--ack", "allow-revoke", manifest, server=self.server)
        self.hold_nothing_written()
        self.expect(0, "apply", "--auto-approve", "--allow-revoke", manifest, server=self.server)
        self.assertEqual(self.server.methods().count("DELETE"), 1)

    def test_an_agents_token_is_written_only_with_an_ack(self):
        entry = SELF + f"tokens:\n  - id: {AGENT}\n    network: {{ connection: ZONE, include: [corp-offices] }}\n"
        manifest = self.manifest(entry)
        outcome = self.expect(4, "apply", "--auto-approve", manifest, server=self.server)
        for word in ("agent-token", AGENT, "--ack agent-token:" + AGENT, "acks:"):
            self.assertIn(word, outcome.err)
        self.expect(4, "plan", "--enforce", manifest, server=self.server)
        self.expect(4, "apply", "--auto-approve", "--ack", "agent-token:" + CI, manifest, server=self.server)
        ended = self.manifest(entry + f"acks:\n  - {{ guard: agent-token, token: {AGENT}, until: 2024-12-31, reason: SEC-1 }}\n", "ended.yaml")
        outcome = self.expect(4, "apply", "--auto-approve", ended, server=self.server)
        self.assertIn("ended", outcome.out + outcome.err)
        self.hold_nothing_written()
        current = self.manifest(entry + f"acks:\n  - {{ guard: agent-token, token: {AGENT}, until: 2099-12-31, reason: SEC-1 }}\n", "acked.yaml")
        self.expect(0, "plan", "--enforce", current, server=self.server)
        self.expect(0, "apply", "--auto-approve", "--ack", "agent-token:" + AGENT, manifest, server=self.server)

    def test_an_ack_in_the_manifest_lifts(self):
        manifest = self.manifest(SELF + f"tokens:\n  - id: {AGENT}\n    network: {{ connection: ZONE, include: [corp-offices] }}\n"
                                 f"acks:\n  - {{ guard: agent-token, token: {AGENT}, until: 2099-12-31, reason: SEC-1 }}\n")
        self.expect(0, "plan", manifest, "--out", "p.json", server=self.server)
        self.expect(0, "apply", "--plan", "p.json", server=self.server)
        self.assertEqual(self.server.methods().count("PUT"), 1)

    def test_acks_on_the_command_line(self):
        manifest = self.manifest("tokens: []\n")
        self.hold_one_line(self.expect(3, "apply", "--auto-approve", "--ack", "agent-token", manifest, server=self.server),
                           "--ack agent-token", "agent-token:TOKEN_ID")
        self.hold_one_line(self.expect(3, "plan", "--ack", "agent-tokn:" + CI, manifest, server=self.server), 'did you mean "agent-token"')
        self.hold_one_line(self.expect(3, "plan", "--ack", "agent-token:../x", manifest, server=self.server), "no token id")
        self.hold_one_line(self.expect(3, "plan", "--ack", "agent-token:", manifest, server=self.server), "no token id")
        self.assertEqual(self.server.log(), [])
        for guard in ("self-lockout", "recently-used", "recently-created", "loosen-wide", "quarantined", "list-shrank"):
            with self.subTest(guard):
                self.expect(0, "plan", "--ack", f"{guard}:{CI}", manifest, server=self.server)


class Trouble(kit.Case):
    """429, 5xx and lost answers: the end is the same, or is told."""

    def org(self, before, count=1, **fields):
        fields.setdefault("expiresAt", "2024-01-01T00:00:00.000Z")  # not used for long
        return self.rude_org([kit.token(n, **fields) for n in range(1, count + 1)], [kit.zone(1)], before)

    def apply(self, code, org, body, *more, **rest):
        return self.expect(code, "apply", "--auto-approve", self.manifest(body), *more, server=org.server, **rest)

    def test_a_429_waits_and_goes_on(self):
        seen = []

        def before(request):
            if request.method == "PUT" and not seen:
                seen.append(1)
                now = int(time.time())
                return 429, {**kit.REQUEST_ID, "X-Rate-Limit-Limit": "600", "X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": str(now + 1)}, \
                    kit.okta_error("E0000047", "API call exceeded rate limit due to too many requests.")
            return None

        org = self.org(before)
        self.apply(0, org, replace(1))
        self.assertEqual(org.server.count("PUT"), 2)

    def test_a_429_beyond_the_timeout_is_8(self):
        def before(request):
            if request.method == "PUT":
                return 429, {"X-Rate-Limit-Limit": "600", "X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": str(int(time.time()) + 3000)}, \
                    kit.okta_error("E0000047", "too many")
            return None

        org = self.org(before)
        started = time.monotonic()
        outcome = self.apply(8, org, replace(1), "--timeout", "3s", "--format=json")
        self.assertLess(time.monotonic() - started, 20)
        self.assertEqual(outcome.json["orgs"][0]["exit_code"], 8)
        self.assertEqual(outcome.json["summary"]["done"], 0)

    def hold_up(self, method, path, number):
        """An org that never answers the request of that number."""
        gate = threading.Event()
        self.addCleanup(gate.set)

        def before(request):
            if request.method == method and request.path == path and org.server.count(method, path) == number:
                gate.wait(40)
            return None

        org = self.org(before)
        return org

    def test_no_request_lasts_beyond_the_timeout(self):
        """A read ends with the run's time; a write that is on its way gets 5 s more, and what became of it is unknown."""
        put = "/api/v1/api-tokens/" + kit.token(1)["id"]
        rows = [("GET", "/api/v1/api-tokens", 1, 2, 4), ("GET", "/api/v1/api-tokens", 2, 2, 4), ("PUT", put, 1, 2, 9.5)]
        for method, path, number, seconds, most in rows:
            with self.subTest(method=method, number=number):
                org = self.hold_up(method, path, number)
                started = time.monotonic()
                outcome = self.apply(8 if number == 1 else 0, org, replace(1), "--timeout", f"{seconds}s", "--format=json")
                self.assertLess(time.monotonic() - started, most)
                if method == "PUT":
                    self.assertEqual(outcome.json["summary"]["unknown"], 1)
                elif number == 2:
                    self.assertIs(outcome.json["orgs"][0]["confirmed"], False)
                    self.assertEqual(outcome.json["summary"]["done"], 1)

    def test_a_503_that_wrote_nothing_is_tried_again_after_a_look(self):
        seen = []

        def before(request):
            if request.method == "PUT" and not seen:
                seen.append(1)
                return 503, {}, b"Service Unavailable"
            return None

        org = self.org(before)
        self.apply(0, org, replace(1))
        kinds = [r.method for r in org.server.requests if kit.token(1)["id"] in r.path]
        self.assertEqual(kinds, ["PUT", "GET", "PUT"])

    def test_a_lost_answer_to_a_put_that_was_done_is_done(self):
        seen = []

        def before(request):
            if request.method == "PUT" and not seen:
                seen.append(1)
                org.usual(request)
                return kit.hang_up
            return None

        org = self.org(before)
        outcome = self.apply(0, org, replace(1))
        self.assertIn("1 done", outcome.out)
        self.assertEqual(org.server.count("PUT"), 1)

    def test_a_lost_answer_to_a_delete_that_was_done_is_done(self):
        seen = []

        def before(request):
            if request.method == "DELETE" and not seen:
                seen.append(1)
                org.usual(request)
                return kit.hang_up
            return None

        org = self.org(before)
        outcome = self.apply(0, org, "tokens:\n" + revoke(1), "--allow-revoke")
        self.assertIn("1 done", outcome.out)
        self.assertEqual(org.server.count("DELETE"), 1)

    def test_writes_that_never_succeed_end_and_are_told(self):
        org = self.org(lambda r: (500, kit.REQUEST_ID, kit.okta_error("E0000009", "Internal Server Error")) if r.method == "PUT" else None, 2)
        outcome = self.apply(6, org, replace(1, 2), "--format=json")
        self.assertEqual(outcome.json["summary"]["failed"], 2)
        self.assertLess(org.server.count("PUT"), 20)
        for result in outcome.json["results"]:
            self.assertIn("E0000009", result["message"])
            self.assertEqual(result["request_id"], "rude-request-1")

    def test_a_400_costs_only_its_token(self):
        bad = kit.token(2)["id"]

        def before(request):
            if request.method == "PUT" and request.path.endswith(bad):
                return 400, kit.REQUEST_ID, kit.okta_error("E0000001", "Api validation failed: network", ["zone is \u001b[31mbad\u202e"])
            return None

        org = self.org(before, 3)
        outcome = self.apply(6, org, replace(1, 2, 3))
        self.assertIn("2 done, 1 failed", outcome.out)
        self.assertIn("E0000001", outcome.out)
        self.assertIn("rude-request-1", outcome.out)

    def test_a_failed_replace_stops_the_revokes(self):
        org = self.org(lambda r: (400, {}, kit.okta_error("E0000001", "no")) if r.method == "PUT" else None, 2)
        outcome = self.apply(6, org, replace(1) + revoke(2), "--allow-revoke")
        self.assertEqual(org.server.count("DELETE"), 0)
        self.assertIn("not reached: revoke", outcome.out)

    def test_max_failures_ends_the_run(self):
        org = self.org(lambda r: (400, {}, kit.okta_error("E0000001", "no")) if r.method == "PUT" else None, 12)
        outcome = self.apply(1, org, replace(*range(1, 13)), "--max-failures", "3", "--parallelism", "1")
        self.assertEqual(org.server.count("PUT"), 3)
        self.assertIn("--max-failures", outcome.err)

    def test_401_in_the_middle_ends_the_run_with_6(self):
        def before(request):
            if org.server.count("PUT") > 1 and request.method == "PUT":
                return 401, kit.REQUEST_ID, kit.okta_error("E0000011", "Invalid token provided")
            return None

        org = self.org(before, 4)
        outcome = self.apply(6, org, replace(1, 2, 3, 4), "--parallelism", "1", "--format=json")
        self.assertEqual(outcome.json["summary"]["done"], 1)
        self.assertEqual(outcome.json["summary"]["not_reached"], 2)
        self.assertEqual(org.server.count("PUT"), 2)

    def test_read_only_okta_is_8(self):
        org = self.org(lambda r: (503, {}, kit.okta_error("E0000010", "Service is in read only mode")) if r.method == "PUT" else None, 3)
        outcome = self.apply(8, org, replace(1, 2, 3), "--parallelism", "1")
        self.assertEqual(org.server.count("PUT"), 1)
        self.assertIn("read-only", outcome.err)

    def test_a_token_that_went_away_meanwhile_is_gone(self):
        def before(request):
            if request.method == "PUT":
                org.tokens.pop(kit.token(1)["id"], None)
            return None

        org = self.org(before, 2)
        outcome = self.apply(0, org, replace(1, 2), "--parallelism", "1")
        self.assertIn("1 gone", outcome.out)

    def test_an_answer_that_contradicts_what_was_sent_is_a_failure(self):
        def before(request):
            if request.method == "PUT":
                return 200, kit.REQUEST_ID, kit.token(1)  # a nod, and the old condition
            return None

        org = self.org(before)
        outcome = self.apply(6, org, replace(1))
        self.assertIn("FAILED", outcome.out)
        self.assertIn("network condition differs", outcome.flat)

    def test_okta_that_forgets_at_the_end_is_found_out(self):
        """The answer to the PUT is right, the list at the end shows the old condition."""
        lists = []

        def before(request):
            if request.path == "/api/v1/api-tokens":
                lists.append(1)
                if len(lists) == 2:
                    return 200, {}, [kit.token(1)]
            return None

        org = self.org(before)
        outcome = self.apply(6, org, replace(1))
        self.assertIn("FAILED", outcome.out)

    def test_a_list_at_the_end_that_fails_is_said(self):
        lists = []

        def before(request):
            if request.path == "/api/v1/api-tokens":
                lists.append(1)
                if len(lists) >= 2:
                    return 403, kit.REQUEST_ID, kit.okta_error("E0000006", "no")
            return None

        org = self.org(before)
        outcome = self.apply(0, org, replace(1), "--format=json")
        self.assertIn("warning: ", outcome.err)
        self.assertIs(outcome.json["orgs"][0]["confirmed"], False)


class Interrupted(kit.Case):
    def test_ctrl_c_during_apply_is_130_with_a_report_and_a_second_run_ends_it(self):
        gate = threading.Event()

        def before(request):
            if request.method == "PUT" and org.server.count("PUT") == 3:
                gate.set()
                time.sleep(0.7)
            return None

        org = self.rude_org([kit.token(n) for n in range(1, 9)], [kit.zone(1)], before)
        manifest = self.manifest(replace(*range(1, 9)))
        process = subprocess.Popen([kit.ZONEPIN, "apply", "--auto-approve", "--parallelism", "1", "--format=json", manifest], env=self.env(org.server),
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertTrue(gate.wait(20))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, err)
        self.hold_no_secret(out + err, "output")
        document = json.loads(out)
        kit.validate_document(document)
        self.assertEqual(document["summary"]["done"], 3, "what was in flight gets its time")
        self.assertEqual(document["summary"]["not_reached"], 5)
        self.assertEqual(org.server.count("PUT"), 3)
        self.expect(0, "apply", "--auto-approve", manifest, server=org.server)
        self.expect(0, "plan", "--detailed-exitcode", manifest, server=org.server)

    def test_ctrl_c_during_the_list_that_confirms_is_130(self):
        gate = threading.Event()

        def before(request):
            if request.path == "/api/v1/api-tokens" and org.server.count("GET", request.path) == 2:
                gate.set()
                time.sleep(1)
            return None

        org = self.rude_org([kit.token(1)], [kit.zone(1)], before)
        process = subprocess.Popen([kit.ZONEPIN, "apply", "--auto-approve", "--format=json", self.manifest(replace(1))], env=self.env(org.server),
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertTrue(gate.wait(20))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, err)
        document = json.loads(out)
        kit.validate_document(document)
        self.assertEqual(document["summary"]["done"], 1)
        self.assertIs(document["orgs"][0]["confirmed"], False)
        self.assertIn("interrupted", document["orgs"][0]["ended_early"]["message"])

    def test_sigterm_while_reading_is_130(self):
        started = threading.Event()

        def before(_):
            started.set()
            time.sleep(1)
            return None

        org = self.rude_org([kit.token(1)], [], before)
        process = subprocess.Popen([kit.ZONEPIN, "plan", self.manifest("tokens: []\n")], env=self.env(org.server), cwd=self.folder,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertTrue(started.wait(20))
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn(b"interrupted", err)


if __name__ == "__main__":
    kit.main()
