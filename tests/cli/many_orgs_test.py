"""Many orgs in one run: 50 of them, some failing; which of them take part; what a manifest says of an org itself."""

import hashlib
import json

import kit

COUNT = 50
BODY = "unmanaged: ignore\ntokens:\n  - name: zonepin-ci\n    network: { connection: ANYWHERE }\n"
WELL_KNOWN = "/.well-known/okta-organization"


def shard_of(authority, of):
    return int(hashlib.sha256(authority.encode()).hexdigest()[:16], 16) % of + 1


def tightening(sims, number):
    """What pins one token of that org, nobody's that calls, from everywhere to one zone."""
    tokens = sims.call(number, "/api/v1/api-tokens")
    own = {token["userId"] for token in tokens if token["name"] == "zonepin-ci"}
    token = next(t for t in tokens if t["userId"] not in own and t.get("clientName") == "Okta API"
                 and t.get("network", {}).get("connection") == "ANYWHERE")
    zone = next(z for z in sims.call(number, "/api/v1/zones?limit=200")
                if (z["type"], z["status"], z["usage"], z["system"]) == ("IP", "ACTIVE", "POLICY", False))
    return f"unmanaged: ignore\ntokens:\n  - id: {token['id']}\n    network: {{ connection: ZONE, include: [{zone['id']}] }}\n"


def codes(outcome):
    return {org["host"]: org["exit_code"] for org in outcome.json["orgs"]}


class Fifty(kit.Case):
    """47 orgs that are well, and three that fail in different ways; all of them in one run."""

    def setUp(self):
        super().setUp()
        self.sims = self.many_sims(COUNT - 2, "--tokens", "40", "--zones", "8", "--rate", "100000")
        self.broken = self.rude(lambda request: (200, {"Content-Type": "text/html"}, b"<html>Sorry</html>"))
        self.unreachable = f"127.0.0.1:{self.closed_port()}"
        self.refused = self.sims.authorities[7]
        self.orgs = {f"org-{at}": url for at, url in enumerate([*self.sims.urls, self.broken.url, "http://" + self.unreachable])}
        self.environment = self.env(**self.sims.env)
        for authority in (self.broken.authority, self.unreachable):
            self.environment["OKTA_API_TOKEN__" + kit.suffix_of(authority)] = kit.SECRET
        self.environment[self.sims.variable(7)] = kit.SECRET
        entries = "".join(f"  {label}: {{ host: {url}, limits: {{ update_pct: 10 }} }}\n" for label, url in self.orgs.items())
        self.write("m/orgs.yaml", "apiVersion: zonepin/v1\nkind: Orgs\norgs:\n" + entries)
        self.write_tokens([BODY] * COUNT)
        self.all = {url.removeprefix("http://") for url in self.orgs.values()}
        self.wrong = {self.refused: 7, self.broken.authority: 1, self.unreachable: 1}

    def write_tokens(self, bodies):
        documents = [f"apiVersion: zonepin/v1\nkind: ApiTokens\norg: {label.upper()}\n{body}" for label, body in zip(self.orgs, bodies)]
        self.write("m/tokens.yaml", "---\n".join(documents))

    def test_one_run(self):
        expected = {authority: self.wrong.get(authority, 0) for authority in self.all}
        self.assertEqual(len(expected), COUNT)
        for command in (["plan"], ["drift"]):
            outcome = self.expect(6, *command, "m", "--format=json", env=self.environment)
            self.assertEqual(codes(outcome), expected)
            failed = {org["host"]: org["error"]["message"] for org in outcome.json["orgs"] if org["error"]}
            self.assertEqual(set(failed), set(self.wrong))
            self.assertIn("401", failed[self.refused])
            for host, message in failed.items():
                self.assertIn(host, message)
                self.assertIn(host, outcome.err)
            self.assertEqual({c["org"] for c in outcome.json["resource_changes"]}, self.all - set(self.wrong))
        # Each asked with its own credential: all but the one that was given a wrong one let it in.
        asked = {authority for authority, _, _ in self.sims.log()}
        self.assertEqual(asked, set(self.sims.authorities))
        text = self.expect(6, "plan", "m", env=self.environment)
        self.assertIn("Total of 50 orgs:", text.flat)
        self.assertIn("3 orgs could not be read.", text.flat)
        for host in self.wrong:
            self.assertIn(f"{host}: not read, so nothing is planned here", text.flat)

    def test_four_shards_are_together_the_fifty(self):
        seen = []
        for number in range(1, 5):
            mine = {authority for authority in self.all if shard_of(authority, 4) == number}
            expected = {authority: self.wrong.get(authority, 0) for authority in mine}
            outcome = self.expect(6 if mine & set(self.wrong) else 0, "plan", "m", "--shard", f"{number}/4", "--format=json", env=self.environment)
            self.assertEqual(codes(outcome), expected)
            seen += codes(outcome)
        self.assertEqual(sorted(seen), sorted(self.all))

    def test_apply(self):
        self.write_tokens([*(tightening(self.sims, at) for at in range(COUNT - 2)), BODY, BODY])
        outcome = self.expect(6, "apply", "m", "--auto-approve", "--format=json", env=self.environment)
        self.assertEqual(codes(outcome), {authority: self.wrong.get(authority, 0) for authority in self.all})
        self.assertEqual(outcome.json["summary"]["done"], COUNT - 3)
        self.assertTrue(all(org["confirmed"] for org in outcome.json["orgs"] if org["exit_code"] == 0))
        self.assertEqual(sum(1 for _, method, _ in self.sims.log() if method == "PUT"), COUNT - 3)
        again = self.expect(6, "plan", "m", "--format=json", env=self.environment)
        self.assertEqual(again.json["summary"]["actions"], 0)


