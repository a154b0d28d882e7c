"""check: rules, profiles, waivers, exit codes, evidence."""

import hashlib
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
        text = self.expect(9, "check", manifest, server=dirty.server).out
        self.assertTrue(text.startswith(dirty.server.url.split("://")[1] + ": 2 live tokens\n\nUsable from anywhere (token-anywhere): 1 error\n"), text)
        self.assertRegex(text, r"\n\nCheck of [^\n]*: 1 failed, 1 passed\.\n\n(Not looked at: [^\n]*\n(  [^\n]*\n)*)?Profile default\.\n\Z")
        # An empty list, and one that is too short, are no pass.
        empty = self.rude_org([], [kit.zone(1)])
        self.assertIn("not reviewed", self.expect(6, "check", manifest, server=empty.server).flat.lower())
        few = self.manifest("expect: { min_tokens: 3 }\n" + QUIET, "few.yaml")
        outcome = self.expect(6, "check", few, "--format=json", server=dirty.server)
        self.assertEqual({r["verdict"] for r in outcome.json["results"]}, {"not_reviewed"})
        self.assertEqual(outcome.json["summary"]["pass"], 0)

    def test_a_soft_failure_forgives_violations_alone(self):
        dirty = self.rude_org([self.pinned(), kit.token(2)], [kit.zone(1)])
        manifest = self.manifest(QUIET)
        outcome = self.expect(0, "check", manifest, "--soft-fail", "--format=json", server=dirty.server)
        self.assertEqual((outcome.json["exit_code"], outcome.json["orgs"][0]["exit_code"], outcome.json["summary"]["fail"]), (0, 0, 1))
        self.assertIn("1 failed, 1 passed", self.expect(0, "check", manifest, "--soft-fail", server=dirty.server).out)
        # What could not be judged or read, and a mistake, are no violations.
        few = self.manifest("expect: { min_tokens: 3 }\n" + QUIET, "few.yaml")
        self.expect(6, "check", few, "--soft-fail", server=dirty.server)
        refused = self.rude_org([self.pinned()], [kit.zone(1)], lambda request: (401, kit.REQUEST_ID, {"errorCode": "E0000011"}))
        self.expect(7, "check", manifest, "--soft-fail", server=refused.server)
        self.write("wrong.yaml", "kind: Nothing\n")
        self.expect(3, "check", "wrong.yaml", "--soft-fail", server=dirty.server)

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
        self.assertIn("mend the profile", outcome.err)
        self.assertNotIn("manifests", outcome.err)

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


