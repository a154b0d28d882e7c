"""Which org a run speaks of, and which credential goes where."""

import kit

CI = "tokens:\n  - name: ci-deployer\n    network: { connection: ANYWHERE }\n"


def suffix(authority):
    return "__" + "".join(c if c.isalnum() else "_" for c in authority.upper())


class Forms(kit.Case):
    """An org that is not reached (no credential for it) tells how it was understood."""

    def understood(self, *arguments, **variables):
        return self.expect(3, "list", "tokens", *arguments, env=self.env(**variables)).err

    def test_on_the_command_line(self):
        rows = {
            "acme": "acme.okta.com", "ACME": "acme.okta.com", "acme.okta.com": "acme.okta.com", "https://acme.okta.com": "acme.okta.com",
            "https://acme.okta.com/": "acme.okta.com", "https://ACME.okta.com:443": "acme.okta.com", "acme.oktapreview.com": "acme.oktapreview.com",
            "acme.okta-emea.com": "acme.okta-emea.com", "acme.okta-gov.com": "acme.okta-gov.com", "acme.okta.mil": "acme.okta.mil",
            "id.acme.example": "id.acme.example", "https://id.acme.example:8443/": "id.acme.example:8443", "http://127.0.0.1:9": "127.0.0.1:9",
            "127.0.0.1:9": "127.0.0.1:9", "http://[::1]:9": "[::1]:9", "[0:0:0:0:0:0:0:1]:9": "[::1]:9", "http://localhost:9": "localhost:9"}
        for text, authority in rows.items():
            with self.subTest(text):
                said = self.understood("--org", text)
                self.assertIn(f"no credential for {authority};", said)
                self.assertIn("OKTA_API_TOKEN" + suffix(authority.replace("[", "").replace("]", "")), said)

    def test_in_the_environment(self):
        rows = [({"OKTA_ORG_NAME": "acme"}, "acme.okta.com"), ({"OKTA_ORG_NAME": "acme", "OKTA_BASE_URL": "oktapreview.com"}, "acme.oktapreview.com"),
                ({"OKTA_CLIENT_ORGURL": "https://acme.okta-emea.com/"}, "acme.okta-emea.com"), ({"OKTA_ORG_NAME": " acme\n"}, "acme.okta.com"),
                ({"OKTA_ORG_NAME": "acme", "OKTA_CLIENT_ORGURL": "https://acme.okta.com"}, "acme.okta.com")]
        for variables, authority in rows:
            with self.subTest(variables):
                self.assertIn(f"no credential for {authority};", self.understood(**variables))

    def test_refused(self):
        rows = [
            (["--org", "acme-admin.okta.com"], {}, ["--org", "Admin Console", '"acme.okta.com"']),
            ([], {"OKTA_CLIENT_ORGURL": "https://acme-admin.oktapreview.com"}, ["OKTA_CLIENT_ORGURL", "acme.oktapreview.com"]),
            ([], {"OKTA_ORG_NAME": "acme-admin"}, ["OKTA_ORG_NAME", "acme.okta.com"]),
            (["--org", "http://acme.okta.com"], {}, ["http://", "loopback"]),
            (["--org", "http://10.0.0.1:8080"], {}, ["http://", "loopback"]),
            (["--org", "https://me:hunter2@acme.okta.com"], {}, ["user name or password"]),
            (["--org", "https://acme.okta.com/api/v1"], {}, ["no path", "acme.okta.com"]),
            (["--org", "ftp://acme.okta.com"], {}, ["https://"]),
            (["--org", "acme.okta.com:99999"], {}, ["port"]),
            (["--org", "okta.com"], {}, ["not an org"]),
            (["--org", ""], {}, ["--org"]),
            (["--org", "acme okta"], {}, ["space"]),
            ([], {}, ["--org", "OKTA_ORG_NAME", "OKTA_CLIENT_ORGURL"]),
            ([], {"OKTA_ORG_NAME": "acme", "OKTA_BASE_URL": "https://okta.com"}, ["OKTA_BASE_URL"]),
            ([], {"OKTA_ORG_NAME": "acme", "OKTA_CLIENT_ORGURL": "https://beta.okta.com"}, ["OKTA_ORG_NAME", "OKTA_CLIENT_ORGURL", "disagree"]),
            (["--org", "acme", "--org", "beta"], {}, ["one org", "2"]),
        ]
        for arguments, variables, words in rows:
            with self.subTest(arguments=arguments, variables=variables):
                outcome = self.expect(3, "list", "tokens", *arguments, env=self.env(OKTA_API_TOKEN=kit.SECRET, **variables))
                self.hold_one_line(outcome, *words)
                self.assertNotIn("hunter2", outcome.err)

    def test_in_the_manifest_with_its_place(self):
        rows = {"acme-admin.okta.com": "Admin Console", "http://acme.okta.com": "loopback", "\"acme okta\"": "space"}
        for org, word in rows.items():
            with self.subTest(org):
                manifest = self.manifest("tokens: []\n", org=org)
                for command in ("validate", "plan"):
                    outcome = self.expect(3, command, manifest, env=self.env(OKTA_ORG_NAME="acme", OKTA_API_TOKEN=kit.SECRET))
                    self.assertIn(f"{manifest}:3:6: error:", outcome.err)
                    self.assertIn(word, outcome.err)


