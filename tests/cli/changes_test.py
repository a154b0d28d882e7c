"""What a change of the manifests causes, what was due before it, what was approved; and guards that hold at apply time."""

import kit

CI, ETL, HELPDESK, ADMIN = "00Tdemo0000000000002", "00Tdemo0000000000004", "00Tdemo0000000000007", "00Tdemo0000000000001"


def entry(name, zone):
    return f"  - name: {name}\n    network: {{ connection: ZONE, include: [{zone}] }}\n"


class TwoChanges(kit.Case):
    """A colleague changes one token in the console, and we change another one in Git."""

    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")
        self.base = str(self.manifest("tokens:\n" + entry("ci-deployer", "ci-runners"), "base/a.yaml")).rsplit("/", 1)[0]
        self.expect(0, "apply", "--auto-approve", self.base, server=self.server)
        self.server.put_network(CI, {"connection": "ANYWHERE"})
        self.head = str(self.manifest("tokens:\n" + entry("ci-deployer", "ci-runners") + entry("etl-nightly", "data-vpc"), "head/a.yaml")).rsplit("/", 1)[0]
        self.server.clear_log()

    def causes(self, *more):
        plan = self.expect(0, "plan", self.head, "--base", self.base, "--format", "json", *more, server=self.server).json
        return {change["id"]: change.get("cause") for change in plan["resource_changes"] if change["change"]["actions"] != ["no-op"]}

    def puts(self):
        return [line.split()[1].rsplit("/", 1)[1] for line in self.server.log() if line.startswith("PUT")]

    def test_theirs_is_drift_and_ours_is_change(self):
        self.assertEqual(self.causes(), {CI: "drift", ETL: "change"})

    def test_only_ours_is_written(self):
        self.assertEqual(self.causes("--only-cause", "change"), {ETL: "change"})
        text = self.expect(0, "plan", self.head, "--base", self.base, "--only-cause", "change", server=self.server)
        self.assertIn('Due, but not now: o waiting "ci-deployer"', text.flat)
        self.assertIn("its new condition was due before (drift), and this run carries out only what the change causes", text.flat)
        self.assertNotIn("revoked", text.flat)
        self.expect(0, "apply", "--auto-approve", self.head, "--base", self.base, "--only-cause", "change", server=self.server)
        self.assertEqual(self.puts(), [ETL])
        self.server.clear_log()
        self.expect(0, "apply", "--auto-approve", self.head, server=self.server)  # the nightly run
        self.assertEqual(self.puts(), [CI])

    def test_what_nothing_decides_for_any_more_is_listed(self):
        head = self.manifest("tokens:\n" + entry("etl-nightly", "data-vpc"), "later/a.yaml")
        plan = self.expect(0, "plan", head, "--base", self.base, "--format", "json", server=self.server).json
        self.assertEqual([f["token_id"] for f in plan["findings"] if f["rule"] == "becomes-unmanaged"], [CI])

    def test_a_base_that_is_empty_makes_everything_a_change_and_one_that_is_wrong_stops(self):
        empty = self.folder / "empty"
        empty.mkdir()
        plan = self.expect(0, "plan", self.head, "--base", empty, "--format", "json", server=self.server).json
        self.assertEqual({c["cause"] for c in plan["resource_changes"] if "cause" in c}, {"change"})
        self.write("broken/a.yaml", "apiVersion: zonepin/v1\nkind: ApiTokens\ntokens: 7\n")
        outcome = self.expect(3, "plan", self.head, "--base", self.folder / "broken", server=self.server)
        self.assertIn("broken/a.yaml:3", outcome.err)
        self.expect(3, "plan", self.head, "--base", self.folder / "nowhere", server=self.server)
        self.hold_one_line(self.expect(3, "plan", self.head, "--only-cause", "change", server=self.server), "--base")

    def test_an_approved_plan_is_carried_out_without_a_question_and_what_is_done_already_is_skipped(self):
        self.expect(0, "plan", self.head, "--out", "approved.json", server=self.server)
        self.server.put_network(CI, {"connection": "ZONE", "include": ["nzodemo0000000000002"]})  # somebody was faster
        self.server.clear_log()
        self.expect(0, "apply", self.head, "--approved", "approved.json", server=self.server)
        self.assertEqual(self.puts(), [ETL])

    def test_what_was_not_approved_is_5_and_nothing_is_written(self):
        self.expect(0, "plan", self.base, "--out", "approved.json", server=self.server)
        self.server.clear_log()
        outcome = self.expect(5, "apply", self.head, "--approved", "approved.json", server=self.server)
        self.assertIn("etl-nightly", outcome.err)
        self.assertIn("the approved plan does not hold it", outcome.err)
        self.assertEqual(self.puts(), [])
        self.server.put_network(CI, {"connection": "ZONE", "include": ["nzodemo0000000000001"]})
        self.server.clear_log()
        outcome = self.expect(5, "apply", self.base, "--approved", "approved.json", server=self.server)
        self.assertIn("no longer as it was", outcome.err)
        self.assertEqual(self.puts(), [])


