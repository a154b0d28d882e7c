"""Service apps over TLS: every key that Okta takes, every refusal with its word, renewal, and no credential for a foreign host."""

import http.client
import json
import pathlib
import socket
import subprocess

import kit

CA = "ca.pem"
TODO = "unmanaged: ignore\ntokens:\n  - name: ci-deployer\n    network: {{ connection: ZONE, include: [{}] }}\n"
TOKEN_PATH = "/oauth2/v1/token"


def openssl(*arguments, text=None):
    return subprocess.run(["openssl", *arguments], input=text, capture_output=True, text=True, check=True).stdout


class OAuthCase(kit.Case):
    def app_sim(self, algorithm="ES256", dpop="optional", *options):
        """A simulator with TLS and a service app. Its key and its certificate lie in this case's folder."""
        key = str(self.folder / f"{algorithm}-{dpop}.secret")
        sim = self.sim("--tls", "--tls-cert-out", str(self.folder / CA), "--app-key-out", key, "--app-key-type", algorithm, "--app-dpop", dpop, *options)
        self.secrets |= {line for line in pathlib.Path(key).read_text().splitlines() if len(line) > 15 and "-----" not in line}
        return sim

    def faults(self, *rules):
        return "--faults", self.write("faults.json", json.dumps(rules))

    def count(self, sim, start):
        return sum(1 for line in sim.log() if line.startswith(start))


class Keys(OAuthCase):
    def forms(self, sim):
        """The ways in which people give a private key."""
        path = pathlib.Path(sim.app["OKTA_API_PRIVATE_KEY"])
        traditional = openssl("pkey", "-in", str(path), "-traditional")
        self.secrets |= {line for line in traditional.splitlines() if len(line) > 15 and "-----" not in line}
        self.assertRegex(traditional, "BEGIN (RSA|EC) PRIVATE KEY")
        old = self.write(path.name + ".old.secret", traditional)
        pkcs8 = path.read_text()
        self.assertIn("BEGIN PRIVATE KEY", pkcs8)
        yield "PKCS#8, path", {"OKTA_API_PRIVATE_KEY": str(path)}
        yield "PKCS#8, text", {"OKTA_API_PRIVATE_KEY": pkcs8}
        yield "PKCS#8, one line", {"OKTA_API_PRIVATE_KEY": pkcs8.replace("\n", "\\n")}
        yield "PKCS#8, _FILE", {"OKTA_API_PRIVATE_KEY": None, "OKTA_API_PRIVATE_KEY_FILE": str(path)}
        yield "traditional, path", {"OKTA_API_PRIVATE_KEY": old}
        yield "traditional, one line", {"OKTA_API_PRIVATE_KEY": traditional.replace("\n", "\\n")}

    def hold(self, algorithm, dpop):
        sim = self.app_sim(algorithm, dpop)
        zones = ["ci-runners", "data-vpc"]
        manifests = [self.manifest(TODO.format(zone), f"{zone}.yaml") for zone in zones]
        named = {"OKTA_API_PRIVATE_KEY_ALGORITHM": algorithm} if algorithm.startswith("RS") else {}
        for number, (form, variables) in enumerate(self.forms(sim)):
            with self.subTest(algorithm=algorithm, dpop=dpop, form=form):
                env = self.app_env(sim, **named, **variables)
                manifest = manifests[number % 2]
                self.expect(2, "plan", "--detailed-exitcode", manifest, "--ca-file", CA, env=env)
                self.expect(0, "apply", "--auto-approve", manifest, "--ca-file", CA, env=env)
                self.expect(0, "plan", "--detailed-exitcode", manifest, "--ca-file", CA, env=env)
        plain = {variable: value for variable, value in sim.app.items() if not variable.endswith("_ID") or variable.endswith("CLIENT_ID")}
        env = self.env(OKTA_CLIENT_ORGURL=sim.url, **plain)  # the app has one key: its id may be left out
        self.expect(0, "list", "tokens", "--ca-file", CA, env=env)

    def test_rsa(self):
        for algorithm in ("RS256", "RS384", "RS512"):
            self.hold(algorithm, "optional")

    def test_rsa_with_dpop(self):
        for algorithm in ("RS256", "RS384", "RS512"):
            self.hold(algorithm, "required")

    def test_ec(self):
        for algorithm in ("ES256", "ES384", "ES512"):
            self.hold(algorithm, "optional")

    def test_ec_with_dpop(self):
        for algorithm in ("ES256", "ES384", "ES512"):
            self.hold(algorithm, "required")

    def test_the_sdks_names(self):
        sim = self.app_sim()
        env = self.env(OKTA_CLIENT_ORGURL=sim.url, OKTA_CLIENT_CLIENTID=sim.app["OKTA_API_CLIENT_ID"],
                       OKTA_CLIENT_PRIVATEKEY=sim.app["OKTA_API_PRIVATE_KEY"], OKTA_CLIENT_PRIVATEKEYID=sim.app["OKTA_API_PRIVATE_KEY_ID"],
                       OKTA_CLIENT_SCOPES="okta.apiTokens.read,okta.networkZones.read")
        self.expect(0, "list", "tokens", "--ca-file", CA, env=env)


