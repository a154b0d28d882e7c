"""The nightly run: drift over 40 orgs, against a folder of baselines, with metrics, one SARIF and one Slack message."""

import json
import re
import shutil
import subprocess

import kit

COUNT = 40
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
VALUE = r'"(?:[^"\\\n]|\\[\\"n])*"'
SAMPLE = re.compile(rf"^({NAME})(?:\{{((?:{NAME}={VALUE},?)*)\}})? (-?[0-9]+(?:\.[0-9]+)?)$")
LABEL = re.compile(rf"({NAME})=({VALUE})")


def parse_metrics(text):
    """Prometheus' text format, as far as a textfile may use it: {name: {labels: value}}. Anything else is an error."""
    assert text.endswith("\n"), "the last line has no end"
    helped, typed, samples, current = set(), {}, {}, None
    for line in text.splitlines():
        if line.startswith("# HELP "):
            current = line.split(" ", 3)[2]
            assert current not in helped, f"two HELP lines: {line}"
            assert len(line.split(" ", 3)) == 4, f"nothing said: {line}"
            helped.add(current)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == current and name not in typed and kind == "gauge", line
            typed[name] = kind
        else:
            found = SAMPLE.match(line)
            assert found, f"no sample: {line}"
            name, labels, value = found.groups()
            assert name == current and name in typed, f"out of its family: {line}"
            key = tuple((label, json.loads(quoted)) for label, quoted in LABEL.findall(labels or ""))
            assert key not in samples.setdefault(name, {}), f"twice: {line}"
            samples[name][key] = float(value)
    assert set(samples) == helped, "a family without samples"
    return samples


def fingerprints(sarif):
    assert len(sarif["runs"]) == 1
    return sorted((result["ruleId"], *sorted(result["partialFingerprints"].values())) for result in sarif["runs"][0]["results"])


