"""No secret anywhere: every command at every log format with every kind of credential, while things go wrong.

All requests pass through a recorder, so that what Okta gives out and what zonepin makes is known as well: access tokens, assertions, proofs.
Afterwards everything that was printed and every file that was written is searched for each of them, as it is and as base64."""

import json
import pathlib
import re
import subprocess
import sys
import urllib.parse

import kit

sys.path.insert(0, str(kit.ROOT / "tests" / "contract"))
from recorder import Recorder  # noqa: E402

TOKEN = "00Tdemo0000000000002"
# Every command of `zonepin --help` with arguments that let it get as far as it can. {m} is a manifest, {p} a saved plan, {o} a file to write.
COMMANDS = {
    "plan": [["plan", "{m}"], ["plan", "{m}", "--out", "{o}"], ["plan", "{m}", "--format=json"], ["plan", "{m}", "--live", "{s}"]],
    "apply": [["apply", "{m}", "--auto-approve"], ["apply", "--plan", "{p}"], ["apply", "{m}", "--auto-approve", "--format=json"]],
    "drift": [["drift", "{m}"]],
    "check": [["check", "{m}"], ["check", "{m}", "--profile", "stig", "--owners", "--format=json"], ["check", "{m}", "--live", "{s}"],
              ["check", "{m}", "--evidence", "{o}.evidence"]],
    "validate": [["validate", "{m}"], ["validate", "{m}", "--online"]],
    "explain": [["explain", TOKEN, "{m}"], ["explain", TOKEN, "{m}", "--format=json"]],
    "can-i": [["can-i", "--ip", "203.0.113.10", "--plan", "{p}"], ["can-i", "--token", TOKEN, "--ip", "::1", "{m}", "--format=json"],
              ["can-i", "--ip", "192.0.2.1", "--live", "{s}", "--zone-override", "ci-runners=192.0.2.1"]],
    "fmt": [["fmt", "{m}", "--diff"], ["fmt", "{m}"]],
    "snapshot": [["snapshot", "--out", "{o}"], ["snapshot"]],
    "export": [["export"], ["export", "--out", "{o}", "--key", "name"], ["export", "--append", "{m}", "--format=json"]],
    "list tokens": [["list", "tokens"], ["list", "tokens", "--format=json"]],
    "list zones": [["list", "zones"], ["list", "zones", "--format=json"]],
    "get": [["get", TOKEN], ["get", TOKEN, "--format=json"]],
    "doctor": [["doctor"], ["doctor", "--format=json"]],
    "revoke": [["revoke", "--current"], ["revoke", TOKEN, "--reason", "SEC-1", "--auto-approve", "--emit", "{o}"]],
    "fence": [["fence", TOKEN, "--zone", "corp-offices", "--auto-approve", "--emit", "{o}"], ["fence", TOKEN, "--zone", "corp-offices", "--format=json"]],
    "identify": [["identify", "--secret-file", "leaked.secret"], ["identify", "--secret-file", "leaked.secret", "--format=json"], ["identify"]],
    "show": [["show", "{p}"], ["show", "{p}", "--reverse", "--out", "{o}"]],
    "schema": [["schema", "plan"]],
    "completion": [["completion", "bash"]],
    "version": [["version"]],
}
LEAKED = "00LeakedSecret-of-somebody-else-0815"
FAULTS = {
    "none": [],
    "echo": [{"path": "/api/", "action": "echo", "count": 0}],
    "echo of writes as 401": [{"method": "PUT", "path": "/api/", "action": "echo", "status": 401, "count": 0}],
    "echo of token requests": [{"path": "/oauth2/", "action": "echo", "status": 401, "count": 0}],
    "redirect": [{"path": "/api/", "action": "redirect", "location": "https://acme-admin.okta.com/", "count": 0}],
    "garbage": [{"path": "/api/", "action": "garbage", "count": 0}],
    "a proxy": [{"path": "/", "action": "status", "status": 407, "body": "<h1>Who are you?</h1>", "count": 0}],
    "breaks": [{"method": "PUT", "path": "/api/", "action": "drop_after"}, {"method": "GET", "path": "/api/", "action": "truncate"}],
}
MANIFEST = "unmanaged: ignore\ntokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n"


