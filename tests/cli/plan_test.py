"""plan, drift and what they ask of Okta."""

import json

import kit

QUIET = "unmanaged: ignore\n"


class RequestCounts(kit.Case):
    def test_a_plan_with_nothing_to_do_is_one_list_and_the_zone_pages(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens:\n  - name: terraform-prod\n    network: { connection: ZONE, include: [ci-runners] }\n")
        self.expect(0, "plan", manifest, "--detailed-exitcode", server=sim)
        # They run side by side: either may come first.
        self.assertEqual(sorted(sim.log()), ["GET /api/v1/api-tokens 200", "GET /api/v1/users/me 200", "GET /api/v1/zones?limit=200 200"])

    def test_5000_tokens_cost_as_many_requests_as_14(self):
        sim = self.sim("--tokens", "5000", "--zones", "450", "--seed", "7")
        tokens = sim.call("GET", "/api/v1/api-tokens")
        sim.clear_log()
        entries = [{"id": t["id"], "network": t["network"]} for t in tokens if t["clientName"] == "Okta API" and t.get("network")]
        self.assertGreater(len(entries), 4000)
        manifest = self.manifest("unmanaged: ignore\ntokens: " + json.dumps(entries))
        outcome = self.expect(0, "plan", manifest, "--detailed-exitcode", server=sim)
        lists = [line for line in sim.log() if line == "GET /api/v1/api-tokens 200"]
        zones = [line for line in sim.log() if line.startswith("GET /api/v1/zones?")]
        self.assertEqual((len(lists), len(zones), len(sim.log())), (1, 3, 5), sim.log())
        self.assertIn(f"{len(entries)} unchanged", outcome.out)

    def test_commands_that_only_read_send_no_write(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n"
                                 "  - name: old-backup\n    state: revoked\n    reason: SEC-1\n")
        self.expect(0, "plan", manifest, "--allow-revoke", "--out", "p.json", server=sim)
        self.expect(2, "drift", manifest, server=sim)
        self.expect(0, "validate", manifest, server=sim)
        self.expect(0, "snapshot", manifest, server=sim)
        self.expect(0, "list", "tokens", server=sim)
        self.expect(0, "list", "zones", server=sim)
        self.expect(0, "get", "00Tdemo0000000000002", server=sim)
        self.expect(0, "show", "p.json", "--reverse", server=sim)
        self.assertEqual(set(sim.methods()), {"GET"})

    def test_an_owner_by_login_costs_one_request_per_login(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens:\n  - name: hr-sync\n    owner: ana.data@acme.example\n"
                                 "    network: { connection: ZONE, include: [corp-offices] }\n"
                                 "  - name: etl-nightly\n    owner: ana.data@acme.example\n    network: { connection: ANYWHERE }\n")
        self.expect(0, "plan", manifest, "--detailed-exitcode", server=sim)
        users = [line for line in sim.log() if "/users/" in line and "/users/me" not in line]
        self.assertEqual(len(users), 1, sim.log())
        self.assertEqual(len(sim.log()), 4, sim.log())


class ExitCodes(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")
        self.todo = self.manifest("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n")

    def test_changes_are_0_or_2_with_detailed_exitcode(self):
        self.expect(0, "plan", self.todo, server=self.server)
        self.expect(2, "plan", self.todo, "--detailed-exitcode", server=self.server)
        self.expect(2, "drift", self.todo, server=self.server)

    def test_enforce_is_4_where_apply_would_be(self):
        self.expect(0, "plan", self.todo, "--enforce", server=self.server)
        revoke = self.manifest("tokens:\n  - name: old-backup\n    state: revoked\n    reason: SEC-1\n", "r.yaml")
        outcome = self.expect(4, "plan", revoke, "--enforce", server=self.server)
        self.assertIn("--allow-revoke", outcome.out)
        self.expect(0, "plan", revoke, "--enforce", "--allow-revoke", server=self.server)
        self.expect(2, "plan", revoke, "--enforce", "--allow-revoke", "--detailed-exitcode", server=self.server)

    def test_unmanaged_and_missing_treated_as_failures_are_9(self):
        self.expect(9, "plan", self.manifest("unmanaged: fail\ntokens: []\n", "u.yaml"), server=self.server)
        missing = "tokens:\n  - name: no-such-token\n    network: { connection: ANYWHERE }\n"
        self.expect(0, "plan", self.manifest(missing, "a.yaml"), server=self.server)
        self.expect(2, "drift", self.manifest(missing, "a.yaml"), server=self.server)
        self.expect(9, "plan", self.manifest("missing: fail\n" + missing, "b.yaml"), server=self.server)
        self.expect(9, "drift", self.manifest("missing: fail\n" + missing, "b.yaml"), server=self.server)
        self.expect(0, "drift", self.manifest("missing: ignore\n" + missing, "c.yaml"), server=self.server)
        self.expect(9, "apply", "--auto-approve", self.manifest("unmanaged: fail\n" + missing, "d.yaml"), server=self.server)


class Claims(kit.Case):
    def test_a_name_of_two_tokens_is_ambiguous_and_costs_only_itself(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens:\n  - name: hr-sync\n    network: { connection: ZONE, include: [corp-offices] }\n"
                                 "  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n")
        outcome = self.expect(6, "plan", manifest, server=sim)
        for word in ("00Tdemo0000000000007", "00Tdemo0000000000008", "00udemo0000000000003", "00udemo0000000000004", "created",
                     "last use", "ambiguous", "owner", "replace \"ci-deployer\""):
            self.assertIn(word, outcome.out)
        applied = self.expect(6, "apply", "--auto-approve", manifest, server=sim)
        self.assertIn("done: replace \"ci-deployer\"", applied.out)
        puts = [line for line in sim.log() if line.startswith("PUT")]
        self.assertEqual(puts, ["PUT /api/v1/api-tokens/00Tdemo0000000000002 200"])
        # Nothing left to do is still not all well.
        self.expect(6, "apply", "--auto-approve", manifest, server=sim)
        self.expect(6, "drift", manifest, server=sim)

    def test_a_missing_token_comes_with_a_suggestion_and_is_no_failure(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens:\n  - name: ci-deploier\n    network: { connection: ANYWHERE }\n")
        outcome = self.expect(0, "plan", manifest, server=sim)
        self.assertIn("missing", outcome.out)
        self.assertIn('did you mean "ci-deployer"', " ".join(outcome.out.split()))

    def test_a_revoked_token_that_is_gone_is_gone(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens:\n  - name: nobody\n    state: revoked\n    reason: SEC-1\n")
        outcome = self.expect(0, "plan", manifest, "--detailed-exitcode", server=sim)
        self.assertIn("1 gone", outcome.out)
        self.expect(0, "drift", manifest, server=sim)

    def test_an_id_with_another_name_is_a_conflict(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens:\n  - id: 00Tdemo0000000000002\n    name: old-backup\n    state: revoked\n    reason: SEC-1\n")
        outcome = self.expect(6, "apply", "--auto-approve", "--allow-revoke", manifest, server=sim)
        self.assertIn("conflict", outcome.out)
        self.assertEqual(set(sim.methods()), {"GET"})


class Zones(kit.Case):
    def test_zones_that_no_token_can_use_are_refused_with_their_place(self):
        sim = self.sim("--demo")
        rows = [  # zone, words
            ("ci-runner", ["no network zone", 'did you mean "ci-runners"']),
            ("old-vpn", ["INACTIVE"]),
            ("partner-countries", ["DYNAMIC"]),
            ("DefaultEnhancedDynamicZone", ["DYNAMIC_V2"]),
            ("known-attackers", ["BLOCKLIST"]),
            ("BlockedIpZone", ["BLOCKLIST"]),
            ("nzodemo0000000000004", ["INACTIVE", "old-vpn"]),
            ("nzodemo0000000000099", ["nzodemo0000000000099"]),
        ]
        for name, words in rows:
            for word in ("include", "exclude"):
                with self.subTest(zone=name, word=word):
                    manifest = self.manifest(f"tokens:\n  - name: ci-deployer\n    network: {{ connection: ZONE, {word}: [{name}] }}\n")
                    outcome = self.expect(3, "plan", manifest, server=sim)
                    column = len(f"    network: {{ connection: ZONE, {word}: [") + 1
                    self.assertIn(f"{manifest}:5:{column}: error:", outcome.err)
                    self.assertIn(name, outcome.err)
                    for expected in words:
                        self.assertIn(expected, outcome.err)
                    self.assertEqual(outcome.out, "")
                    self.expect(3, "apply", "--auto-approve", manifest, server=sim)
        self.assertEqual(set(sim.methods()), {"GET"})

    def test_all_wrong_zones_are_reported_at_once(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [one, old-vpn] }\n"
                                 "  - name: etl-nightly\n    network: { connection: ZONE, exclude: [two] }\n")
        outcome = self.expect(3, "plan", "--format=json", manifest, server=sim)
        self.assertEqual(len(outcome.json["diagnostics"]), 3)
        self.assertEqual(outcome.json["diagnostics"][0]["range"]["start"]["line"], 5)
        self.assertEqual(outcome.json["diagnostics"][0]["range"]["filename"], manifest)


class Snapshots(kit.Case):
    def test_a_plan_from_a_snapshot_equals_one_from_okta_and_needs_no_credential(self):
        sim = self.sim("--demo")
        manifest = self.manifest("tokens:\n  - name: hr-sync\n    owner: ana.data@acme.example\n    network: { connection: ANYWHERE }\n"
                                 "  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n")
        self.expect(0, "snapshot", manifest, "--out", "live.json", server=sim)
        live = self.expect(2, "plan", manifest, "--format=json", "--detailed-exitcode", server=sim).json
        seen = len(sim.log())
        offline = self.expect(2, "plan", manifest, "--live", "live.json", "--format=json", "--detailed-exitcode", env=self.env()).json
        self.assertEqual(len(sim.log()), seen)
        self.assertEqual(live["digest"], offline["digest"])
        self.assertEqual(live["resource_changes"], offline["resource_changes"])
        self.expect(2, "drift", manifest, "--live", "live.json", env=self.env())
        refused = self.expect(3, "apply", "--auto-approve", manifest, "--live", "live.json", server=sim)
        self.hold_one_line(refused, "--live")

    def test_a_snapshot_of_another_org_is_5(self):
        sim = self.sim("--demo")
        self.expect(0, "snapshot", "--out", "live.json", server=sim)
        manifest = self.manifest("tokens: []\n", org="acme.okta.com")
        outcome = self.expect(5, "plan", manifest, "--live", "live.json", env=self.env())
        self.hold_one_line(outcome, "acme.okta.com", sim.authority, f"{manifest}:3")

    def test_an_old_snapshot_warns(self):
        sim = self.sim("--demo")
        self.expect(0, "snapshot", "--out", "live.json", server=sim)
        document = json.loads((self.folder / "live.json").read_text())
        document["taken_at"] = "2025-01-01T00:00:00Z"
        self.write("live.json", json.dumps(document))
        outcome = self.expect(0, "plan", self.manifest(QUIET + "tokens: []\n"), "--live", "live.json", env=self.env())
        self.assertIn("warning:", outcome.err)
        self.assertIn("ago", outcome.err)

    def test_broken_snapshots_are_3_with_one_line(self):
        sim = self.sim("--demo")
        whole = self.expect(0, "snapshot", server=sim).out
        manifest = self.manifest("tokens: []\n")
        rows = {"half": whole[: len(whole) // 2], "empty": "", "list": "[]", "future": whole.replace('"1.', '"9.', 1), "binary": "\x00\x01", "nul": whole + "\x00rest"}
        for name, text in rows.items():
            with self.subTest(name):
                path = self.write(name + ".json", text)
                outcome = self.expect(3, "plan", manifest, "--live", path, env=self.env())
                self.hold_one_line(outcome, path)


class ManyOrgs(kit.Case):
    def env_for(self, *sims):
        env = self.env()
        for sim in sims:
            env["OKTA_API_TOKEN__" + sim.authority.upper().replace(".", "_").replace(":", "_")] = sim.secret
        return env

    def test_two_orgs_in_one_run(self):
        one, two = self.sim("--demo"), self.sim("--demo")
        body = "tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n"
        self.manifest(body, "m/a.yaml", org=one.url)
        self.manifest(body, "m/b.yaml", org=two.url)
        outcome = self.expect(2, "plan", "m", "--detailed-exitcode", "--format=json", env=self.env_for(one, two))
        self.assertEqual(len(outcome.json["orgs"]), 2)
        self.assertEqual({change["org"] for change in outcome.json["resource_changes"]}, {one.authority, two.authority})
        applied = self.expect(0, "apply", "m", "--auto-approve", "--format=json", env=self.env_for(one, two))
        self.assertEqual(applied.json["summary"]["done"], 2)
        only = self.expect(0, "plan", "m", "--org", one.url, "--format=json", env=self.env_for(one, two))
        self.assertEqual(len(only.json["orgs"]), 1)

    def test_one_org_that_fails_beside_one_that_does_not_is_6(self):
        one, two = self.sim("--demo"), self.sim("--demo")
        env = self.env_for(one, two)
        body = "tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n"
        self.manifest(body, "m/a.yaml", org=one.url)
        self.manifest(body, "m/b.yaml", org=two.url)
        two.stop()
        outcome = self.expect(6, "plan", "m", "--format=json", env=env)
        self.assertIn(two.authority, outcome.err)
        well, failed = outcome.json["orgs"]
        self.assertEqual((well["host"], well["exit_code"], well["error"]), (one.authority, 0, None))
        self.assertEqual((failed["host"], failed["exit_code"]), (two.authority, 1))
        self.assertIn(two.authority, failed["error"]["message"])
        applied = self.expect(6, "apply", "m", "--auto-approve", "--format=json", env=env)
        self.assertEqual(applied.json["summary"]["done"], 1)

    def test_all_orgs_failing_is_still_one_document(self):
        one, two = self.sim("--demo"), self.sim("--demo")
        env = self.env_for(one, two)
        self.manifest("tokens: []\n", "m/a.yaml", org=one.url)
        self.manifest("tokens: []\n", "m/b.yaml", org=two.url)
        one.stop()
        two.stop()
        for command in (["plan"], ["drift"], ["apply", "--auto-approve"]):
            outcome = self.expect(1, *command, "m", "--format=json", env=env)
            self.assertEqual([org["exit_code"] for org in outcome.json["orgs"]], [1, 1])
            self.assertNotIn("diagnostics", outcome.json)
        saved = self.expect(1, "plan", "m", "--out", "plan.json", env=env)
        self.assertIn("no plan is saved", saved.err)
        self.assertFalse((self.folder / "plan.json").exists())
        alone = self.expect(1, "plan", "m", "--org", one.url, "--format=json", env=env)
        self.assertEqual(len(alone.json["diagnostics"]), 1)

    def test_guards_in_two_orgs_are_one_document(self):
        one, two = self.sim("--demo"), self.sim("--demo")
        env = self.env_for(one, two)
        body = "tokens:\n  - name: old-backup\n    state: revoked\n    reason: SEC-1\n"
        self.manifest(body, "m/a.yaml", org=one.url)
        self.manifest(body, "m/b.yaml", org=two.url)
        outcome = self.expect(4, "apply", "m", "--auto-approve", "--format=json", env=env)
        self.assertEqual([org["exit_code"] for org in outcome.json["orgs"]], [4, 4])
        self.assertEqual(outcome.json["summary"]["not_reached"], 2)

    def test_one_blocked_org_beside_one_that_is_applied(self):
        one, two = self.sim("--demo"), self.sim("--demo")
        env = self.env_for(one, two)
        self.manifest("tokens:\n  - name: old-backup\n    state: revoked\n    reason: SEC-1\n", "m/a.yaml", org=one.url)
        self.manifest("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n", "m/b.yaml", org=two.url)
        outcome = self.expect(6, "apply", "m", "--auto-approve", "--format=json", env=env)
        self.assertEqual(outcome.json["summary"]["done"], 1)
        self.assertEqual(set(one.methods()), {"GET"})
        codes = {org["host"]: org["exit_code"] for org in outcome.json["orgs"]}
        self.assertEqual(codes, {one.authority: 4, two.authority: 0})


if __name__ == "__main__":
    kit.main()
