"""What comes over the wire: answers that no Okta would give, connections that fail, and no word of the secret anywhere."""

import json
import socket
import threading
import time

import kit

EMPTY = "unmanaged: ignore\ntokens: []\n"
TOKENS, ZONES = "/api/v1/api-tokens", "/api/v1/zones"


def tokens_are(status, headers, body):
    """Only the list of tokens is answered so; zones are fine."""
    return lambda r: (status, headers, body) if r.path.startswith(TOKENS) else None


class BadBodies(kit.Case):
    def hold(self, before, code, *words, command=("plan",), tokens=(), zones=()):
        org = self.rude_org(tokens, zones, before)
        manifest = self.manifest(EMPTY)
        outcome = self.expect(code, *command, manifest, server=org.server)
        self.hold_one_line(outcome, org.server.authority, *words)
        self.assertEqual(outcome.out, "")
        self.expect(code, *command, manifest, "--format=json", server=org.server)
        self.assertEqual({r.method for r in org.server.requests}, {"GET"})
        return org

    def test_bodies(self):
        html = b"<!DOCTYPE html><html><body>Please log in to your proxy</body></html>"
        twice = [kit.token(1), kit.token(1, network={"connection": "ZONE", "include": ["nzorude0000000000001"]})]
        ok = {**kit.REQUEST_ID}
        rows = [
            ("not JSON", (200, ok, b"{[")), ("an object", (200, ok, {"tokens": []})), ("a string", (200, ok, "tokens")), ("null", (200, ok, None)),
            ("empty", (200, ok, b"")), ("HTML", (200, {"Content-Type": "text/html"}, html)), ("half", (200, ok, json.dumps([kit.token(1)]).encode()[:50])),
            ("no id", (200, ok, [kit.token(1, id=None)])), ("an id of another shape", (200, ok, [kit.token(1, id="../../users/me")])),
            ("an id that is not text", (200, ok, [kit.token(1, id=17)])), ("the id current", (200, ok, [kit.token(1, id="current")])),
            ("a name that is not text", (200, ok, [kit.token(1, name=["x"])])), ("not a token", (200, ok, [17])),
            ("an id twice", (200, ok, twice)), ("a network that is not one", (200, ok, [kit.token(1, network="ANYWHERE")])),
            ("a list that is not one", (200, ok, [kit.token(1, network={"connection": "ZONE", "include": "all"})])),
            ("nested", (200, ok, b"[" * 100_000)), ("not UTF-8", (200, ok, b'[{"id":"00Ta","name":"\xff"}]')), ("204", (204, ok, b"")),
            ("a NUL behind the end", (200, ok, json.dumps([kit.token(1)]).encode() + b"\0garbage")),
        ]
        for name, answer in rows:
            with self.subTest(name):
                self.hold(lambda r, a=answer: a if r.path.startswith(TOKENS) else None, 1)

    def test_zones_that_are_none(self):
        for body in (b"nonsense", {"zones": []}, [{"name": "no id"}]):
            with self.subTest(body=body):
                self.hold(lambda r, b=body: (200, {}, b) if r.path.startswith(ZONES) else None, 1, "zone")

    def test_an_id_twice_that_only_a_page_border_explains_is_one_token(self):
        twice = [kit.token(1), kit.token(1, expiresAt="2099-02-01T00:00:00.000Z", lastUpdated="2026-02-02T00:00:00.000Z")]
        org = self.rude_org(before=tokens_are(200, {}, twice))
        self.assertIn("1 live token", self.expect(0, "plan", self.manifest(EMPTY), server=org.server).out)

    def test_lenient_where_okta_may_grow(self):
        grown = {**kit.token(1), "newField": {"deep": [1, None]}, "tokenWindow": None, "network": {"connection": "ORBIT", "orbits": 3}}
        bare = {"id": "00Tbare", "name": "bare"}
        org = self.rude_org(before=tokens_are(200, {}, [grown, bare]))
        outcome = self.expect(0, "plan", self.manifest("tokens: []\n"), server=org.server)
        self.assertIn("ORBIT", outcome.out)

    def test_an_empty_or_smaller_list_is_no_error_of_plan(self):
        org = self.rude_org()
        self.expect(0, "plan", self.manifest(EMPTY), server=org.server)

    def test_truncated(self):
        def cut(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n[{\"id\":")

        self.hold(lambda r: cut if r.path.startswith(TOKENS) else None, 1)

    def test_nonsense_instead_of_http(self):
        def nonsense(handler):
            handler.wfile.write(b"\x16\x03\x01 who are you\r\n\r\n")

        self.hold(lambda r: nonsense, 1)

    def test_a_body_without_end(self):
        def endless(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
            chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
            try:
                for _ in range(200):
                    handler.wfile.write(chunk)
            except OSError:
                pass

        self.hold(lambda r: endless if r.path.startswith(TOKENS) else None, 1, "MiB")


class Paging(kit.Case):
    def run_pages(self, link, code, *words):
        def before(request):
            if request.path.startswith(TOKENS):
                return 200, {"Link": link(org, request)}, [kit.token(len(org.server.requests))]
            return None

        org = self.rude_org(before=before)
        outcome = self.expect(code, "plan", self.manifest(EMPTY), server=org.server)
        self.hold_one_line(outcome, *words)
        return org

    def test_pages_without_end(self):
        org = self.run_pages(lambda o, r: f'<{o.server.url}{TOKENS}?after={len(o.server.requests)}>; rel="next"', 1, "page")
        self.assertLess(len(org.server.requests), 20_000)

    def test_a_page_that_is_its_own_next(self):
        org = self.run_pages(lambda o, r: f'<{o.server.url}{TOKENS}?after=x>; rel="next"', 1, "page")
        self.assertLess(org.server.count("GET"), 10)

    def test_a_next_page_elsewhere_gets_no_credential(self):
        other = self.rude(lambda r: (200, {}, []))
        for target in (other.url, "https://evil.example", "//evil.example", "http://127.0.0.1.evil.example", "ftp://127.0.0.1"):
            with self.subTest(target):
                self.run_pages(lambda o, r, t=target: f'<{t}{TOKENS}?after=x>; rel="next"', 1, "leads elsewhere")
        self.run_pages(lambda o, r: f'<http://x:y@{o.server.authority}{TOKENS}?after=x>; rel="next"', 1, "leads elsewhere")
        self.assertEqual(other.requests, [])

    def test_honest_pages_in_several_link_lines(self):
        sim = self.sim("--tokens", "95", "--zones", "45", "--seed", "3", "--page-size", "10")
        outcome = self.expect(0, "plan", self.manifest(EMPTY), server=sim)
        self.assertIn("95 live tokens", outcome.out)
        self.assertEqual(len([line for line in sim.log() if "api-tokens" in line]), 10)


class Redirects(kit.Case):
    def test_no_redirect_is_followed(self):
        other = self.rude(lambda r: (200, {}, []))
        for status in (301, 302, 303, 307, 308):
            for target in (other.url + TOKENS, "https://acme-admin.okta.com/", "/login", "javascript:\u001b[31m"):
                with self.subTest(status=status, target=target):
                    org = self.rude_org(before=lambda r, s=status, t=target: (s, {"Location": t}, b""))
                    outcome = self.expect(1, "list", "tokens", server=org.server)
                    self.hold_one_line(outcome, "redirect", "-admin")
        self.assertEqual(other.requests, [])


class Refusals(kit.Case):
    COMMANDS = (["plan", "m.yaml"], ["drift", "m.yaml"], ["apply", "--auto-approve", "m.yaml"], ["list", "tokens"], ["list", "zones"],
                ["get", "00Tdemo0000000000001"], ["snapshot"], ["revoke", "--current", "--auto-approve"])

    def setUp(self):
        super().setUp()
        self.manifest(EMPTY)

    def test_a_wrong_token_is_7(self):
        sim = self.sim("--demo")
        for command in self.COMMANDS:
            with self.subTest(command=command):
                outcome = self.expect(7, *command, env=self.env(OKTA_CLIENT_ORGURL=sim.url, OKTA_API_TOKEN=kit.SECRET))
                self.hold_one_line(outcome, sim.authority, "401", "E0000011", "request ")
                self.assertEqual(outcome.out, "")

    def test_no_permission_is_7(self):
        answer = 403, {"X-Okta-Request-Id": "req-4711"}, kit.okta_error("E0000006", "You do not have permission to perform the requested action")
        org = self.rude_org(before=lambda r: answer)
        for command in self.COMMANDS:
            with self.subTest(command=command):
                self.hold_one_line(self.expect(7, *command, server=org.server), "403", "E0000006", "req-4711", "role")

    def test_a_reader_s_token_reads_and_does_not_write(self):
        sim = self.sim("--demo")
        state = json.loads(__import__("subprocess").run([kit.ZONEPIN_SIM, "--demo", "--print-state"], capture_output=True, check=True).stdout)
        secret = next(t["secret"] for t in state["tokens"] if t["name"] == "helpdesk-bot")
        self.secrets.add(secret)
        sim = self.sim("--state", self.write("state.secret", json.dumps(state)))
        env = self.env(OKTA_CLIENT_ORGURL=sim.url, OKTA_API_TOKEN=secret)
        manifest = self.manifest("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n", "w.yaml")
        self.expect(2, "plan", "--detailed-exitcode", manifest, env=env)
        outcome = self.run_program("apply", "--auto-approve", manifest, "--format=json", env=env)
        self.assertIn(outcome.code, (6, 7), outcome)
        self.assertIn("E0000006", outcome.out)

    def test_wrong_hosts_are_1(self):
        self.assert_unreachable(f"http://127.0.0.1:{self.closed_port()}", "no connection", retried="connection refused")

    def assert_unreachable(self, url, *words, retried=None):
        """Where it is tried again for some seconds, one word says why before they pass."""
        env = self.env(OKTA_CLIENT_ORGURL=url, OKTA_API_TOKEN=kit.SECRET)
        outcome = self.expect(1, "list", "tokens", env=env)
        if retried:
            first, _, outcome.err = outcome.err.partition("\n")
            self.assertIn(" warning retry ", first)
            self.assertIn(retried, first)
        self.hold_one_line(outcome, url.split("//")[1], *words)

    def test_a_name_that_nobody_has_is_1(self):
        self.assert_unreachable("https://no-such-host.invalid", "no-such-host.invalid", retried="host not found")

    def test_https_to_an_http_port_is_1_at_once(self):
        server = self.rude(lambda r: (200, {}, []))
        started = time.monotonic()
        self.assert_unreachable(f"https://127.0.0.1:{server.port}", "secure connection", "TLS")
        self.assertLess(time.monotonic() - started, 5)
        self.assertEqual(server.requests, [])

    def test_another_server_than_okta(self):
        rows = [(404, {"Content-Type": "text/html"}, b"<h1>nginx</h1>"), (200, {"Content-Type": "text/html"}, b"<h1>hi</h1>"), (418, {}, b""), (400, {}, b"bad")]
        for answer in rows:
            with self.subTest(answer=answer):
                server = self.rude(lambda r, a=answer: a)
                self.hold_one_line(self.expect(1, "list", "tokens", server=server), server.authority)

    def test_a_server_that_never_answers_ends_with_timeout(self):
        gate = threading.Event()
        self.addCleanup(gate.set)
        server = self.rude(lambda r: (gate.wait(30), (200, {}, []))[1])
        for command in (["list", "tokens"], ["plan", self.manifest(EMPTY)], ["get", "00Ta"]):
            started = time.monotonic()
            outcome = self.expect(8, *command, "--timeout", "2s", server=server)
            self.hold_one_line(outcome, "--timeout", server.authority)
            self.assertLess(time.monotonic() - started, 10)

    def test_5xx_is_tried_again_a_bounded_number_of_times(self):
        server = self.rude(lambda r: (503, kit.REQUEST_ID, b"<html>down</html>"))
        outcome = self.expect(1, "list", "zones", server=server)
        self.hold_one_line(outcome, "503", "rude-request-1")
        self.assertLess(len(server.requests), 12)

    def test_5xx_once_is_nobody_s_business(self):
        seen = []

        def before(request):
            seen.append(1)
            return (502, {}, b"") if len(seen) <= 2 else None

        org = self.rude_org(before=before)
        outcome = self.expect(0, "plan", self.manifest(EMPTY), server=org.server)
        self.assertEqual(outcome.err, "")

    def test_a_hostile_error_is_escaped_and_cut(self):
        summary = "\u001b]0;owned\u0007\u202e" + "x" * 10_000 + "\n::error::injected"
        answer = 400, {"X-Okta-Request-Id": "a\u00ff" * 200}, kit.okta_error("E\u001b[31m" * 50, summary, [summary] * 50)
        server = self.rude(lambda r: answer)
        outcome = self.expect(1, "list", "tokens", server=server)
        self.assertEqual(len(outcome.err.splitlines()), 1)
        self.assertLess(len(outcome.err), 3000)


class Secrets(kit.Case):
    """Every output at every level, while all kinds of things go wrong; kit holds each run to its law."""

    def test_no_level_tells(self):
        sim = self.sim("--demo")
        todo = self.manifest("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n")
        wrong = self.env(OKTA_CLIENT_ORGURL=sim.url, OKTA_API_TOKEN=kit.SECRET)
        closed = self.env(OKTA_CLIENT_ORGURL=f"http://127.0.0.1:{self.closed_port()}", OKTA_API_TOKEN=kit.SECRET)
        tls = self.env(OKTA_CLIENT_ORGURL=f"https://127.0.0.1:{sim.port}", OKTA_API_TOKEN=kit.SECRET)
        rows = [
            (["plan", todo, "--out", "p.json"], self.env(sim)), (["apply", "--auto-approve", todo], self.env(sim)), (["snapshot", "--out", "s.json"], self.env(sim)),
            (["list", "tokens", "--format=json"], self.env(sim)), (["get", "00Tdemo0000000000001"], self.env(sim)), (["list", "tokens"], wrong),
            (["list", "tokens"], tls), (["list", "tokens", "--timeout", "1s"], closed), (["revoke", "--current"], self.env(sim)),
        ]
        for level in ("trace", "debug", "info", "warning", "error", "off"):
            for log_format in ("text", "json"):
                for command, env in rows:
                    outcome = self.run_program(*command, "--log-level", level, "--log-format", log_format, env=env)
                    if log_format == "json":
                        for line in outcome.err.splitlines():
                            if line.startswith("{"):
                                json.loads(line)

    def test_a_server_that_echoes_the_secret(self):
        """What a server says is shown; a proxy that repeats the header must not make us print it."""
        echo = self.rude(lambda r: (400, {"X-Okta-Request-Id": r.headers["Authorization"]}, kit.okta_error(
            "E0000001", "seen: " + r.headers["Authorization"], [r.headers["Authorization"]])))
        for level in ("trace", "warning"):
            self.expect(1, "list", "tokens", "--log-level", level, server=echo)
            self.expect(1, "list", "tokens", "--log-level", level, "--log-format", "json", "--format=json", server=echo)
        names = self.rude_org([kit.token(1, name="Bearer " + kit.SECRET)])
        self.expect(0, "list", "tokens", server=names.server)
        self.expect(0, "list", "tokens", "--format=json", server=names.server)

    def test_a_secret_in_the_wrong_place(self):
        for arguments in (["--org", f"https://{kit.SECRET}@acme.okta.com"], ["--org", f"https://acme.okta.com/?token={kit.SECRET}"]):
            self.expect(3, "list", "tokens", *arguments, env=self.env())
        self.expect(3, "list", "tokens", env=self.env(OKTA_ORG_NAME="acme", OKTA_API_TOKEN=kit.SECRET + " x"))


class HostileNames(kit.Case):
    NAMES = ["\u001b[2J\u001b]0;owned\u0007", "line\nbreak\r\n::error::x", "\u202egnp.exe\u202c \u2066x\u2069 \u200f", "x" * 10_000, "\u0000nul", "\u009b31m",
             "", " ", "emoji \U0001f4a9 \u00e9\u0301", "\ufeffbom", "a\u2028b", "|md|`x`<script>alert(1)</script>"]

    def test_they_come_out_escaped_and_cut(self):
        tokens = [kit.token(n + 1, name=name, clientName="Okta API") for n, name in enumerate(self.NAMES)]
        zones = [kit.zone(1)] + [kit.zone(n + 2, name=name, gateways=[{"type": "CIDR", "value": name}]) for n, name in enumerate(self.NAMES) if name]
        org = self.rude_org(tokens, zones)
        entries = "".join(f"  - id: {t['id']}\n    network: {{ connection: ZONE, include: [zone-1] }}\n" for t in tokens)
        manifest = self.manifest("tokens:\n" + entries)
        rows = [["plan", self.manifest("tokens: []\n", "none.yaml")], ["plan", manifest, "--out", "p.json"], ["drift", manifest], ["show", "p.json"],
                ["show", "p.json", "--reverse"], ["list", "tokens"], ["list", "zones"], ["apply", "--auto-approve", manifest]]
        for command in rows:
            with self.subTest(command=command):
                outcome = self.run_program(*command, server=org.server)
                self.assertIn(outcome.code, (0, 2), outcome)
                self.assertNotIn("x" * 300, outcome.out)
                self.assertFalse(any(line.startswith("::error") for line in outcome.out.splitlines()))
                if "--reverse" not in command and command[1] != "zones":
                    self.assertIn("\\u202e", outcome.out.lower())
        for t in tokens:
            self.expect(0, "get", t["id"], server=org.server)
        names = [t["name"] for t in self.expect(0, "list", "tokens", "--format=json", server=org.server).json]
        self.assertEqual(names, self.NAMES)


if __name__ == "__main__":
    kit.main()