class OwnToken(kit.Case):
    """The token that zonepin runs with, which the simulator holds to its condition."""

    def setUp(self):
        super().setUp()
        # The simulator sees every caller at an address of ci-runners.
        self.server = self.sim("--demo", "--caller", "203.0.113.10")
        self.server.clear_log()

    def pinned_to(self, zone, self_says=""):
        return self.manifest(self_says + "tokens:\n" + entry("zonepin-ci", zone) + entry("etl-nightly", "data-vpc"))

    def test_to_a_zone_without_its_address_is_refused(self):
        for says in ("", "self: { name: zonepin-ci, egress: [192.0.2.77] }\n"):
            with self.subTest(says):
                outcome = self.expect(4, "apply", "--auto-approve", self.pinned_to("ci-runners", says), server=self.server)
                self.assertIn("self-lockout", outcome.err)
        self.assertEqual(set(self.server.methods()), {"GET"})

    def test_to_a_zone_with_its_address_is_done_and_last_of_all(self):
        says = "self: { name: zonepin-ci, egress: [203.0.113.10] }\n"
        self.expect(0, "apply", "--auto-approve", self.pinned_to("ci-runners", says), server=self.server)
        puts = [line.split()[1].rsplit("/", 1)[1] for line in self.server.log() if line.startswith("PUT")]
        self.assertEqual(puts, [ETL, ADMIN])
        self.expect(0, "plan", self.pinned_to("ci-runners", says), "--detailed-exitcode", server=self.server)

    def test_loosened_is_done(self):
        says = "self: { name: zonepin-ci, egress: [203.0.113.10] }\n"
        self.expect(0, "apply", "--auto-approve", self.pinned_to("ci-runners", says), server=self.server)
        wider = self.manifest("tokens:\n  - name: zonepin-ci\n    network: { connection: ZONE, include: [ci-runners, corp-offices] }\n")
        self.expect(0, "apply", "--auto-approve", wider, server=self.server)
        narrower = self.manifest("tokens:\n" + entry("zonepin-ci", "ci-runners"))
        self.expect(4, "apply", "--auto-approve", narrower, server=self.server)

    def test_a_self_that_is_not_the_callers_is_3(self):
        wrong = self.manifest("self: { name: etl-nightly }\ntokens:\n" + entry("ci-deployer", "ci-runners"))
        outcome = self.expect(3, "plan", wrong, server=self.server)
        self.assertIn("m.yaml:", outcome.err)
        self.assertIn("must be a token of the caller", outcome.err)

    def test_a_service_app_has_no_token_to_lose(self):
        server = self.sim("--demo", "--app-key-out", str(self.folder / "key.pem"))
        env = self.app_env(server)
        self.expect(0, "apply", "--auto-approve", self.pinned_to("ci-runners"), env=env)