class Refusals(OAuthCase):
    READS = (["list", "tokens"], ["plan", "todo.yaml"], ["snapshot"])

    def setUp(self):
        super().setUp()
        self.manifest(TODO.format("ci-runners"), "todo.yaml")

    def hold(self, sim, env, words, commands=READS, code=7):
        """Each command says it in one line, sends nothing to the API, and prints nothing else."""
        for command in commands:
            with self.subTest(command=command):
                outcome = self.expect(code, *command, "--ca-file", CA, env=env)
                self.hold_one_line(outcome, sim.authority, *words)
                self.assertEqual(outcome.out, "")
                self.assertEqual(self.count(sim, "GET /api"), 0)
                document = self.expect(code, *command, "--ca-file", CA, "--format=json", env=env).json
                self.assertEqual(len(document["diagnostics"]), 1)

    def test_a_key_of_another_app(self):
        stranger = self.app_sim("RS256").app["OKTA_API_PRIVATE_KEY"]
        sim = self.app_sim()
        self.hold(sim, self.app_env(sim, OKTA_API_PRIVATE_KEY=stranger), ["get an access token", "401", "invalid_client", "signature", "request ", "private key"])

    def test_a_key_id_that_the_app_does_not_have(self):
        sim = self.app_sim()
        self.hold(sim, self.app_env(sim, OKTA_API_PRIVATE_KEY_ID="other"), ["401", "invalid_client", "kid", "request ", "OKTA_API_PRIVATE_KEY_ID"])

    def test_an_app_that_is_not_there(self):
        sim = self.app_sim()
        self.hold(sim, self.app_env(sim, OKTA_API_CLIENT_ID="0oanobody"), ["401", "invalid_client", "request ", "client id"])

    def test_a_clock_that_is_ten_minutes_behind(self):
        sim = self.app_sim("ES256", "optional", "--clock-offset", "600")
        self.hold(sim, self.app_env(sim), ["401", "invalid_client", "expired", "request ", "clock"])

    def test_a_clock_that_is_ten_minutes_ahead(self):
        sim = self.app_sim("ES256", "optional", "--clock-offset", "-600")
        self.hold(sim, self.app_env(sim), ["401", "invalid_client", "future", "request ", "clock", "ahead"])

    def test_ten_minutes_are_nothing_to_an_api_token(self):
        for offset in ("600", "-600"):
            sim = self.sim("--demo", "--clock-offset", offset)
            self.expect(0, "apply", "--auto-approve", "todo.yaml", server=sim)
            outcome = self.expect(1, "doctor", server=sim)
            self.assertRegex(outcome.out, "failure +clock: (9|10) min (ahead|behind)")

    def test_a_request_that_something_repeats(self):
        """A proxy that sends each token request twice: its second answer says that the assertion was used already."""
        sim = self.sim("--demo", "--app-key-out", str(self.folder / "key.secret"), "--app-key-type", "ES256")

        def twice(request):
            for _ in range(2 if request.path == TOKEN_PATH else 1):
                upstream = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=10)
                upstream.request(request.method, request.path, request.body, request.headers)
                answer = upstream.getresponse()
                body = answer.read()
                upstream.close()
            return answer.status, {"X-Okta-Request-Id": answer.headers["X-Okta-Request-Id"]}, body

        proxy = self.rude(twice)
        outcome = self.expect(7, "list", "tokens", env=self.app_env(sim, url=proxy.url))
        self.hold_one_line(outcome, "401", "invalid_client", "already been used", "request ", "run it again")

    def test_a_scope_that_was_not_granted(self):
        key = str(self.folder / "key.secret")
        state = json.loads(subprocess.run([kit.ZONEPIN_SIM, "--demo", "--app-key-out", key, "--app-key-type", "ES256", "--print-state"],
                                          capture_output=True, check=True).stdout)
        state["apps"][0]["scopes"].remove("okta.apiTokens.manage")
        sim = self.sim("--state", self.write("state.secret", json.dumps(state)), "--tls", "--tls-cert-out", str(self.folder / CA))
        sim.app = {"OKTA_API_CLIENT_ID": state["apps"][0]["clientId"], "OKTA_API_PRIVATE_KEY": key, "OKTA_API_PRIVATE_KEY_ID": state["apps"][0]["keys"][0]["kid"]}
        env = self.app_env(sim)
        self.hold(sim, env, ["400", "invalid_scope", "request ", "okta.apiTokens.manage"], commands=[["apply", "--auto-approve", "todo.yaml"]])
        self.expect(0, "plan", "todo.yaml", "--ca-file", CA, env=env)
        doctor = self.expect(0, "doctor", "--ca-file", CA, env=env)
        self.assertRegex(doctor.out, r"warning +scopes: okta.apiTokens.manage is missing")
        self.assertIn("grant", doctor.flat)

    def test_an_owner_who_was_deactivated(self):
        state = json.loads(subprocess.run([kit.ZONEPIN_SIM, "--demo", "--print-state"], capture_output=True, check=True).stdout)
        secret = next(t["secret"] for t in state["tokens"] if t["name"] == "contractor-script")
        self.secrets.add(secret)
        sim = self.sim("--state", self.write("state.secret", json.dumps(state)), "--tls", "--tls-cert-out", str(self.folder / CA))
        for command in self.READS:
            outcome = self.expect(7, *command, "--ca-file", CA, env=self.env(OKTA_CLIENT_ORGURL=sim.url, OKTA_API_TOKEN=secret))
            self.hold_one_line(outcome, sim.authority, "401", "E0000011", "Invalid token provided", "request ", "owner deactivated")

    def test_a_certificate_that_nobody_here_trusts(self):
        sim = self.app_sim()
        for env in (self.app_env(sim), self.env(sim)):
            outcome = self.expect(1, "list", "tokens", env=env)
            self.hold_one_line(outcome, sim.authority, "certificate", "--ca-file")
        self.assertEqual(sim.log(), [])

    def test_a_certificate_for_another_name(self):
        sim = self.sim("--demo", "--tls", "--tls-cert-out", str(self.folder / CA), host="127.0.0.2")
        outcome = self.expect(1, "list", "tokens", "--ca-file", CA, server=sim)
        self.hold_one_line(outcome, "127.0.0.2", "certificate", "name")
        self.assertEqual(sim.log(), [])

    def test_an_app_without_an_admin_role(self):
        key = str(self.folder / "key.secret")
        state = json.loads(subprocess.run([kit.ZONEPIN_SIM, "--demo", "--app-key-out", key, "--app-key-type", "ES256", "--print-state"],
                                          capture_output=True, check=True).stdout)
        state["apps"][0]["role"] = "NONE"
        sim = self.sim("--state", self.write("state.secret", json.dumps(state)))
        sim.app = {"OKTA_API_CLIENT_ID": state["apps"][0]["clientId"], "OKTA_API_PRIVATE_KEY": key}
        outcome = self.expect(7, "list", "tokens", env=self.app_env(sim))
        self.hold_one_line(outcome, sim.authority, "403", "E0000006", "request ", "admin role", "okta.")

    def test_revoke_current_is_nothing_for_an_app(self):
        sim = self.app_sim()
        outcome = self.run_program("revoke", "--current", "--auto-approve", "--ca-file", CA, env=self.app_env(sim))
        self.assertIn(outcome.code, (3, 7), str(outcome))
        self.assertEqual(self.count(sim, "DELETE"), 0)