class Reached(kit.Case):
    def test_every_way_to_name_the_simulator(self):
        sim = self.sim("--demo")
        plain = self.manifest(CI, "plain.yaml")
        named = self.manifest(CI, "named.yaml", org=sim.url)
        secret = {"OKTA_API_TOKEN": sim.secret}
        rows = [
            (["--org", sim.url, plain], secret),
            (["--org", sim.authority, plain], secret),
            (["--org", sim.url + "/", plain], secret),
            (["--org", sim.url, named], secret),
            ([plain], {**secret, "OKTA_CLIENT_ORGURL": sim.url}),
            ([plain], {**secret, "OKTA_ORG_NAME": sim.authority}),
            ([named], {**secret, "OKTA_CLIENT_ORGURL": sim.url + "/"}),
            ([named], {"OKTA_API_TOKEN" + suffix(sim.authority): sim.secret}),
            ([plain, "--org", sim.url], {"OKTA_API_TOKEN" + suffix(sim.authority): sim.secret, "OKTA_API_TOKEN": "00another", "OKTA_ORG_NAME": "acme"}),
            ([plain], {"OKTA_CLIENT_TOKEN": sim.secret, "OKTA_CLIENT_ORGURL": sim.url}),
            ([plain], {"OKTA_API_TOKEN_FILE": self.write("token.secret", sim.secret + "\n"), "OKTA_CLIENT_ORGURL": sim.url}),
        ]
        for arguments, variables in rows:
            with self.subTest(arguments=arguments, variables=sorted(variables)):
                outcome = self.expect(0, "plan", *arguments, env=self.env(**variables))
                self.assertIn(sim.authority, outcome.out)

    def test_ipv6_loopback(self):
        sim = self.sim("--demo", host="::1")
        self.assertIn("[::1]", sim.url)
        manifest = self.manifest(CI.replace("ANYWHERE", "ZONE, include: [ci-runners]"), org=sim.url)
        self.expect(0, "apply", "--auto-approve", manifest, server=sim)
        self.expect(0, "plan", "--detailed-exitcode", manifest, server=sim)
        self.expect(0, "plan", manifest, env=self.env(**{f"OKTA_API_TOKEN____1_{sim.port}": sim.secret}))


