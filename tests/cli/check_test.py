"""check: rules, profiles, waivers, exit codes."""

import json

import kit

WAIVED = "waivers:\n  - {{ rule: token-anywhere, match: {{ name: {} }}, until: 2098-12-31, reason: SEC-482 }}\n"
QUIET = "rules:\n  - match: { name: '*' }\n    ignore: true\n"


class Check(kit.Case):
    def pinned(self, **fields):
        return kit.token(1, network={"connection": "ZONE", "include": [kit.zone(1)["id"]]}, **fields)

    def test_exit_codes(self):
        clean = self.rude_org([self.pinned()], [kit.zone(1)])
        manifest = self.manifest(QUIET)
        self.assertIn("1 passed", self.expect(0, "check", manifest, server=clean.server).out)
        dirty = self.rude_org([self.pinned(), kit.token(2)], [kit.zone(1)])
        self.assertIn("1 failed, 1 passed", self.expect(9, "check", manifest, server=dirty.server).out)
        # An empty list, and one that is too short, are no pass.
        empty = self.rude_org([], [kit.zone(1)])
        self.assertIn("not reviewed", self.expect(6, "check", manifest, server=empty.server).flat.lower())
        few = self.manifest("expect: { min_tokens: 3 }\n" + QUIET, "few.yaml")
        outcome = self.expect(6, "check", few, "--format=json", server=dirty.server)
        self.assertEqual({r["verdict"] for r in outcome.json["results"]}, {"not_reviewed"})
        self.assertEqual(outcome.json["summary"]["pass"], 0)

    def test_only_gets_are_sent_and_no_owner_is_asked_for_unless_wanted(self):
        sim = self.sim("--demo")
        manifest = self.manifest(QUIET)
        self.expect(9, "check", manifest, server=sim)
        self.assertEqual(len(sim.log()), 3, sim.log())
        sim.clear_log()
        self.run_program("check", manifest, "--owners", "--max-owner-lookups", "2", server=sim)
        self.assertEqual(set(sim.methods()), {"GET"})
        self.assertEqual(len([line for line in sim.log() if "/users/" in line and "/users/me" not in line]), 2, sim.log())

    def test_owners(self):
        users = {"00urude0000000000001": "ACTIVE", "00urude0000000000002": "SUSPENDED"}

        def before(request):
            user = request.path.rsplit("/", 1)[1]
            if request.path.startswith("/api/v1/users/") and user in users:
                return 200, kit.REQUEST_ID, {"id": user, "status": users[user], "profile": {"login": user[-2:] + "@acme.example"}}
            return None

        org = self.rude_org([self.pinned(userId=f"00urude000000000000{n}", id=f"00Trude{n:013d}", name=f"t{n}") for n in (1, 2, 3)],
                            [kit.zone(1)], before)
        manifest = self.manifest(QUIET)
        self.expect(0, "check", manifest, server=org.server)
        outcome = self.expect(9, "check", manifest, "--owners", "--format=json", server=org.server)
        verdicts = {r["name"]: (r["verdict"], [f["message"] for f in r["findings"]]) for r in outcome.json["results"]}
        self.assertEqual(verdicts["t1"], ("pass", []))
        self.assertEqual(verdicts["t2"], ("fail", ['its owner "02@acme.example" is SUSPENDED']))
        self.assertEqual(verdicts["t3"], ("fail", ["its owner 00urude0000000000003 is gone"]))
        # Whom nobody looked up is not reviewed, which is no pass.
        outcome = self.expect(6, "check", manifest, "--owners", "--max-owner-lookups", "1", "--format=json", server=org.server)
        self.assertEqual([r["verdict"] for r in outcome.json["results"]], ["pass", "not_reviewed", "not_reviewed"])
        self.write("live.json", self.expect(0, "snapshot", server=org.server).raw_out)
        self.expect(3, "check", manifest, "--owners", "--live", "live.json")

    def test_a_waiver_accepts_and_never_passes(self):
        org = self.rude_org([self.pinned(), kit.token(2)], [kit.zone(1)])
        manifest = self.manifest(QUIET + WAIVED.format("token-2"))
        for profile in ("default", "stig"):
            outcome = self.expect(0, "check", manifest, "--profile", profile, "--format=json", server=org.server)
            self.assertEqual(outcome.json["summary"], {"tokens": 2, "fail": 0, "not_reviewed": 0, "waived": 1, "pass": 1})
        text = self.expect(0, "check", manifest, "--profile", "stig", server=org.server)
        self.assertIn("open, accepted until 2098-12-31: SEC-482", text.flat)
        over = self.manifest(QUIET + WAIVED.format("token-2").replace("2098", "2024"), "over.yaml")
        outcome = self.expect(9, "check", over, "--format=json", server=org.server)
        self.assertEqual([f["rule"] for f in outcome.json["orgs"][0]["findings"]], ["waiver-expired"])
        self.assertEqual(outcome.json["summary"]["fail"], 1)

    def test_a_waiver_by_owner_looks_the_owner_up(self):
        def before(request):
            if request.path == "/api/v1/users/00urude0000000000001":
                return 200, kit.REQUEST_ID, {"id": "00urude0000000000001", "status": "ACTIVE", "profile": {"login": "ana@acme.example"}}
            return None

        org = self.rude_org([kit.token(2)], [kit.zone(1)], before)
        manifest = self.manifest(QUIET + "waivers:\n  - { rule: token-anywhere, match: { owner: '*@acme.example' }, until: 2098-12-31, reason: r }\n")
        self.expect(0, "check", manifest, server=org.server)

    def test_profiles(self):
        org = self.rude_org([kit.token(1, network={"connection": "ZONE", "exclude": [kit.zone(1)["id"]]})], [kit.zone(1)])
        manifest = self.manifest(QUIET)
        self.expect(0, "check", manifest, server=org.server)
        self.expect(9, "check", manifest, "--profile", "stig", server=org.server)
        self.write("p.yaml", "apiVersion: zonepin/v1\nkind: Profile\nextends: stig\nrules: { token-exclude-only: note }\n")
        outcome = self.expect(0, "check", manifest, "--profile", "p.yaml", "--format=json", server=org.server)
        self.assertEqual(outcome.json["profile"]["name"], "p.yaml")
        self.assertEqual(outcome.json["results"][0]["findings"][0]["level"], "note")
        outcome = self.expect(3, "check", manifest, "--profile", "sitg", server=org.server)
        self.hold_one_line(outcome, "sitg", 'did you mean "stig"?')
        self.write("bad.yaml", "apiVersion: zonepin/v1\nkind: Profile\nrules: { token-idel: error }\n")
        outcome = self.expect(3, "check", manifest, "--profile", "bad.yaml", server=org.server)
        self.assertIn("bad.yaml:3:10: error:", outcome.err)

    def test_the_schema_of_profiles_and_the_checker_agree(self):
        import jsonschema
        schema = json.loads(self.expect(0, "schema", "profile").out)
        org = self.rude_org([self.pinned()], [kit.zone(1)])
        manifest = self.manifest(QUIET)
        for right, body in [(True, {}), (True, {"extends": "stig", "bounds": {"idle": "P1D"}}), (False, {"extends": "x"}),
                            (False, {"bounds": {"idle": "1 day"}}), (False, {"bounds": {"widest_ipv4": 33}}),
                            (True, {"bounds": {"widest_ipv6": 128}}), (False, {"rules": {"token-x": "error"}}),
                            (False, {"rules": {"token-idle": "bad"}}), (True, {"rules": {"token-idle": "off"}}), (False, {"more": 1})]:
            document = {"apiVersion": "zonepin/v1", "kind": "Profile", **body}
            self.assertEqual(jsonschema.Draft7Validator(schema).is_valid(document), right, document)
            self.write("p.yaml", json.dumps(document))
            self.assertEqual(self.run_program("check", manifest, "--profile", "p.yaml", server=org.server).code, 0 if right else 3, document)

    def test_several_orgs_one_of_which_does_not_answer(self):
        good = self.rude_org([self.pinned()], [kit.zone(1)])
        gone = f"127.0.0.1:{self.closed_port()}"
        self.manifest(QUIET, "a.yaml", org=good.server.url)
        self.manifest(QUIET, "b.yaml", org="http://" + gone)
        suffix = [good.server.authority.replace(".", "_").replace(":", "_"), gone.replace(".", "_").replace(":", "_")]
        env = self.env(**{"OKTA_API_TOKEN__" + s: kit.SECRET for s in suffix})
        outcome = self.expect(6, "check", "a.yaml", "b.yaml", "--format=json", env=env)
        codes = {org["org"]: org["exit_code"] for org in outcome.json["orgs"]}
        self.assertEqual(codes, {good.server.authority: 0, gone: 1})
        self.assertIsNone(outcome.json["orgs"][0]["error"] if outcome.json["orgs"][0]["exit_code"] == 0 else None)


if __name__ == "__main__":
    kit.main()