class Secrets(kit.Case):
    def setUp(self):
        super().setUp()
        self.manifest(MANIFEST, "m.yaml")
        self.write("leaked.secret", LEAKED + "\n")
        self.secrets.add(LEAKED)
        self.said = []  # (what was run, bytes)
        self.number = 0

    def commands_of_the_program(self, *of):
        """As the help names them; one with commands of its own counts by these."""
        text = self.expect(0, *of, "--help", env=self.env()).out
        block = re.search(r"(?ms)^Subcommands:\n(.*?)\n\n", text)
        for name in re.findall(r"(?m)^  ([a-z][a-z-]*) ", block.group(1)) if block else []:
            below = list(self.commands_of_the_program(*of, name))
            yield from below or [" ".join([*of, name])]

    def test_no_command_is_forgotten(self):
        """A new command belongs into COMMANDS, and is then held to all that follows."""
        self.assertEqual(sorted(self.commands_of_the_program()), sorted(COMMANDS))

    def start(self, algorithm, dpop, faults):
        key = str(self.folder / f"key-{algorithm}-{dpop}.secret")
        path = self.write("faults.json", json.dumps(faults))
        sim = self.sim("--demo", "--app-key-out", key, "--app-key-type", algorithm, "--app-dpop", dpop, "--faults", path)
        self.secrets |= {line for line in pathlib.Path(key).read_text().splitlines() if len(line) > 15 and "-----" not in line}
        recorder = Recorder(sim.port)
        recorder.__enter__()
        self.addCleanup(recorder.__exit__)
        return sim, recorder

    def access_token(self):
        """A ready one, as somebody else got it."""
        sim, recorder = self.start("ES256", "optional", [])
        self.run_quietly(["list", "zones"], self.app_env(sim, url=recorder.url), "text")
        return sim, recorder, recorder.exchanges[-1].headers["Authorization"].removeprefix("Bearer ")

    def run_quietly(self, command, env, log_format):
        done = subprocess.run([kit.ZONEPIN, *command, "--log-level", "trace", "--log-format", log_format], env=env, cwd=self.folder, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=kit.MAX_SECONDS)
        what = f"{' '.join(command)} ({log_format})"
        self.assertIn(done.returncode, kit.EXIT_CODES, what)
        self.said += [("standard output of " + what, done.stdout), ("standard error of " + what, done.stderr)]
        return done

    def run_all(self, env, log_formats):
        prepared = self.folder / "prepared"
        for log_format in log_formats:
            for lines in COMMANDS.values():
                for line in lines:
                    self.number += 1
                    words = {"m": "m.yaml", "o": f"out-{self.number}.json", "p": str(prepared / "plan.json"), "s": str(prepared / "snapshot.json")}
                    self.run_quietly([word.format(**words) for word in line], env, log_format)

    def prepare(self, env):
        """A saved plan and a snapshot that fit the org, made before anything goes wrong."""
        folder = self.folder / "prepared"
        folder.mkdir(exist_ok=True)
        self.run_quietly(["plan", "m.yaml", "--out", str(folder / "plan.json")], env, "text")
        self.run_quietly(["snapshot", "--out", str(folder / "snapshot.json")], env, "text")

    def heard(self, recorders):
        """Every secret that went over the wire."""
        secrets = set()
        for exchange in (exchange for recorder in recorders for exchange in recorder.exchanges):
            authorization = exchange.headers.get("Authorization") or ""
            secrets.add(authorization.partition(" ")[2])
            for jwt in [exchange.headers.get("DPoP"), *urllib.parse.parse_qs(exchange.body.decode()).get("client_assertion", [])]:
                if jwt:
                    secrets |= {jwt, jwt.rsplit(".", 1)[1]}
            if exchange.path == "/oauth2/v1/token" and exchange.status == 200:
                secrets.add(json.loads(exchange.answer)["access_token"])
        return {secret for secret in secrets if len(secret) >= 8}

    def search(self, recorders, least):
        heard = self.heard(recorders)
        self.assertGreaterEqual(len(heard), least, "the recorder heard too few secrets to show anything")
        files = [(str(path), path.read_bytes()) for path in self.folder.rglob("*") if path.is_file() and not path.name.endswith(".secret")]
        everything = b"\0".join(data for _, data in self.said + files)
        for secret in self.secrets | heard:
            for form in kit.forms_of(secret):
                if form in everything:
                    where = next((what for what, data in self.said + files if form in data), "?")
                    self.fail(f"{where} holds a secret: {secret[:12]}…")
        self.assertGreater(len(files), 5)

    def hold(self, algorithm, dpop, least):
        recorders = []
        for name, faults in FAULTS.items():
            good, wire = self.start(algorithm, dpop, [])
            self.prepare(self.app_env(good, url=wire.url))
            sim, recorder = self.start(algorithm, dpop, faults)
            self.run_all(self.app_env(sim, url=recorder.url), ("text",) if name != "echo" else ("text", "json"))
            recorders += [recorder, wire]
        self.search(recorders, least)

    def test_service_app_rsa(self):
        self.hold("RS256", "optional", 100)

    def test_service_app_ec(self):
        self.hold("ES256", "optional", 100)

    def test_service_app_dpop(self):
        self.hold("ES256", "required", 500)

    def test_api_token(self):
        recorders = []
        for faults in FAULTS.values():
            sim, recorder = self.start("ES256", "optional", faults)
            good, _ = self.start("ES256", "optional", [])
            self.prepare(self.env(good))
            self.run_all(self.env(OKTA_CLIENT_ORGURL=recorder.url, OKTA_API_TOKEN=sim.secret), ("text", "json"))
            recorders.append(recorder)
        self.search(recorders, 1)

    def test_access_token(self):
        sim, recorder, token = self.access_token()
        self.secrets.add(token)
        env = self.env(OKTA_CLIENT_ORGURL=recorder.url, OKTA_ACCESS_TOKEN=token)
        self.prepare(env)
        self.run_all(env, ("text", "json"))
        echo, wire = self.start("ES256", "optional", FAULTS["echo"])
        self.run_all(self.env(OKTA_CLIENT_ORGURL=wire.url, OKTA_ACCESS_TOKEN=token), ("text", "json"))
        self.search([recorder, wire], 1)