class Evidence(kit.Case):
    """An org of 500 tokens: from its first check to one that ends well."""

    def folder_is_sound(self, name):
        folder = self.folder / name
        index = json.loads((folder / "index.json").read_text())
        self.assertEqual({f["name"] for f in index["files"]} | {"index.json"}, {p.name for p in folder.iterdir()})
        for file in index["files"]:
            data = (folder / file["name"]).read_bytes()
            self.assertEqual((len(data), hashlib.sha256(data).hexdigest()), (file["bytes"], file["sha256"]), file)
            if file["name"].endswith(".json"):
                kit.validate_document(json.loads(data))
        return index

    def results(self, name):
        return json.loads(next((self.folder / name).glob("results-*.json")).read_text())

    def test_stig_on_500_tokens(self):
        sim = self.sim("--tokens", "500", "--rate", "100000", "--no-enforce-network")
        zones = sim.call("GET", "/api/v1/zones?limit=200")
        home = next(z for z in zones if z["type"] == "IP" and z["status"] == "ACTIVE" and z["usage"] == "POLICY" and z["gateways"])
        egress = home["gateways"][0]["value"].split("/")[0]
        live = sim.call("GET", "/api/v1/api-tokens")
        tokens = [t for t in live if t["clientName"] == "Okta API"]
        agents = [t["id"] for t in live if t["clientName"] != "Okta API" and t["network"]["connection"] == "ANYWHERE"]
        self.assertGreater(len(agents), 2)
        partner = next(t for t in tokens if t.get("network", {}).get("connection") == "ANYWHERE")
        waived = {partner["id"], *agents}
        entries = [{"id": t["id"], "network": t["network"] if t is partner else {"connection": "ZONE", "include": [home["id"]]}} for t in tokens]
        body = (f"self: {{ egress: [{egress}] }}\nexpect: {{ min_tokens: 400 }}\ntokens:\n"
                + "".join(f"  - {json.dumps(entry)}\n" for entry in entries)
                + "rules:\n  - { match: { client: 'Okta * Agent' }, ignore: true }\n")
        self.manifest(body)
        outcome = self.expect(9, "check", "m.yaml", "--profile", "stig", "--format", "sarif", "--evidence", "before",
                              "--source-revision", "abc123", "--output", "html=check.html", server=sim)
        run = outcome.json["runs"][0]
        places = {(r["ruleId"], r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                   r["locations"][0]["physicalLocation"]["region"]["startLine"]) for r in run["results"] if r["level"] == "error"}
        lines = {json.loads(line[4:])["id"]: number for number, line in enumerate(body.splitlines(), 3) if line.startswith("  - {\"id\"")}
        self.assertIn(("token-anywhere", "m.yaml", lines[partner["id"]]), places)
        self.assertEqual(len({json.dumps(r["partialFingerprints"]) for r in run["results"]}), len(run["results"]))
        index = self.folder_is_sound("before")
        self.assertEqual((index["source_revision"], index["exit_code"], index["profile"]), ("abc123", 9, "stig"))
        before = self.results("before")
        self.assertEqual(before["summary"]["tokens"], 500)
        self.assertGreater(before["summary"]["fail"], 100)
        self.assertEqual(before["orgs"][0]["principal"]["kind"], "ssws")
        self.assertTrue(before["orgs"][0]["principal"]["user_id"].startswith("00u"))
        # The snapshot in the folder gives the same verdicts by itself.
        snapshot = next((self.folder / "before").glob("snapshot-*.json"))
        again = self.expect(9, "check", "m.yaml", "--profile", "stig", "--live", snapshot, "--format=json")
        self.assertEqual([(r["token_id"], r["verdict"], r["sha256"]) for r in again.json["results"]],
                         [(r["token_id"], r["verdict"], r["sha256"]) for r in before["results"]])

        self.expect(0, "apply", "m.yaml", "--auto-approve", "--max-update-pct", "100", server=sim)
        self.manifest(body + "waivers:\n"
                      f"  - {{ rule: token-anywhere, match: {{ name: {partner['name']} }}, until: 2098-12-31, reason: SEC-482 }}\n"
                      "  - { rule: token-anywhere, match: { client: 'Okta * Agent' }, until: 2098-12-31, reason: SEC-483 }\n")
        self.expect(0, "check", "m.yaml", "--profile", "stig", "--evidence", "after", server=sim)
        after = self.results("after")
        self.assertEqual({r["token_id"] for r in after["results"] if r["verdict"] == "waived"}, waived)
        self.assertEqual(after["summary"]["pass"], 500 - len(waived))
        self.assertEqual({f["accepted"]["reason"] for r in after["results"] if r["verdict"] == "waived" for f in r["findings"]
                          if f["state"] == "waived"}, {"SEC-482", "SEC-483"})
        self.assertIn("open, accepted until 2098-12-31", (self.folder / "after" / "report.html").read_text())
        self.folder_is_sound("after")

    def test_a_folder_that_holds_something_else_is_refused(self):
        org = self.rude_org([kit.token(2)], [kit.zone(1)])
        manifest = self.manifest(QUIET)
        (self.folder / "full").mkdir()
        self.write("full/notes.txt", "mine")
        outcome = self.expect(3, "check", manifest, "--evidence", "full", server=org.server)
        self.hold_one_line(outcome, "full", "notes.txt")
        self.assertEqual(org.server.requests, [])
        (self.folder / "empty").mkdir()
        for _ in range(2):  # earlier evidence is replaced
            self.expect(9, "check", manifest, "--evidence", "empty", server=org.server)
        self.write("empty/notes.txt", "mine")
        self.expect(3, "check", manifest, "--evidence", "empty", server=org.server)
        self.expect(3, "check", manifest, "--evidence", "no/such/folder", server=org.server)

    def test_a_snapshot_is_kept_to_the_byte(self):
        org = self.rude_org([kit.token(2)], [kit.zone(1)])
        manifest = self.manifest(QUIET)
        self.expect(0, "snapshot", "--out", "live.json", server=org.server)
        self.expect(9, "check", manifest, "--live", "live.json", "--evidence", "e")
        kept = next((self.folder / "e").glob("snapshot-*.json"))
        self.assertEqual(kept.read_bytes(), (self.folder / "live.json").read_bytes())
        self.assertEqual(self.results("e")["orgs"][0]["principal"]["kind"], "snapshot")

    def test_a_service_app_is_named_by_its_client_id(self):
        sim = self.sim("--demo", "--app-key-out", str(self.folder / "app.secret"))
        env = self.app_env(sim)
        self.expect(9, "check", self.manifest(QUIET), "--evidence", "e", env=env)
        principal = self.results("e")["orgs"][0]["principal"]
        self.assertEqual((principal["kind"], principal["client_id"]), ("service_app", sim.app["OKTA_API_CLIENT_ID"]))


if __name__ == "__main__":
    kit.main()