class Chosen(kit.Case):
    """--only and --shard."""

    def setUp(self):
        super().setUp()
        self.sims = self.many_sims(6, "--tokens", "40")
        self.environment = self.env(**self.sims.env)
        for number, url in enumerate(self.sims.urls):
            self.manifest(tightening(self.sims, number), f"m/{number}.yaml", org=url)
        self.sims.clear_log()

    def hosts(self, code, *arguments):
        return set(codes(self.expect(code, "plan", "m", "--format=json", *arguments, env=self.environment)))

    def test_only(self):
        all_hosts = set(self.sims.authorities)
        one, two = self.sims.authorities[:2]
        self.assertEqual(self.hosts(0, "--only", one), {one})
        self.assertEqual(self.hosts(0, "--only", one, "--only", two.replace("127", "12?")), {one, two})
        self.assertEqual(self.hosts(0, "--only", "127.0.0.1"), all_hosts)
        self.assertEqual(self.hosts(0, "--org", one, "--only", "*"), {one})
        self.hold_one_line(self.expect(3, "plan", "m", "--only", "*.okta.com", env=self.environment), "--only", "*.okta.com")
        self.hold_one_line(self.expect(3, "plan", "m", "--only", one, "--only", "nobody", env=self.environment), "nobody")
        self.hold_one_line(self.expect(3, "plan", "m", "--only", "a[", env=self.environment), "--only", "a[")
        self.hold_one_line(self.expect(3, "plan", "m", "--org", one, "--only", two, env=self.environment), two)

    def test_shards(self):
        hosts = [self.hosts(0, "--shard", f"{number}/3") for number in (1, 2, 3)]
        self.assertEqual(sorted(sum(map(sorted, hosts), [])), sorted(self.sims.authorities))
        self.assertEqual(hosts[1], {a for a in self.sims.authorities if shard_of(a, 3) == 2})
        self.assertEqual(self.hosts(0, "--shard", "1/1"), set(self.sims.authorities))
        for wrong in ("0/4", "5/4", "1", "a/b", "", "1/0", "-1/4"):
            self.hold_one_line(self.expect(3, "plan", "m", f"--shard={wrong}", env=self.environment), "--shard", "K/N")

    def test_an_empty_shard_is_well_and_says_so(self):
        empty = next(n for n in range(1, 10_001) if all(shard_of(a, 10_000) != n for a in self.sims.authorities))
        shard = f"--shard={empty}/10000"
        for command in (["plan"], ["plan", "--out", "empty.json"], ["drift"], ["apply"], ["apply", "--auto-approve"], ["apply", "--plan", "empty.json"]):
            paths = [] if "--plan" in command else ["m", shard]
            outcome = self.expect(0, *command, *paths, "--format=json", env=self.environment)
            self.assertEqual(outcome.json["orgs"], [])
            if paths:
                self.assertIn(f"shard {empty}/10000 holds none of the run's orgs (6)", outcome.err)
        self.assertEqual(self.sims.log(), [])

    def test_a_saved_plan_can_be_applied_in_parts(self):
        self.expect(0, "plan", "m", "--out", "plan.json", env=self.environment)
        done = []
        for number in (1, 2, 3):
            outcome = self.expect(0, "apply", "--plan", "plan.json", "--shard", f"{number}/3", "--format=json", env=self.environment)
            self.assertIn("of the 6 orgs in plan.json take part", outcome.err)
            done += [result["org"] for result in outcome.json["results"] if result["fate"] == "done"]
        self.assertEqual(sorted(done), sorted(self.sims.authorities))
        self.expect(3, "apply", "--plan", "plan.json", "--only", "nobody", env=self.environment)
        self.expect(0, "plan", "m", "--detailed-exitcode", env=self.environment)