class Files(kit.Case):
    """A token whose name is the secret: what is shown is blotted out, what would be saved is not saved."""

    def hold(self, name):
        org = self.rude_org([kit.token(1, name=name)], [kit.zone(1)])
        manifest = self.manifest("tokens:\n  - id: " + kit.token(1)["id"] + "\n    network: { connection: ZONE, include: [zone-1] }\n")
        for command in (["plan", manifest, "--out", "p.json"], ["snapshot", "--out", "s.json"]):
            outcome = self.expect(1, *command, server=org.server)
            self.hold_one_line(outcome, "was not written", "Okta")
        self.assertEqual([p.name for p in self.folder.glob("*.json")], [])
        self.assertIn("(secret)", self.expect(0, "list", "tokens", "--format=json", server=org.server).out)
        self.expect(0, "plan", manifest, server=org.server)

    def test_as_it_is(self):
        self.hold("Bearer " + kit.SECRET)

    def test_as_base64(self):
        import base64
        for before in ("", "x", "xy"):
            self.hold(base64.b64encode((before + kit.SECRET).encode()).decode())

    def test_what_looks_like_a_jwt_is_not_shown(self):
        jwt = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJzb21lYm9keSBlbHNlIn0.c2lnbmF0dXJl"
        self.secrets.add(jwt)
        org = self.rude_org([kit.token(1, name=jwt)], [])
        self.assertIn("(secret)", self.expect(0, "list", "tokens", "--format=json", server=org.server).out)


if __name__ == "__main__":
    kit.main()