class Foreign(kit.Case):
    """A manifest can never choose where a credential goes."""

    def test_an_org_that_only_a_manifest_names_gets_no_byte(self):
        other = self.rude(lambda r: (200, {}, []))
        sim = self.sim("--demo")
        manifest = self.manifest(CI, org=other.url)
        for command in (["plan"], ["drift"], ["apply", "--auto-approve"]):
            outcome = self.expect(5, *command, manifest, server=sim)
            self.hold_one_line(outcome, other.authority, f"{manifest}:3", "OKTA_API_TOKEN belongs to another org")
        self.expect(5, "plan", manifest, env=self.env(OKTA_API_TOKEN=kit.SECRET))
        self.assertEqual(other.requests, [])
        self.assertEqual(sim.log(), [])

    def test_one_foreign_org_among_others_costs_that_org_alone(self):
        other = self.rude(lambda r: (200, {}, []))
        sim = self.sim("--demo")
        self.manifest(CI, "m/a.yaml", org=sim.url)
        self.manifest(CI, "m/b.yaml", org=other.url)
        outcome = self.expect(6, "plan", "m", "--format=json", server=sim)
        self.assertEqual({org["host"]: org["exit_code"] for org in outcome.json["orgs"]}, {sim.authority: 0, other.authority: 5})
        self.assertIn("m/b.yaml:3", outcome.json["orgs"][1]["error"]["message"])
        self.expect(6, "apply", "m", "--auto-approve", server=sim)
        self.assertEqual(other.requests, [])
        self.expect(0, "plan", "m", "--org", sim.url, server=sim)

    def test_a_credential_of_the_environment_s_org_does_not_go_to_another_of_the_command_line(self):
        other = self.rude(lambda r: (200, {}, []))
        sim = self.sim("--demo")
        outcome = self.expect(5, "list", "tokens", "--org", other.url, server=sim)
        self.hold_one_line(outcome, other.authority, "OKTA_API_TOKEN")
        self.assertEqual(other.requests, [])

    def test_an_org_that_no_manifest_speaks_of_is_3(self):
        sim = self.sim("--demo")
        outcome = self.expect(3, "plan", self.manifest(CI, org="beta.okta.com"), "--org", sim.url, server=sim)
        self.hold_one_line(outcome, sim.authority, "no manifest")

    def test_two_kinds_of_credential_are_3(self):
        env = self.env(OKTA_CLIENT_ORGURL="https://acme.okta.com", OKTA_API_TOKEN=kit.SECRET, OKTA_ACCESS_TOKEN="00other")
        self.hold_one_line(self.expect(3, "list", "tokens", env=env), "OKTA_API_TOKEN", "OKTA_ACCESS_TOKEN")
        env = self.env(OKTA_CLIENT_ORGURL="https://acme.okta.com", OKTA_API_TOKEN=kit.SECRET, OKTA_CLIENT_TOKEN="00other")
        self.hold_one_line(self.expect(3, "list", "tokens", env=env), "OKTA_API_TOKEN", "OKTA_CLIENT_TOKEN")

    def test_a_secret_that_cannot_be_one_is_3(self):
        for text in (kit.SECRET + "\r\nX-Evil: 1", kit.SECRET + " " + kit.SECRET, kit.SECRET + "\u00fc"):
            outcome = self.expect(3, "list", "tokens", env=self.env(OKTA_ORG_NAME="acme", OKTA_API_TOKEN=text))
            self.hold_one_line(outcome, "OKTA_API_TOKEN")
        missing = self.expect(3, "list", "tokens", env=self.env(OKTA_ORG_NAME="acme", OKTA_API_TOKEN_FILE="/nowhere/token"))
        self.hold_one_line(missing, "OKTA_API_TOKEN_FILE")

    def test_proxies_get_nothing_of_loopback(self):
        proxy = self.rude(lambda r: (200, {}, []))
        sim = self.sim("--demo")
        for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"):
            self.expect(0, "list", "tokens", env=self.env(sim, **{name: proxy.url}))
        self.assertEqual(proxy.requests, [])


if __name__ == "__main__":
    kit.main()