class Nightly(kit.Case):
    """40 orgs that are as their manifests say; then somebody does something to four of them, and one is not to be reached."""

    def setUp(self):
        super().setUp()
        self.sims = self.many_sims(COUNT, "--tokens", "30", "--zones", "6", "--rate", "100000")
        self.environment = self.env(**self.sims.env)
        (self.folder / "m").mkdir()
        (self.folder / "base").mkdir()
        every = [option for url in self.sims.urls for option in ("--org", url)]
        self.expect(0, "export", "--key=id", "--split", "m", *every, env=self.environment)
        for number, url in enumerate(self.sims.urls):
            self.expect(0, "snapshot", "--org", url, "--out", f"base/{number:02}.json", env=self.environment)

    def metrics(self, name="nightly.prom"):
        text = (self.folder / name).read_text()
        if shutil.which("promtool"):
            checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        return parse_metrics(text)

    def of_org(self, samples, name, number, **labels):
        return samples.get(name, {}).get((("org", self.sims.authorities[number]), *labels.items()))

    def edit_baseline(self, number, change):
        path = self.folder / f"base/{number:02}.json"
        document = json.loads(path.read_text())
        change(document)
        path.write_text(json.dumps(document))

    def declared(self, number):
        """A token that the manifest pins to a zone."""
        snapshot = json.loads((self.folder / f"base/{number:02}.json").read_text())
        return next(token for token in snapshot["tokens"]
                    if token["name"] != "zonepin-ci" and token.get("clientName") == "Okta API"
                    and (token.get("network") or {}).get("include") and len(token["network"]["include"]) == 1
                    and token["network"]["include"][0].startswith("nzo"))

    def change_four_orgs(self):
        self.drifted, self.gone = self.declared(3), self.declared(5)
        body = {**{key: self.drifted[key] for key in ("name", "userId", "clientName", "created")}, "network": {"connection": "ANYWHERE"}}
        self.sims.call(3, f"/api/v1/api-tokens/{self.drifted['id']}", "PUT", body)
        self.sims.call(5, f"/api/v1/api-tokens/{self.gone['id']}", "DELETE")
        # What is not to be done to a live org from here was done before the baseline instead.
        self.appeared, self.widened = self.declared(9), self.declared(11)
        self.edit_baseline(9, lambda live: live.update(tokens=[t for t in live["tokens"] if t["id"] != self.appeared["id"]]))
        zone_id = self.widened["network"]["include"][0]

        def narrow(live):
            next(zone for zone in live["zones"] if zone["id"] == zone_id)["gateways"] = [{"type": "CIDR", "value": "198.51.100.7/32"}]
        self.edit_baseline(11, narrow)
        self.environment[self.sims.variable(7)] = kit.SECRET

    def drift(self, code, *options):
        return self.expect(code, "drift", "m", *options, env=self.environment)

    def test_a_quiet_night(self):
        outcome = self.drift(0, "--baseline", "base", "--metrics", "nightly.prom", "--format=json")
        self.assertEqual(outcome.json["events"], [])
        self.assertTrue(all(org["baseline"]["live"] == 30 for org in outcome.json["orgs"]))
        samples = self.metrics()
        self.assertEqual(samples["zonepin_run_exit_code"], {(): 0})
        self.assertEqual(len(samples["zonepin_tokens_live"]), COUNT)
        self.assertEqual(set(samples["zonepin_tokens_live"].values()), {30})
        self.assertEqual(set(samples["zonepin_tokens_drifted"].values()), {0})
        self.assertEqual(set(samples["zonepin_findings_new"].values()), {0})
        for number in range(COUNT):
            states = {key[1][1]: value for key, value in samples["zonepin_tokens"].items() if key[0][1] == self.sims.authorities[number]}
            self.assertEqual(sum(states.values()), 30)
        snapshot = json.loads((self.folder / "base/04.json").read_text())
        open_ones = [t for t in snapshot["tokens"] if (t.get("network") or {"connection": "ANYWHERE"})["connection"] == "ANYWHERE"]
        self.assertEqual(self.of_org(samples, "zonepin_tokens_unrestricted", 4), len(open_ones))

    def test_a_night_in_which_things_happened(self):
        self.drift(0, "--metrics", "nightly.prom")
        before = self.metrics()["zonepin_last_success_timestamp_seconds"]
        self.change_four_orgs()
        reports = ["--output", "sarif=nightly.sarif", "--output", "slack=nightly.slack.json", "--output", "json=nightly.json"]
        text = self.drift(6, "--baseline", "base", "--metrics", "nightly.prom", *reports)
        document = json.loads((self.folder / "nightly.json").read_text())
        kit.validate_document(document)
        codes = {org["host"]: org["exit_code"] for org in document["orgs"]}
        wrong = {3: 2, 5: 2, 7: 7}
        self.assertEqual(codes, {authority: wrong.get(number, 0) for number, authority in enumerate(self.sims.authorities)})
        self.hold_events(document)
        for words in (f'~ differs "{self.drifted["name"]}" {self.drifted["id"]} [new]', "- vanished", "it was revoked, or its owner deactivated",
                      "+ appeared", "~ reach changed", "wider: it can be used from more places than then"):
            self.assertIn(words, text.flat)
        self.hold_metrics(before)
        self.hold_reports(reports)

    def hold_events(self, document):
        events = {(event["org"], event["event"]): event for event in document["events"]}
        host = self.sims.authorities
        self.assertEqual(set(events), {(host[3], "condition-changed"), (host[5], "vanished"), (host[9], "appeared"), (host[11], "reach-changed")})
        self.assertEqual(events[host[5], "vanished"]["vanishing"], "revoked")
        self.assertEqual(events[host[9], "appeared"]["token_id"], self.appeared["id"])
        reach = [event for event in document["events"] if event["event"] == "reach-changed"]
        self.assertIn(self.widened["id"], {event["token_id"] for event in reach})
        for event in reach:
            self.assertEqual(event["zone_ids"], self.widened["network"]["include"])
        fresh = {(change["org"], change["status"]) for change in document["resource_changes"] if change.get("novelty") == "new"}
        self.assertEqual(fresh, {(host[3], "replace"), (host[5], "missing")})

    def hold_metrics(self, before):
        samples = self.metrics()
        self.assertEqual(samples["zonepin_run_exit_code"], {(): 6})
        self.assertEqual(self.of_org(samples, "zonepin_tokens_drifted", 3), 1)
        self.assertEqual(self.of_org(samples, "zonepin_tokens", 5, state="missing"), 1)
        self.assertEqual(self.of_org(samples, "zonepin_org_exit_code", 7), 7)
        self.assertIsNone(self.of_org(samples, "zonepin_tokens_live", 7))
        self.assertEqual(len(samples["zonepin_tokens_live"]), COUNT - 1)
        after = samples["zonepin_last_success_timestamp_seconds"]
        failed = (("org", self.sims.authorities[7]),)
        self.assertEqual(after[failed], before[failed])
        self.assertEqual(len(after), COUNT)

    def hold_reports(self, reports):
        first = json.loads((self.folder / "nightly.sarif").read_text())
        slack = json.loads((self.folder / "nightly.slack.json").read_text())
        self.assertIn("blocks", slack)
        self.assertLessEqual(len(json.dumps(slack)), 40_000)
        self.drift(6, "--baseline", "base", *reports)
        second = json.loads((self.folder / "nightly.sarif").read_text())
        self.assertEqual(fingerprints(first), fingerprints(second))
        self.assertEqual(len(set(fingerprints(first))), len(fingerprints(first)))
        states = {result["ruleId"]: result.get("baselineState") for result in first["runs"][0]["results"]}
        self.assertEqual(states["token-drift"], "new")

    def test_what_was_known_yesterday_is_known(self):
        self.change_four_orgs()
        for number in (3, 5):
            self.expect(0, "snapshot", "--org", self.sims.urls[number], "--out", f"base/{number:02}.json", env=self.environment)
        outcome = self.drift(6, "--baseline", "base", "--format=json")
        known = {(change["status"], change["novelty"]) for change in outcome.json["resource_changes"] if "novelty" in change}
        self.assertEqual(known, {("replace", "known"), ("missing", "known")})

    def test_a_soft_failure_forgives_drift_alone(self):
        self.drift(0, "--soft-fail")
        drifted = self.declared(3)
        self.sims.call(3, f"/api/v1/api-tokens/{drifted['id']}", "DELETE")
        self.drift(2)
        self.drift(0, "--soft-fail", "--metrics", "soft.prom")
        samples = self.metrics("soft.prom")
        self.assertEqual(samples["zonepin_run_exit_code"], {(): 0})
        self.assertEqual(self.of_org(samples, "zonepin_tokens", 3, state="missing"), 1)
        self.environment[self.sims.variable(7)] = kit.SECRET
        self.drift(6, "--soft-fail")

    def test_a_folder_of_snapshots_serves_every_org_without_a_credential(self):
        nobody = self.env()
        for command in (["plan"], ["drift"], ["drift", "--baseline", "base"], ["validate"]):
            self.expect(0, command[0], "m", "--live", "base", *command[1:], env=nobody)
        self.assertEqual(len(self.expect(0, "plan", "m", "--live", "base", "--format=json", env=nobody).json["orgs"]), COUNT)
        exported = self.expect(0, "export", "--live", "base", env=nobody)
        self.assertEqual(exported.out.count("kind: ApiTokens"), COUNT)
        asked = self.expect(4, "can-i", "--token", self.declared(3)["id"], "--ip", "192.0.2.250", "--live", "base", env=nobody)
        self.assertIn(self.sims.authorities[3], asked.flat)
        # A document without an org speaks of every org of the folder.
        self.write("any/m.yaml", "apiVersion: zonepin/v1\nkind: ApiTokens\nunmanaged: ignore\ntokens: []\n")
        self.assertEqual(len(self.expect(0, "plan", "any", "--live", "base", "--format=json", env=nobody).json["orgs"]), COUNT)
        # An org that the folder lacks costs that org alone; a file that is none costs the run.
        (self.folder / "base/02.json").unlink()
        lacking = self.expect(6, "plan", "m", "--live", "base", "--format=json", env=nobody)
        failed = [org for org in lacking.json["orgs"] if org["error"]]
        self.assertEqual([(org["host"], org["exit_code"]) for org in failed], [(self.sims.authorities[2], 5)])
        self.assertIn("holds no snapshot of", failed[0]["error"]["message"])
        shutil.copy(self.folder / "base/03.json", self.folder / "base/copy.json")
        self.hold_one_line(self.expect(3, "plan", "m", "--live", "base", env=nobody), "base/03.json", "base/copy.json")
        (self.folder / "base/copy.json").write_text("{}")
        self.hold_one_line(self.expect(3, "plan", "m", "--live", "base", env=nobody), "base/copy.json")


