"""zonepin export: an existing org becomes manifests, with GET requests only."""

import yaml

import kit

NASTY = ["123", "true", "1e3", "~", "yes", "017", "0x1F", "1:30", "- a", "a: b", "#x", "a\nb", "\u202eabc", "\x1b[31m", "nul\0l", "caf\u00e9",
         "etl-*", '"', "\\", "2026-12-31", "<<", " a ", "null", "No"]


def users_of(org, status="ACTIVE"):
    """Answers for users that a RudeOrg does not know."""
    def before(request):
        if not request.path.startswith("/api/v1/users/"):
            return None
        user_id = request.path.rsplit("/", 1)[1]
        return 200, kit.REQUEST_ID, {"id": user_id, "status": status, "profile": {"login": user_id[-3:] + "@acme.example"}}
    org.before = before


class Export(kit.Case):
    def entries(self, text, reader=yaml.SafeLoader):
        return [entry for document in yaml.load_all(text, Loader=reader) for entry in document.get("tokens", [])]

    def assert_plan_is_empty(self, server, *paths):
        outcome = self.expect(0, "plan", *paths, "--detailed-exitcode", "--format", "json", server=server)
        statuses = {change["status"] for change in outcome.json["resource_changes"]}
        self.assertLessEqual(statuses, {"unchanged", "ignored"}, str(outcome))

    def assert_only_inserted(self, before, after):
        """All of `before` is there, with one stretch of text in it that was not."""
        same = next((at for at, (one, other) in enumerate(zip(before, after)) if one != other), min(len(before), len(after)))
        self.assertTrue(after.endswith(before[same:]), after)

    def test_adopts_an_org_in_one_go_with_reads_alone(self):
        sim = self.sim("--demo")
        outcome = self.expect(0, "export", "--out", "acme.yaml", server=sim)
        self.assertEqual(outcome.out, "")
        self.assertIn("14 tokens exported to acme.yaml: 11 by name, 3 by id", outcome.err)
        self.assertEqual(set(sim.methods()), {"GET"})
        paths = [line.split()[1] for line in sim.log()]
        self.assertEqual(sum(path.startswith("/api/v1/users/") for path in paths), 6, "one for each owner")
        self.assertEqual(len(paths), 8)
        self.assert_plan_is_empty(sim, "acme.yaml")
        text = (self.folder / "acme.yaml").read_text()
        self.assertIn("  # 00Tdemo0000000000011, owner kim.contractor@acme.example (DEPROVISIONED)\n  - id: 00Tdemo0000000000011\n", text)
        self.assertIn("; by id: 2 tokens have this name\n", text)
        self.assertNotIn("last use", text)

    def test_asks_for_owners_only_where_they_matter(self):
        sim = self.sim("--demo")
        for key in ("id", "name"):
            sim.clear_log()
            text = self.expect(0, "export", "--key", key, server=sim).out
            self.assertEqual(len(sim.log()), 2, sim.log())
            self.write(key + ".yaml", text)
            self.assert_plan_is_empty(sim, key + ".yaml")
        self.assertEqual(sum("id" in entry for entry in self.entries((self.folder / "id.yaml").read_text())), 14)
        by_name = self.entries((self.folder / "name.yaml").read_text())
        self.assertEqual([entry["name"] for entry in by_name if "id" in entry], ["hr-sync", "hr-sync"])

    def test_same_bytes_every_time_and_usage_when_asked(self):
        sim = self.sim("--demo")
        self.assertEqual(self.expect(0, "export", server=sim).out, self.expect(0, "export", server=sim).out)
        self.assertEqual(self.expect(0, "export", "--with-usage", server=sim).out.count(", last used about 20"), 14)

    def test_a_snapshot_needs_no_credential_and_writes_ids(self):
        sim = self.sim("--demo")
        self.expect(0, "snapshot", "--out", "live.json", server=sim)
        sim.clear_log()
        text = self.expect(0, "export", "--live", "live.json", env=self.env()).out
        self.assertEqual(sim.log(), [])
        self.assertIn("Entries are by id", text)
        self.assertTrue(all("id" in entry and "name" in entry for entry in self.entries(text)))
        self.write("m.yaml", text)
        self.expect(0, "plan", "m.yaml", "--live", "live.json", "--detailed-exitcode", env=self.env())
        self.expect(5, "export", "--live", "live.json", "--org", "acme.okta.com", env=self.env())

    def test_a_role_that_sees_no_users_still_exports(self):
        org = self.rude_org([kit.token(n) for n in range(3)])
        org.before = lambda request: (403, kit.REQUEST_ID, kit.okta_error("E0000006", "You do not have permission")) \
            if request.path.startswith("/api/v1/users/") else None
        outcome = self.expect(0, "export", server=org.server)
        self.assertIn("warning: owners are not known, so tokens are exported by id", outcome.err)
        self.assertEqual(sum(r.path.startswith("/api/v1/users/") for r in org.server.requests), 1)
        self.assertTrue(all("id" in entry for entry in self.entries(outcome.out)))

    def test_every_reader_gets_the_names_back(self):
        tokens = [kit.token(n, name=name) for n, name in enumerate(NASTY)] + [kit.token(98, name=""), kit.token(99, name=" \t ")]
        org = self.rude_org(tokens, [])
        users_of(org)
        text = self.expect(0, "export", server=org.server).out
        names = {entry["name"] for entry in self.entries(text) if "name" in entry}
        self.assertEqual(names, set(NASTY))
        self.assertEqual([entry["id"] for entry in self.entries(text) if "name" not in entry], [kit.token(98)["id"], kit.token(99)["id"]])
        self.write("m.yaml", text)
        outcome = self.expect(0, "plan", "m.yaml", "--detailed-exitcode", server=org.server)
        self.assertNotIn("warning", outcome.err)

    def test_what_a_manifest_cannot_say_is_ignored_and_says_why(self):
        zones = [kit.zone(1), kit.zone(2, status="INACTIVE"), kit.zone(3, usage="BLOCKLIST"), kit.zone(4, type="DYNAMIC", gateways=None)]
        odd = [{"connection": "ON_NETWORK"}, {"connection": "ZONE"}, {"connection": "ZONE", "include": ["nzogone"]}] + [
            {"connection": "ZONE", "include": [zone["id"]]} for zone in zones[1:]]
        org = self.rude_org([kit.token(n, network=network) for n, network in enumerate(odd)] + [
            kit.token(50, network=None), kit.token(51, network={"connection": "ZONE", "include": ["ALL_ZONES"]}),
            kit.token(52, network={"connection": "ZONE", "exclude": [zones[0]["id"]]})], zones)
        text = self.expect(0, "export", "--key", "name", server=org.server).out
        by_name = {entry["name"]: entry for entry in self.entries(text)}
        self.assertEqual([by_name[f"token-{n}"].get("ignore") for n in range(len(odd))], [True] * len(odd))
        self.assertEqual(text.count("  # ignored: its con"), len(odd))
        self.assertEqual(by_name["token-50"]["network"], {"connection": "ANYWHERE"})
        self.assertEqual(by_name["token-51"]["network"], {"connection": "ZONE", "include": ["ALL_ZONES"]})
        self.assertEqual(by_name["token-52"]["network"], {"connection": "ZONE", "exclude": ["zone-1"]})
        self.write("m.yaml", text)
        self.assert_plan_is_empty(org.server, "m.yaml")

    def test_zones_that_share_a_name_are_written_by_id(self):
        zones = [kit.zone(1, name="corp"), kit.zone(2, name="corp"), kit.zone(3, name=kit.zone(1)["id"]), kit.zone(4, name="10.0.0.0/8")]
        tokens = [kit.token(n, network={"connection": "ZONE", "include": [zone["id"]]}) for n, zone in enumerate(zones)]
        org = self.rude_org(tokens, zones)
        text = self.expect(0, "export", "--key", "name", server=org.server).out
        self.assertEqual([entry["network"]["include"] for entry in self.entries(text)], [[zone["id"]] for zone in zones])
        self.assertIn(f'  # zone {zones[0]["id"]} is "corp"\n', text)
        self.assertNotIn("\nzones:", text)
        self.write("m.yaml", text)
        self.assert_plan_is_empty(org.server, "m.yaml")

    def test_rules_for_families_of_tokens(self):
        zones = [kit.zone(1, name="data-vpc"), kit.zone(2, name="ci")]
        data, ci = ({"connection": "ZONE", "include": [zone["id"]]} for zone in zones)
        tokens = [kit.token(n, name=f"etl-{n:04d}", network=data) for n in range(600)]
        tokens += [kit.token(1000 + n, name=f"runner-{n}-ci", network=ci) for n in range(300)]
        tokens += [kit.token(2000 + n, name=f"mixed-{n}", network=ci if n % 2 else data) for n in range(10)]
        org = self.rude_org(tokens, zones)
        outcome = self.expect(0, "export", "--group-rules", "--key", "name", server=org.server)
        document = yaml.safe_load(outcome.out)
        self.assertEqual(document["rules"], [
            {"match": {"name": "etl-*"}, "network": {"connection": "ZONE", "include": ["data-vpc"]}, "min": 480},
            {"match": {"name": "runner-*"}, "network": {"connection": "ZONE", "include": ["ci"]}, "min": 240}])
        self.assertEqual(len(document["tokens"]), 10)
        self.assertIn("910 tokens exported: 900 by rules, 10 by name", outcome.err)
        self.write("m.yaml", outcome.out)
        self.assert_plan_is_empty(org.server, "m.yaml")
        self.assertEqual({request.method for request in org.server.requests}, {"GET"})

    def test_has_the_form_that_fmt_gives(self):
        sim = self.sim("--tokens", "300", "--seed", "11")
        self.expect(0, "export", "--group-rules", "--with-usage", "--out", "m.yaml", server=sim)
        self.expect(0, "fmt", "--check", "m.yaml", env=self.env())

    # --- files

    def test_a_file_that_is_there_is_not_overwritten(self):
        sim = self.sim("--demo")
        self.expect(0, "export", "--out", "m.yaml", server=sim)
        self.expect(0, "export", "--out", "m.yaml", server=sim)  # the same bytes
        self.write("m.yaml", "# mine\n")
        outcome = self.expect(3, "export", "--out", "m.yaml", server=sim)
        self.hold_one_line(outcome, "m.yaml is there already", "--append m.yaml")
        self.assertEqual((self.folder / "m.yaml").read_text(), "# mine\n")

    def test_split_writes_a_file_for_each_org(self):
        one, other = self.sim("--demo"), self.sim("--tokens", "30", "--seed", "7")
        env = self.env(**{f"OKTA_API_TOKEN__127_0_0_1_{sim.port}": sim.secret for sim in (one, other)})
        arguments = ["export", "--org", one.url, "--org", other.url]
        self.expect(0, *arguments, "--split", "manifests", env=env)
        files = sorted(path.name for path in (self.folder / "manifests").iterdir())
        self.assertEqual(files, sorted(f"127.0.0.1_{sim.port}.yaml" for sim in (one, other)))
        self.expect(0, "plan", "manifests", "--detailed-exitcode", env=env)
        self.expect(0, *arguments, "--split", "manifests", env=env)
        (self.folder / "manifests" / files[1]).write_text("mine")
        (self.folder / "manifests" / files[0]).unlink()
        self.expect(3, *arguments, "--split", "manifests", env=env)
        self.assertFalse((self.folder / "manifests" / files[0]).exists(), "all or nothing")
        # One stream: a document for each org.
        self.write("both.yaml", self.expect(0, *arguments, env=env).out)
        self.expect(0, "plan", "both.yaml", "--detailed-exitcode", env=env)
        self.assertEqual({method for sim in (one, other) for method in sim.methods()}, {"GET"})

    def test_one_org_that_fails_does_not_stop_the_others(self):
        sim, closed = self.sim("--demo"), self.closed_port()
        env = self.env(**{f"OKTA_API_TOKEN__127_0_0_1_{sim.port}": sim.secret, f"OKTA_API_TOKEN__127_0_0_1_{closed}": kit.SECRET})
        outcome = self.expect(6, "export", "--org", sim.url, "--org", f"http://127.0.0.1:{closed}", "--timeout", "5s", env=env)
        self.assertEqual(len(self.entries(outcome.out)), 14)

    def test_only_and_shard_choose_among_the_orgs(self):
        sims = [self.sim("--demo"), self.sim("--demo")]
        env = self.env(**{f"OKTA_API_TOKEN__127_0_0_1_{sim.port}": sim.secret for sim in sims})
        orgs = [word for sim in sims for word in ("--org", sim.url)]
        outcome = self.expect(0, "export", *orgs, "--only", "*:" + str(sims[1].port), env=env)
        self.assertEqual([line for line in outcome.out.splitlines() if line.startswith("org:")], ["org: " + sims[1].authority])
        self.assertEqual(sims[0].log(), [])
        parts = [self.expect(0, "export", *orgs, "--shard", f"{part}/2", env=env).out for part in (1, 2)]
        self.assertEqual(sum(part.count("\norg: ") for part in parts), 2)

    # --- what is not managed yet

    HEAD = "apiVersion: zonepin/v1\nkind: ApiTokens\n"

    def test_append_adds_what_is_missing_and_leaves_every_byte(self):
        sim = self.sim("--demo")
        before = (self.HEAD + "# ours\ntokens:   # all of them\n    - name:   'ci-deployer'   # odd   spacing\n      network: {connection: ANYWHERE}\n"
                  "    - { name: etl-nightly, network: { connection: ANYWHERE } }\n\n  # about what follows\n# and this\nunmanaged: report   # last\n")
        self.write("m.yaml", before)
        outcome = self.expect(0, "export", "--append", "m.yaml", server=sim)
        self.assertIn("12 tokens exported to m.yaml", outcome.err)
        after = (self.folder / "m.yaml").read_text()
        self.assert_only_inserted(before, after)
        self.assertTrue(after.endswith(before[before.index("  # about what follows"):]), after)
        self.assertIn("\n    - name: siem-forwarder\n      network: { connection: ZONE, exclude: [corp-offices] }\n", after)
        self.assert_plan_is_empty(sim, "m.yaml")
        outcome = self.expect(0, "export", "--append", "m.yaml", server=sim)
        self.assertIn("nothing to export of 14 live tokens", outcome.err)
        self.assertEqual((self.folder / "m.yaml").read_text(), after)
        self.assertEqual(set(sim.methods()), {"GET"})

    def test_append_where_the_list_is_not_to_be_touched(self):
        sim = self.sim("--demo")
        for name, body in {"flow": "tokens: [{ name: ci-deployer, network: { connection: ANYWHERE } }]\n", "empty": "tokens: []\n",
                           "none": "unmanaged: report", "scope": 'scope: { name: "ci-*" }\ntokens:\n- name: ci-deployer\n  ignore: true\n',
                           "other": "tokens:\n- name: ci-deployer\n  network: &any\n    connection: ANYWHERE\n- name: etl-nightly\n  network: *any"}.items():
            with self.subTest(name):
                path = self.write(name + ".yaml", self.HEAD + body)
                self.expect(0, "export", "--append", path, server=sim)
                after = (self.folder / (name + ".yaml")).read_text()
                self.assertTrue(after.startswith(self.HEAD + body))
                self.assertEqual("\n---\n" in after, name != "other", after)
                self.assert_plan_is_empty(sim, path)

    def test_append_keeps_line_ends(self):
        sim = self.sim("--demo")
        before = (self.HEAD + "tokens:\n- name: ci-deployer\n  network: { connection: ANYWHERE }\n").replace("\n", "\r\n")
        self.write("m.yaml", before.encode())
        self.expect(0, "export", "--append", "m.yaml", server=sim)
        after = (self.folder / "m.yaml").read_bytes()
        self.assertTrue(after.startswith(before.encode()))
        self.assertEqual(after.count(b"\n"), after.count(b"\r\n"))
        self.assert_plan_is_empty(sim, "m.yaml")

    def test_append_to_what_can_not_be_read(self):
        sim = self.sim("--demo")
        path = self.write("m.yaml", self.HEAD + "tokens:\n- nam: x\n")
        self.expect(3, "export", "--append", path, server=sim)
        self.assertEqual((self.folder / "m.yaml").read_text(), self.HEAD + "tokens:\n- nam: x\n")
        self.hold_one_line(self.expect(3, "export", "--append", "absent.yaml", server=sim), "absent.yaml", "--out")
        path = self.write("zone.yaml", self.HEAD + "tokens:\n- name: x\n  network: { connection: ZONE, include: [nowhere] }\n")
        self.expect(3, "export", "--append", path, server=sim)

    def test_unmanaged_only(self):
        sim = self.sim("--demo")
        path = self.write("manifests/m.yaml", self.HEAD + "tokens:\n- name: ci-deployer\n  network: { connection: ANYWHERE }\n")
        text = self.expect(0, "export", "--unmanaged-only", server=sim).out
        self.assertIn("# Exported from " + sim.authority + ": 13 of 14 live tokens.", text)
        self.assertNotIn("- name: ci-deployer", text)
        self.assertNotIn("zones:", text)
        second = self.write("manifests/second.yaml", text)
        self.assert_plan_is_empty(sim, path, second)
        self.assertEqual(self.entries(self.expect(0, "export", "--unmanaged-only", path, second, server=sim).out), [])

    def test_unmanaged_tokens_as_proposals_to_revoke(self):
        sim = self.sim("--demo")
        path = self.write("m.yaml", self.HEAD + "tokens:\n- name: ci-deployer\n  network: { connection: ANYWHERE }\n")
        text = self.expect(0, "export", "--unmanaged-only", path, "--state", "revoked", "--with-usage", server=sim).out
        entries = self.entries(text)
        self.assertEqual(len(entries), 13)
        for entry in entries:
            self.assertIn("id", entry)
            if entry["name"] == "ad-agent-dc01":
                self.assertTrue(entry["ignore"])
                continue
            self.assertEqual(entry["state"], "revoked")
            self.assertTrue(entry["reason"].startswith("TO REVIEW: "))
        self.write("more.yaml", text)
        self.expect(0, "validate", "more.yaml", server=sim)
        self.assertEqual(set(sim.methods()), {"GET"})

    # --- usage

    def test_options_that_do_not_go_together(self):
        rows = [(["--out", "a", "--split", "b"], "one place"), (["--out", "a", "--append", "b"], "one place"), (["m.yaml"], "--unmanaged-only"),
                (["--state", "revoked"], "--unmanaged-only"), (["--unmanaged-only", "--state", "gone"], "revoked"), (["--key", "title"], "auto, id, name"),
                (["--unmanaged-only", "--state", "revoked", "--group-rules"], "one by one"), (["--append", "m.yaml", "--group-rules"], "entries")]
        for arguments, words in rows:
            with self.subTest(arguments):
                self.hold_one_line(self.expect(3, "export", *arguments, env=self.env()), words)

    def test_json(self):
        sim = self.sim("--demo")
        report = self.expect(0, "export", "--format=json", server=sim).json
        self.assertEqual(report["orgs"], [{"org": sim.authority, "file": None, "live": 14, "tokens": 14, "by_name": 11, "by_id": 3, "by_rule": 0,
                                           "ignored": 0}])
        self.assertEqual(len(self.entries(report["manifest"])), 14)
        report = self.expect(0, "export", "--format=json", "--out", "m.yaml", server=sim).json
        self.assertEqual((report["manifest"], report["orgs"][0]["file"]), (None, "m.yaml"))
        self.assertIn("diagnostics", self.expect(3, "export", "--format=json", "--key", "x", server=sim).json)

    def test_an_org_without_tokens(self):
        org = self.rude_org()
        outcome = self.expect(0, "export", server=org.server)
        self.write("m.yaml", outcome.out)
        self.expect(0, "validate", "m.yaml", env=self.env())


if __name__ == "__main__":
    kit.main()