class Renewal(OAuthCase):
    def test_one_token_serves_a_run(self):
        sim = self.app_sim()
        self.expect(0, "apply", "--auto-approve", self.manifest(TODO.format("ci-runners")), "--ca-file", CA, env=self.app_env(sim))
        self.assertEqual(self.count(sim, "POST " + TOKEN_PATH), 1)
        self.assertEqual(self.count(sim, "PUT"), 1)

    def test_a_401_renews_it_once(self):
        for count, code, tokens, reads in ((1, 0, 2, 2), (0, 7, 2, 2)):
            with self.subTest(count=count):
                rule = {"method": "GET", "path": "/api/v1/zones", "action": "status", "errorCode": "E0000011", "count": count}
                sim = self.app_sim("ES256", "required", *self.faults(rule))
                outcome = self.expect(code, "list", "zones", "--ca-file", CA, env=self.app_env(sim))
                self.assertEqual(self.count(sim, "POST " + TOKEN_PATH + " 200"), tokens, sim.log())
                self.assertEqual(self.count(sim, "GET /api/v1/zones"), reads, sim.log())
                if code:
                    self.hold_one_line(outcome, "401", "E0000011")

    def test_a_token_endpoint_in_trouble_is_asked_again(self):
        for fault in ({"action": "status", "errorCode": "E0000009"}, {"action": "drop_before"}, {"action": "drop_after"}):
            with self.subTest(fault):
                sim = self.app_sim("ES256", "optional", *self.faults({"path": "/oauth2", **fault}))
                self.expect(0, "list", "tokens", "--ca-file", CA, env=self.app_env(sim))