class Failing(kit.Case):
    """Runs that end before an org was looked at still leave metrics, and do not forget when all was well."""

    def setUp(self):
        super().setUp()
        self.server = self.sim("--tokens", "12")
        self.manifest("unmanaged: ignore\ntokens: []\n")

    def metrics(self):
        return parse_metrics((self.folder / "one.prom").read_text())

    def test_the_last_success_outlives_failures_of_every_kind(self):
        self.expect(0, "drift", "m.yaml", "--metrics", "one.prom", server=self.server)
        good = self.metrics()["zonepin_last_success_timestamp_seconds"]
        self.assertEqual(len(good), 1)
        wrong_secret = {**self.env(self.server), "OKTA_API_TOKEN": kit.SECRET}
        self.expect(7, "drift", "m.yaml", "--metrics", "one.prom", env=wrong_secret)
        self.assertEqual(self.metrics()["zonepin_last_success_timestamp_seconds"], good)
        self.assertEqual(list(self.metrics()["zonepin_org_exit_code"].values()), [7])
        self.write("broken/m.yaml", "kind: Nonsense\n")
        self.expect(3, "drift", "broken", "--metrics", "one.prom", server=self.server)
        self.assertEqual(self.metrics()["zonepin_run_exit_code"], {(): 3})
        self.assertEqual(self.metrics()["zonepin_last_success_timestamp_seconds"], good)
        self.expect(3, "drift", "m.yaml", "--baseline", "nowhere.json", "--metrics", "one.prom", server=self.server)
        self.assertEqual(self.metrics()["zonepin_last_success_timestamp_seconds"], good)

    def test_a_file_that_can_not_be_written(self):
        self.hold_one_line(self.expect(3, "drift", "m.yaml", "--metrics", "no/where.prom", server=self.server), "--metrics", "no/where.prom")
        self.hold_one_line(self.expect(3, "drift", "m.yaml", "--metrics", ".", server=self.server), "--metrics")

    def test_a_baseline_of_another_org(self):
        other = self.sim("--tokens", "3")
        self.expect(0, "snapshot", "--out", "other.json", server=other)
        self.hold_one_line(self.expect(5, "drift", "m.yaml", "--baseline", "other.json", server=self.server), "other.json", "is a snapshot of")


if __name__ == "__main__":
    kit.main()
