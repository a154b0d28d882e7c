"""--live with a folder of snapshots, for the commands that ask about tokens rather than plan for them: explain and check."""

import hashlib
import json
import shutil

import kit

ANY = "rules:\n  - match: { name: '*' }\n    network: { connection: ZONE, include: [zone-1] }\n"


class Folder(kit.Case):
    """Three orgs in live/, below folders of their own; nobody has a credential."""

    def setUp(self):
        super().setUp()
        zones = [kit.zone(1)]
        pinned = {"connection": "ZONE", "include": [kit.zone(1)["id"]]}
        self.orgs = [self.rude_org([kit.token(1, name="shared"), kit.token(2, name=f"only-{at}", network=pinned)], zones) for at in range(3)]
        self.authorities = [org.server.url.split("://")[1] for org in self.orgs]
        self.files = []
        for at, org in enumerate(self.orgs):
            (self.folder / f"live/{at}").mkdir(parents=True)
            env = self.env(OKTA_CLIENT_ORGURL=org.server.url, OKTA_API_TOKEN=kit.SECRET)
            self.files.append(self.folder / f"live/{at}/{at}.json")
            self.expect(0, "snapshot", "--out", self.files[-1], env=env)
            org.server.requests.clear()
        self.write("live/notes.txt", "no snapshot, and not taken for one")
        self.nobody = self.env()
        self.path = self.manifest(ANY)

    def tearDown(self):
        for org in self.orgs:
            self.assertEqual(org.server.requests, [], "a snapshot was there to answer")
        super().tearDown()

    def ask(self, code, *arguments):
        return self.expect(code, *arguments, "--live", "live", env=self.nobody)

    def explained(self, code, *arguments):
        document = self.ask(code, "explain", *arguments, self.path, "--format=json").json
        return sorted((each["org"], each["name"]) for each in document["explanations"])

    # --- several orgs

    def test_explain_finds_a_token_in_every_org_that_has_it(self):
        self.assertEqual(self.explained(0, "shared"), sorted((host, "shared") for host in self.authorities))
        self.assertEqual(self.explained(0, "only-1"), [(self.authorities[1], "only-1")])
        self.assertEqual(self.explained(0, "shared", "--org", "http://" + self.authorities[2]), [(self.authorities[2], "shared")])
        text = self.ask(0, "explain", "only-1", self.path).flat
        self.assertIn(self.authorities[1], text)
        self.assertIn(f"decides rule {self.path}:4", text)
        self.hold_one_line(self.ask(1, "explain", "only-11", self.path), '"only-11"', 'did you mean "only-1"')

    def test_check_judges_every_org(self):
        outcome = self.ask(9, "check", self.path, "--format=json")
        self.assertEqual([(org["org"], org["exit_code"]) for org in outcome.json["orgs"]], [(host, 9) for host in sorted(self.authorities)])
        self.assertEqual(outcome.json["summary"], {"tokens": 6, "fail": 3, "not_reviewed": 0, "waived": 0, "pass": 3})
        one = self.ask(9, "check", self.path, "--format=json", "--org", "http://" + self.authorities[0])
        self.assertEqual([org["org"] for org in one.json["orgs"]], [self.authorities[0]])
        self.assertIn("Check of 3 orgs: 3 failed, 3 passed.", self.ask(9, "check", self.path).flat)

    # --- one is missing

    def of_all_orgs(self):
        documents = [f"apiVersion: zonepin/v1\nkind: ApiTokens\norg: http://{host}\n{ANY}" for host in self.authorities]
        self.path = self.write("m.yaml", "---\n".join(documents))
        self.files[1].unlink()

    def test_an_org_without_a_snapshot_costs_that_org_alone(self):
        self.of_all_orgs()
        outcome = self.ask(6, "check", self.path, "--format=json")
        failed = [org for org in outcome.json["orgs"] if org["error"]]
        self.assertEqual([(org["org"], org["exit_code"]) for org in failed], [(self.authorities[1], 5)])
        self.assertIn("live holds no snapshot of " + self.authorities[1], failed[0]["error"]["message"])
        self.assertEqual(outcome.json["summary"]["tokens"], 4)
        self.assertIn("1 org could not be read", self.ask(6, "check", self.path).flat)
        self.assertEqual(self.explained(6, "shared"), sorted((host, "shared") for host in self.authorities if host != self.authorities[1]))

    def test_explain_does_not_say_that_nobody_has_it_where_an_org_was_not_read(self):
        self.of_all_orgs()
        outcome = self.ask(6, "explain", "only-1", self.path)
        said = " ".join((outcome.out + outcome.err).split())
        self.assertIn("holds no snapshot of " + self.authorities[1], said)
        self.assertIn("in the orgs that were read, no live token and no entry has the id or name \"only-1\"", said)
        self.assertEqual(self.explained(6, "only-1"), [])

    # --- files that are none

    def test_two_of_one_org_are_refused_by_name(self):
        shutil.copy(self.files[2], self.folder / "live/a copy.json")
        for command in (["check"], ["explain", "shared"]):
            self.hold_one_line(self.ask(3, *command, self.path), "live/2/2.json", "live/a copy.json", self.authorities[2])

    def test_a_broken_one_is_refused_by_name(self):
        whole = self.files[1].read_bytes()
        for text in (b"", b"{}", b"not json", whole[:len(whole) // 2], b"\xff\xfe", b"[]", b'{"format_version": "9.0"}'):
            self.files[1].write_bytes(text)
            for command in (["check"], ["explain", "shared"]):
                with self.subTest(text=text[:20], command=command[0]):
                    self.hold_one_line(self.ask(3, *command, self.path), "live/1/1.json")

    def test_a_folder_without_any_and_one_that_is_not_there(self):
        (self.folder / "empty").mkdir()
        for folder in ("empty", "nowhere"):
            for command in (["check"], ["explain", "shared"]):
                self.hold_one_line(self.expect(3, *command, self.path, "--live", folder, env=self.nobody), folder)

    # --- evidence

    def test_evidence_holds_each_snapshot_to_the_byte(self):
        self.ask(9, "check", self.path, "--evidence", "e", "--profile", "stig")
        index = json.loads((self.folder / "e/index.json").read_text())
        self.assertEqual(sorted(org["org"] for org in index["orgs"]), sorted(self.authorities))
        for entry in index["files"]:
            data = (self.folder / "e" / entry["name"]).read_bytes()
            self.assertEqual((entry["bytes"], entry["sha256"]), (len(data), hashlib.sha256(data).hexdigest()))
        kept = {entry["org"]: (self.folder / "e" / entry["name"]).read_bytes() for entry in index["files"] if entry["what"] == "snapshot"}
        self.assertEqual(kept, {host: file.read_bytes() for host, file in zip(self.authorities, self.files)})
        results = [json.loads((self.folder / "e" / entry["name"]).read_text()) for entry in index["files"] if entry["what"] == "results"]
        self.assertEqual([result["orgs"][0]["principal"]["kind"] for result in results], ["snapshot"] * 3)

    def test_evidence_says_which_org_it_has_nothing_of(self):
        self.of_all_orgs()
        self.ask(6, "check", self.path, "--evidence", "e")
        index = json.loads((self.folder / "e/index.json").read_text())
        lacking = {org["org"]: org["error"] for org in index["orgs"] if org["error"]}
        self.assertEqual(list(lacking), [self.authorities[1]])
        self.assertNotIn(self.authorities[1], [entry["org"] for entry in index["files"] if entry["what"] == "snapshot"])
        self.assertIn(self.authorities[1], (self.folder / "e/report.html").read_text())


if __name__ == "__main__":
    kit.main()