class EveryGuard(kit.Case):
    """Each guard with the real binary: it blocks before any write, is named with what lifts it, and passes under its bound."""

    TOKEN, OTHER, ZONE = kit.token(1)["id"], kit.token(2)["id"], "nzorude0000000000001"
    OLD = {"expiresAt": "2024-01-01T00:00:00.000Z", "created": "2021-01-01T00:00:00.000Z"}
    REVOKE = f"tokens:\n  - id: {TOKEN}\n    state: revoked\n    reason: SEC-1\n"
    BY_NAME = "tokens:\n  - name: token-1\n    state: revoked\n    reason: SEC-1\n"
    PIN = f"tokens:\n  - id: {TOKEN}\n    network: {{ connection: ZONE, include: [zone-1] }}\n"
    OPEN = f"tokens:\n  - id: {TOKEN}\n    network: {{ connection: ANYWHERE }}\n"
    IN_ZONE_2 = {"network": {"connection": "ZONE", "include": ["nzorude0000000000002"]}}

    def run_at(self, code, body, fields, *flags, self_id="00uelse"):
        def me(request):
            return (200, {}, {"id": self_id, "profile": {"login": "me@acme.example"}}) if request.path == "/api/v1/users/me" else None
        org = self.rude_org([kit.token(1, **{**self.OLD, **fields}), kit.token(2, **self.OLD)], [kit.zone(1), kit.zone(2, gateways=[{"type": "CIDR", "value": "192.0.2.7/32"}])], me)
        outcome = self.expect(code, "apply", "--auto-approve", "--allow-revoke", self.manifest(body), *flags, server=org.server)
        writes = [r for r in org.server.requests if r.method != "GET"]
        self.assertEqual(len(writes), 0 if code == 4 else 1)
        return outcome.err

    def test_guards_of_a_token_block_and_are_lifted_by_name(self):
        owner = kit.token(1)["userId"]
        quarantine = "zones:\n  zone-2: { quarantine: true }\n"
        rows = [("self-lockout", self.PIN, {}, {"self_id": owner}, None),
                ("agent-token", self.PIN, {"clientName": "Okta AD Agent"}, {}, {"clientName": "Okta API"}),
                ("recently-used", self.REVOKE, {"expiresAt": None}, {}, {}),
                ("recently-created", self.BY_NAME, {"created": None}, {}, {}),
                ("loosen-wide", self.OPEN, self.IN_ZONE_2, {}, None),
                ("quarantined", quarantine + self.PIN, self.IN_ZONE_2, {}, None)]
        for guard, body, fields, more, harmless in rows:
            with self.subTest(guard):
                said = self.run_at(4, body, fields, **more)
                self.assertIn(f"{guard}: ", said)
                self.assertIn(f"--ack {guard}:{self.TOKEN}", said)
                self.run_at(4, body, fields, "--ack", f"{guard}:{self.OTHER}", **more)
                ack = f"acks:\n  - {{ guard: {guard}, token: {self.TOKEN}, until: %s, reason: SEC-1 }}\n"
                self.run_at(4, body + ack % "2024-12-31", fields, **more)
                self.run_at(0, body + ack % "2099-12-31", fields, **more)
                self.run_at(0, body, fields, "--ack", f"{guard}:{self.TOKEN}", **more)
                if harmless is not None:
                    self.run_at(0, body, harmless, **more)

    def test_limits_and_a_short_list_name_the_number_that_would_pass(self):
        self.assertIn("--max-revoke 1", self.run_at(4, "limits: { revoke: 0 }\n" + self.REVOKE, {}))
        self.run_at(0, "limits: { revoke: 0 }\n" + self.REVOKE, {}, "--max-revoke", "1")
        self.run_at(0, "limits: { revoke: 1 }\n" + self.REVOKE, {})
        self.assertIn("min_tokens", self.run_at(4, "expect: { min_tokens: 3 }\n" + self.PIN, {}))
        self.run_at(0, "expect: { min_tokens: 2 }\n" + self.PIN, {})
        tokens = [kit.token(n, **self.OLD) for n in range(1, 11)]
        for percent, flags, code in ((9, (), 4), (9, ("--max-update-pct", "10"), 0), (10, (), 0)):
            org = self.rude_org(tokens, [kit.zone(1)])
            outcome = self.expect(code, "apply", "--auto-approve", self.manifest(f"limits: {{ update_pct: {percent} }}\n" + self.PIN), *flags, server=org.server)
            self.assertEqual(org.server.count("PUT"), 1 if code == 0 else 0)
            if code == 4:
                self.assertIn("--max-update-pct 10", outcome.err)


class Zones(kit.Case):
    """A zone that is edited behind our back, while no token's condition changes."""

    ZONE = {"type": "IP", "id": "nzorude0000000000001", "name": "zone-1", "status": "ACTIVE", "usage": "POLICY", "system": False}

    def drift(self, code, gateways, **changes):
        token = kit.token(1, network={"connection": "ZONE", "include": [self.ZONE["id"]]})
        zone = {**self.ZONE, "gateways": [{"type": "CIDR", "value": value} for value in gateways], **changes}
        org = self.rude_org([token], [zone])
        pins = "zones:\n  zone-1: { id: nzorude0000000000001, within: [203.0.113.0/24], covers: [203.0.113.10] }\n"
        manifest = self.manifest(pins + f"tokens:\n  - id: {token['id']}\n    network: {{ connection: ZONE, include: [zone-1] }}\n")
        outcome = self.expect(code, "drift", manifest, server=org.server)
        self.assertEqual({r.method for r in org.server.requests}, {"GET"})
        return " ".join((outcome.out + outcome.err).split())

    def test_as_pinned(self):
        self.assertNotIn("zone-pin-broken", self.drift(0, ["203.0.113.0/24"]))

    def test_widened_to_everything(self):
        self.assertIn("was widened", self.drift(2, ["0.0.0.0/0"]))

    def test_emptied(self):
        self.assertIn("was emptied", self.drift(2, []))

    def test_renamed(self):
        self.assertIn('it is now named "zone-2"', self.drift(2, ["203.0.113.0/24"], name="zone-2"))

    def test_recreated(self):
        self.assertIn("was re-created", self.drift(6, ["203.0.113.0/24"], id="nzorude0000000000009"))

    def test_deactivated(self):
        self.assertIn("is INACTIVE", self.drift(3, ["203.0.113.0/24"], status="INACTIVE"))


if __name__ == "__main__":
    kit.main()