class ForeignHosts(OAuthCase):
    """A manifest never chooses where a credential goes."""

    def test_a_manifest_that_names_another_host_reaches_nobody(self):
        ours = self.app_sim()
        listener = socket.socket()
        self.addCleanup(listener.close)
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        listener.settimeout(0)
        there = f"127.0.0.1:{listener.getsockname()[1]}"
        kinds = {"OKTA_API_TOKEN": {"OKTA_API_TOKEN": kit.SECRET}, "OKTA_ACCESS_TOKEN": {"OKTA_ACCESS_TOKEN": kit.SECRET}, "OKTA_API_PRIVATE_KEY": ours.app}
        for scheme in ("http", "https"):
            manifest = self.manifest("tokens: []\n", org=f"{scheme}://{there}")
            for variable, credential in kinds.items():
                for named in ({"OKTA_CLIENT_ORGURL": ours.url}, {"OKTA_ORG_NAME": "acme"}, {}):
                    for command in (["plan"], ["drift"], ["apply", "--auto-approve"]):
                        with self.subTest(scheme=scheme, variable=variable, named=named, command=command):
                            outcome = self.expect(5, *command, manifest, "--ca-file", CA, env=self.env(**named, **credential))
                            self.hold_one_line(outcome, there, "m.yaml:3", variable)
                            with self.assertRaises(BlockingIOError):
                                listener.accept()
        self.assertEqual(ours.log(), [])


if __name__ == "__main__":
    kit.main()
