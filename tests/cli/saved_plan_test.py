"""Saved plans: what was approved is what is applied, or nothing at all."""

import datetime
import json
import re

import kit

CI, ETL, BACKUP = "00Tdemo0000000000002", "00Tdemo0000000000004", "00Tdemo0000000000009"
TODO = ("tokens:\n  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n"
        "  - name: etl-nightly\n    network: { connection: ZONE, include: [data-vpc] }\n")


class SavedPlan(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.sim("--demo")
        self.todo = self.manifest(TODO)
        self.plan = str(self.folder / "plan.json")

    def save(self, *more, code=0):
        return self.expect(code, "plan", self.todo, "--out", self.plan, *more, server=self.server)

    def apply(self, code, *more, **rest):
        rest.setdefault("server", self.server)
        return self.expect(code, "apply", "--plan", self.plan, *more, **rest)

    def hold_nothing_written(self):
        self.assertEqual({"GET"} | set(self.server.methods()), {"GET"})

    def test_it_is_applied_without_a_question_and_without_manifests(self):
        self.save()
        (self.folder / "m.yaml").unlink()
        self.server.clear_log()
        outcome = self.apply(0)
        self.assertIn("2 done", outcome.out)
        self.assertEqual(self.server.methods().count("PUT"), 2)
        lists = [line for line in self.server.log() if line == "GET /api/v1/api-tokens 200"]
        self.assertEqual(len(lists), 2, "one list before, one to confirm")
        self.assertEqual(self.server.token(CI)["network"], {"connection": "ZONE", "include": ["nzodemo0000000000002"]})

    def test_twice_is_already_done(self):
        self.save()
        self.apply(0)
        self.server.clear_log()
        again = self.apply(0)
        self.assertIn("2 already done", again.out)
        self.assertNotIn("Not confirmed", again.out)
        self.hold_nothing_written()

    def test_a_token_that_changed_is_stale_and_nothing_at_all_is_written(self):
        self.save()
        self.server.put_network(ETL, {"connection": "ZONE", "include": ["nzodemo0000000000001"]})
        self.server.clear_log()
        outcome = self.apply(5, "--format=json")
        self.assertIn(ETL, outcome.err)
        self.assertIn("etl-nightly", outcome.err)
        self.hold_nothing_written()

    def test_a_zone_that_changed_is_stale(self):
        self.save()
        zone = self.server.call("GET", "/api/v1/zones/nzodemo0000000000002")
        zone["gateways"].append({"type": "CIDR", "value": "198.18.0.0/15"})
        self.server.call("PUT", "/api/v1/zones/nzodemo0000000000002", zone)
        self.server.clear_log()
        self.assertIn("ci-runners", self.apply(5).err)
        self.hold_nothing_written()

    def test_a_revoke_of_a_token_used_since_is_stale(self):
        self.todo = self.manifest(f"tokens:\n  - id: {BACKUP}\n    state: revoked\n    reason: SEC-1\n")
        self.save()
        document = json.loads((self.folder / "plan.json").read_text())
        self.server.call("DELETE", "/api/v1/api-tokens/" + BACKUP)
        gone = self.apply(0, "--allow-revoke")
        self.assertIn("gone", gone.out)
        self.assertTrue(document["resource_changes"])

    def test_what_ended_is_5(self):
        self.save("--plan-ttl", "1s")
        import time
        time.sleep(1.2)
        self.server.clear_log()
        outcome = self.apply(5)
        self.hold_one_line(outcome, "ended", self.plan)
        self.assertEqual(self.server.log(), [])

    def test_every_cut_and_every_changed_character_is_3(self):
        self.save()
        whole = (self.folder / "plan.json").read_bytes()
        rows = {"half": whole[: len(whole) // 2], "empty": b"", "without its last bracket": whole.rstrip()[:-1], "nul": whole + b"\0",
                "twice": whole + whole, "no plan": b"{}", "a list": b"[]", "not utf-8": whole.replace(b"ci-deployer", b"ci-\xffeployer")}
        digits = [m.start() for m in re.finditer(rb"[0-9a-zA-Z]", whole)]
        for at in digits[:: max(1, len(digits) // 40)]:
            changed = bytearray(whole)
            changed[at] = ord("x") if changed[at] != ord("x") else ord("y")
            rows[f"byte {at} ({whole[max(0, at - 12):at + 12]!r})"] = bytes(changed)
        self.server.clear_log()
        for name, text in rows.items():
            with self.subTest(name):
                self.write("plan.json", text)
                outcome = self.apply(3, "--format=json")
                self.assertIn("plan.json", outcome.err)
                self.assertEqual(len(outcome.err.splitlines()), 1, outcome.err)
                self.expect(3, "show", self.plan)
        self.assertEqual(self.server.log(), [])

    def test_it_may_be_written_in_another_way(self):
        """jq and friends order and indent as they like; what the plan says is what is bound."""
        self.save()
        document = json.loads((self.folder / "plan.json").read_text())
        self.write("plan.json", json.dumps(document, sort_keys=True))
        self.apply(0)

    def test_another_org_is_5_and_hears_nothing(self):
        other = self.sim("--demo")
        self.save()
        self.server.clear_log()
        outcome = self.apply(5, server=other)
        self.hold_one_line(outcome, self.server.authority)
        self.apply(5, "--org", other.url, server=other)
        self.assertEqual(other.log(), [])
        self.assertEqual(self.server.log(), [])

    def test_guards_are_judged_anew(self):
        self.todo = self.manifest(f"tokens:\n  - id: {BACKUP}\n    state: revoked\n    reason: SEC-1\n")
        self.save("--allow-revoke")
        self.server.clear_log()
        self.apply(4)
        self.assertEqual(self.server.log(), [])
        self.apply(4, "--allow-revoke", "--max-revoke", "0")
        self.assertEqual(set(self.server.methods()), {"GET"})
        self.apply(0, "--allow-revoke")
        self.assertEqual(self.server.methods().count("DELETE"), 1)

    def test_an_empty_plan_is_applied_without_a_request(self):
        self.todo = self.manifest("tokens: []\n")
        self.save()
        self.server.clear_log()
        self.apply(0)
        outcome = self.apply(0, "--format=json")
        self.assertEqual(outcome.json["summary"]["done"], 0)
        self.assertEqual(self.server.log(), [])

    def test_a_wrong_secret_is_7_and_one_document(self):
        self.save()
        env = self.env(self.server)
        env["OKTA_API_TOKEN"] = kit.SECRET
        outcome = self.apply(7, "--format=json", env=env)
        self.assertEqual(len(outcome.json["diagnostics"]), 1)
        text = self.apply(7, env=env)
        self.assertEqual(text.out, "")

    def test_show_and_reverse_lead_back(self):
        before = self.server.token(CI)["network"], self.server.token(ETL)["network"]
        saved = self.save()
        self.assertEqual(self.expect(0, "show", self.plan).out, saved.out)
        shown = self.expect(0, "show", self.plan, "--format=json")
        self.assertEqual(shown.json, json.loads((self.folder / "plan.json").read_text()))
        self.expect(0, "show", self.plan, "--reverse", "--out", "undo.json", "--format=json")
        self.assertIsNone(json.loads((self.folder / "undo.json").read_text()).get("expires_at"))
        self.apply(0)
        blocked = self.expect(4, "apply", "--plan", "undo.json", server=self.server)
        self.assertIn("loosen-wide", blocked.err)
        acks = [word for token in (CI, ETL) for word in ("--ack", f"loosen-wide:{token}")]
        self.expect(0, "apply", "--plan", "undo.json", *acks, server=self.server)
        self.assertEqual((self.server.token(CI)["network"], self.server.token(ETL)["network"]), before)

    def test_show_of_what_is_no_plan(self):
        self.hold_one_line(self.expect(3, "show", "nowhere.json"), "nowhere.json")
        self.hold_one_line(self.expect(3, "show", self.folder), str(self.folder))

    def test_the_file_is_for_its_owner_and_never_half(self):
        self.save()
        self.hold_one_line(self.save_to("/proc/nowhere/plan.json"), "/proc/nowhere/plan.json")
        self.assertEqual([p.name for p in self.folder.iterdir() if "plan" in p.name], ["plan.json"])

    def save_to(self, path):
        outcome = self.run_program("plan", self.todo, "--out", path, server=self.server)
        self.assertEqual(outcome.code, 3, outcome)
        return outcome


if __name__ == "__main__":
    kit.main()