class Entries(kit.Case):
    """What kind Orgs says of an org takes effect."""

    def orgs(self, **entries):
        rows = "".join(f"  {label}: {{ {entry} }}\n" for label, entry in entries.items())
        self.write("m/orgs.yaml", "apiVersion: zonepin/v1\nkind: Orgs\norgs:\n" + rows)

    def test_a_label_is_an_address_and_no_right_to_a_credential(self):
        sim, other = self.sim("--demo"), self.rude(lambda request: (200, {}, []))
        self.orgs(mine=f"host: {sim.url}", theirs=f"host: {other.url}")
        self.manifest("tokens: []\n", "m/a.yaml", org="Mine")
        outcome = self.expect(0, "plan", "m", "--format=json", server=sim)
        self.assertEqual(list(codes(outcome)), [sim.authority])
        self.assertEqual(list(codes(self.expect(0, "plan", "m", "--org", "MINE", "--format=json", server=sim))), [sim.authority])
        # Whoever names a label gets the host that a manifest says, and no credential that is not that host's.
        self.manifest("tokens: []\n", "m/b.yaml", org="theirs")
        said = self.expect(5, "plan", "m", "--org", "theirs", env=self.env(OKTA_API_TOKEN=kit.SECRET)).err
        self.assertIn(other.authority, said)
        self.assertEqual(other.requests, [])

    def test_the_org_id_is_asked_for_without_a_credential(self):
        seen = []

        def org(request):
            seen.append((request.path, "Authorization" in request.headers))
            if request.path == WELL_KNOWN:
                return 200, {}, {"id": "00oTheOther", "pipeline": "idx"}
            return 200, {}, {"id": "00u1"} if request.path == "/api/v1/users/me" else []
        host = self.rude(org)
        env = self.env(OKTA_API_TOKEN=kit.SECRET, OKTA_CLIENT_ORGURL=host.url)
        self.manifest("tokens: []\n", "m/a.yaml", org="mine")
        self.orgs(mine=f"host: {host.url}, org_id: 00oMine")
        for command in (["plan"], ["drift"], ["apply", "--auto-approve"]):
            self.hold_one_line(self.expect(5, *command, "m", env=env), host.authority, "another org", "00oTheOther", "00oMine", "m/orgs.yaml:4")
        self.assertEqual(set(seen), {(WELL_KNOWN, False)})
        seen.clear()
        self.orgs(mine=f"host: {host.url}, org_id: 00oTheOther")
        self.expect(0, "plan", "m", env=env)
        self.assertEqual(seen[0], (WELL_KNOWN, False))
        self.assertEqual({path for path, _ in seen[1:]}, {"/api/v1/api-tokens", "/api/v1/users/me", "/api/v1/zones?limit=200"})
        seen.clear()
        self.orgs(mine=f"host: {host.url}")
        self.expect(0, "plan", "m", env=env)
        self.assertNotIn(WELL_KNOWN, [path for path, _ in seen])

    def test_a_host_that_does_not_say_which_org_it_is_gets_no_credential(self):
        for status, body in ((404, {}), (200, []), (200, {"id": 7}), (200, b"<html>"), (403, kit.okta_error("E0000006", "no"))):
            with self.subTest(status=status, body=body):
                host = self.rude(lambda request, answer=(status, {}, body): answer)
                self.manifest("tokens: []\n", "m/a.yaml", org="mine")
                self.orgs(mine=f"host: {host.url}, org_id: 00oMine")
                outcome = self.expect(1, "plan", "m", env=self.env(OKTA_API_TOKEN=kit.SECRET, OKTA_CLIENT_ORGURL=host.url))
                self.assertIn("00oMine", outcome.err)
                self.assertEqual([r.path for r in host.requests if "Authorization" in r.headers], [])

    def test_a_saved_plan_remembers_the_org_id(self):
        sim = self.sim("--demo")
        org_id = sim.call("GET", WELL_KNOWN)["id"]
        self.manifest("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n", "m/a.yaml", org="mine")
        self.orgs(mine=f"host: {sim.url}, org_id: {org_id}")
        self.expect(0, "plan", "m", "--out", "plan.json", server=sim)
        self.assertEqual(json.loads((self.folder / "plan.json").read_text())["orgs"][0]["org_id"], org_id)
        sim.clear_log()
        self.expect(0, "apply", "--plan", "plan.json", server=sim)
        self.assertIn(WELL_KNOWN, sim.log()[0])

    def test_the_client_id_of_a_service_app(self):
        key = str(self.folder / "app.secret")
        sim = self.sim("--demo", "--app-key-out", key, "--app-key-type", "ES256")
        self.manifest("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n", "m/a.yaml", org="mine")
        self.orgs(mine=f"host: {sim.url}, client_id: 0oademo0000000000001")
        suffix = "__" + kit.suffix_of(sim.authority)
        own = {"OKTA_API_PRIVATE_KEY" + suffix: key}
        plain = {"OKTA_CLIENT_ORGURL": sim.url, "OKTA_API_PRIVATE_KEY": key, "OKTA_API_CLIENT_ID": "0oaOfAnotherOrg"}
        for variables in (own, plain, {**own, "OKTA_API_CLIENT_ID" + suffix: "0oademo0000000000001"}):
            self.expect(0, "plan", "m", "--out", "plan.json", env=self.env(**variables))
        differs = self.expect(3, "plan", "m", env=self.env(**own, **{"OKTA_API_CLIENT_ID" + suffix: "0oaAnother"}))
        self.hold_one_line(differs, "OKTA_API_CLIENT_ID" + suffix, "m/orgs.yaml:4", "disagree")
        self.expect(0, "apply", "--plan", "plan.json", env=self.env(**own))
        # An SSWS token needs no app.
        self.expect(0, "plan", "m", server=sim)

    def test_limits_that_differ_name_both_places(self):
        self.orgs(mine="host: acme.okta.com, limits: { update_pct: 10, revoke: 2 }")
        self.manifest("limits: { update_pct: 20 }\ntokens: []\n", "m/tokens.yaml", org="mine")
        for command in ("validate", "plan"):
            outcome = self.expect(3, command, "m", env=self.env(OKTA_ORG_NAME="acme", OKTA_API_TOKEN=kit.SECRET))
            self.assertIn("m/tokens.yaml:4", outcome.err)
            self.assertIn("m/orgs.yaml:4", outcome.err)
            self.assertIn("update_pct", outcome.err)
            self.assertNotIn("revoke is", outcome.err)
        self.manifest("limits: { update_pct: 10 }\ntokens: []\n", "m/tokens.yaml", org="acme.okta.com")
        self.expect(0, "validate", "m")


if __name__ == "__main__":
    kit.main()
