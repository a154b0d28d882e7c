"""Bad manifests: each with its exit code and a message that a person can act on."""

import os
import shutil
import subprocess

import kit

HEAD = "apiVersion: zonepin/v1\nkind: ApiTokens\n"
ENTRY = "tokens:\n  - name: ci-deployer\n    network: { connection: ANYWHERE }\n"


class BadText(kit.Case):
    """Nothing is sent for any of these."""

    def setUp(self):
        super().setUp()
        self.server = self.rude(lambda r: (200, {}, []))

    def hold(self, text, *words, place=None):
        path = self.write("bad.yaml", text)
        for command in (["validate"], ["plan"], ["apply", "--auto-approve"]):
            outcome = self.expect(3, *command, path, server=self.server)
            for word in words:
                self.assertIn(word, outcome.err)
            if place:
                self.assertIn(f"{path}:{place}: error: ", outcome.err)
            self.assertEqual(outcome.out, "")
            self.assertIn("error", outcome.err)
            self.assertLess(len(outcome.err), 6000)
        document = self.expect(3, "validate", path, "--format=json").json
        self.assertTrue(all(d["range"]["filename"] == path for d in document["diagnostics"]), document)
        self.assertEqual(self.server.requests, [])
        return document["diagnostics"]

    def test_rows(self):
        rows = [
            ("empty", "", ["no manifest", "apiVersion"], None),
            ("only comments", "# nothing here\n", ["no manifest"], None),
            ("tab", HEAD + "tokens:\n\t- name: x\n", ["tab"], "4:1"),
            ("duplicate key", HEAD + "tokens:\n  - name: a\n    name: b\n    network: { connection: ANYWHERE }\n", ["\"name\"", "twice"], "5:5"),
            ("unknown field", HEAD + "tokens:\n  - nmae: a\n    network: { connection: ANYWHERE }\n", ["\"nmae\"", 'did you mean "name"'], "4:5"),
            ("unknown field above", HEAD + "tokns: []\n", ["\"tokns\"", 'did you mean "tokens"'], "3:1"),
            ("wrong type", HEAD + "tokens:\n  - name: 123\n    network: { connection: ANYWHERE }\n", ["quote"], "4:11"),
            ("not a list", HEAD + "tokens: all\n", ["list"], "3:9"),
            ("unclosed quote", HEAD + "tokens:\n  - name: \"ci\n    network: { connection: ANYWHERE }\n", ["quote"], None),
            ("unclosed bracket", HEAD + "tokens: [ {name: a\n", [], None),
            ("both", HEAD + "tokens:\n  - name: a\n    state: revoked\n    reason: x\n    network: { connection: ANYWHERE }\n", ["network", "state"], None),
            ("neither", HEAD + "tokens:\n  - name: a\n", ["network", "state"], None),
            ("revoke without reason", HEAD + "tokens:\n  - name: a\n    state: revoked\n", ["reason"], None),
            ("include and exclude", HEAD + "tokens:\n  - name: a\n    network: { connection: ZONE, include: [a], exclude: [b] }\n", ["include", "exclude"], None),
            ("empty include", HEAD + "tokens:\n  - name: a\n    network: { connection: ZONE, include: [] }\n", ["include", "empty"], None),
            ("connection", HEAD + "tokens:\n  - name: a\n    network: { connection: ANYWERE }\n", ['did you mean "ANYWHERE"'], "5:28"),
            ("id current", HEAD + "tokens:\n  - id: current\n    state: revoked\n    reason: x\n", ["current"], "4:9"),
            ("id path", HEAD + "tokens:\n  - id: ../x\n    state: revoked\n    reason: x\n", ["\"../x\""], "4:9"),
            ("id Current", HEAD + "tokens:\n  - id: CURRENT/../x\n    state: revoked\n    reason: x\n", [], "4:9"),
            ("other kind", "apiVersion: v1\nkind: ConfigMap\n", ["zonepin/v1"], None),
            ("guard", HEAD + "acks:\n  - { guard: agent-tokn, token: 00Ta, reason: x }\n", ['did you mean "agent-token"'], "4:14"),
            ("binary", b"\x7fELF\x02\x01\x01\x00\x00\xff\xfe\x80", ["UTF-8"], None),
            ("utf-16", "apiVersion: zonepin/v1\n".encode("utf-16"), ["UTF-8"], None),
            ("nul", HEAD + "tokens: []\n\0", [], None),
            ("100,000 levels", HEAD + "tokens: " + "[" * 100_000, ["nested", "levels"], None),
            ("100,000 levels of maps", HEAD + "tokens: " + "{a: " * 100_000, ["nested", "levels"], None),
            ("bomb", HEAD + "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
                f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)), ["alias"], None),
            ("itself", HEAD + "tokens: &t [*t]\n", [], None),
        ]
        for name, text, words, place in rows:
            with self.subTest(name):
                diagnostics = self.hold(text, *words, place=place)
                self.assertTrue(diagnostics)

    def test_everything_is_reported_at_once(self):
        diagnostics = self.hold(HEAD + "unmanagd: report\ntokens:\n  - nmae: a\n    network: { connection: NOWHERE }\n  - id: current\n    state: revoked\n"
                                "  - name: 12\n    network: { connection: ANYWHERE }\n")
        self.assertEqual([d["range"]["start"]["line"] for d in diagnostics if d["severity"] == "error"], sorted(d["range"]["start"]["line"] for d in diagnostics))
        self.assertGreaterEqual(len(diagnostics), 5)

    def test_the_caret_stands_under_the_mistake(self):
        path = self.write("bad.yaml", HEAD + "tokens:\n  - nmae: a\n    network: { connection: ANYWHERE }\n")
        lines = self.expect(3, "validate", path).err.splitlines()
        at = next(i for i, line in enumerate(lines) if "nmae: a" in line)
        self.assertEqual(lines[at].index("nmae"), lines[at + 1].index("^"))

    def test_hostile_names_are_escaped_in_messages(self):
        path = self.write("bad.yaml", HEAD + "tokens:\n  - \"n\\e[2Jam\\u202Ee\": a\n    network: { connection: ANYWHERE }\n")
        self.assertIn("unknown", self.expect(3, "validate", path).err)
        self.expect(3, "validate", path, "--format=json")


class BadFiles(kit.Case):
    def setUp(self):
        super().setUp()
        self.server = self.rude(lambda r: (200, {}, []))

    def test_a_missing_path(self):
        for command in (["validate"], ["plan"], ["drift"], ["apply", "--auto-approve"]):
            self.hold_one_line(self.expect(3, *command, "nowhere.yaml", "--format=json", server=self.server), "nowhere.yaml", "no such file")
        self.hold_one_line(self.expect(3, "plan", server=self.server), "manifests")
        self.assertEqual(self.server.requests, [])

    def test_a_folder_without_manifests(self):
        (self.folder / "empty").mkdir()
        self.hold_one_line(self.expect(3, "plan", "empty", server=self.server), "empty", ".yaml")

    def test_more_than_the_limit(self):
        path = self.folder / "large.yaml"
        with open(path, "wb") as file:
            file.truncate((64 << 20) + 1)
        self.hold_one_line(self.expect(3, "validate", path), "large.yaml", "64 MiB")
        path.unlink()

    def test_an_unreadable_file(self):
        path = self.manifest(ENTRY, "locked/m.yaml")
        if os.geteuid() != 0:
            os.chmod(path, 0)
            self.hold_one_line(self.expect(3, "validate", path), "m.yaml")
            return
        # Root reads everything; somebody else does not.
        binary = self.folder / "zonepin"
        shutil.copy(kit.ZONEPIN, binary)
        os.chmod(self.folder, 0o755)
        os.chmod(self.folder / "locked", 0o700)
        process = subprocess.run([binary, "validate", path], user="nobody", env=self.env(), cwd="/", capture_output=True, text=True, timeout=30)
        binary.unlink()
        self.assertEqual(process.returncode, 3, process)
        self.assertEqual(len(process.stderr.splitlines()), 1)
        self.assertIn("ermission", process.stderr)
        self.assertIn("m.yaml", process.stderr)

    def test_devices_and_pipes_do_not_hang(self):
        for path in ("/dev/zero", "/dev/urandom"):
            self.expect(3, "validate", path)
        self.manifest(ENTRY, "m/a.yaml")
        os.mkfifo(self.folder / "m" / "pipe.yaml")
        (self.folder / "m" / "folder.yaml").mkdir()
        self.expect(0, "validate", "m", seconds=20)
        os.symlink("..", self.folder / "m" / "round")
        self.expect(0, "validate", "m", seconds=20)

    def test_standard_input(self):
        good = (HEAD + ENTRY).encode()
        self.assertIn("Valid: 1 file", self.expect(0, "validate", "-", stdin=good).out)
        self.assertIn("<stdin>:3:1: error:", self.expect(3, "validate", "-", stdin=(HEAD + "tokns: []\n").encode()).err)
        self.expect(3, "validate", "-", stdin=b"")

    def test_contradicting_documents_name_both_places(self):
        one = self.manifest("unmanaged: fail\ntokens: []\n", "m/a.yaml")
        two = self.manifest("unmanaged: ignore\ntokens: []\n", "m/b.yaml")
        outcome = self.expect(3, "validate", "m")
        self.assertIn("m/a.yaml:3", outcome.err)
        self.assertIn("m/b.yaml:3", outcome.err)
        self.assertTrue(one and two)

    def test_the_examples_are_valid(self):
        for folder in ("quickstart", "complete"):
            outcome = self.expect(0, "validate", kit.ROOT / "manifests" / folder, "--format=json")
            self.assertEqual(outcome.json["diagnostics"], [])


class Online(kit.Case):
    def test_everything_that_is_not_there_comes_out_of_one_run(self):
        sim = self.sim("--demo")
        path = self.manifest("zones:\n  corp-office: { quarantine: true }\n"
                             "tokens:\n  - name: ci-deployr\n    network: { connection: ZONE, include: [ci-runner] }\n"
                             "  - name: hr-sync\n    ignore: true\n"
                             "  - name: etl-nightly\n    owner: ana.dta@acme.example\n    ignore: true\n"
                             "rules:\n  - match: { name: \"nothing-*\" }\n    ignore: true\n")
        for command in (["--online"], ["--live", "live.json"]):
            server = sim if command == ["--online"] else None
            if server is None:
                self.expect(0, "snapshot", path, "--out", "live.json", server=sim)
            outcome = self.expect(3, "validate", path, *command, server=server)
            for place, words in (("4:3: error", 'did you mean "corp-offices"'), ("6:5: error", 'did you mean "ci-deployer"'),
                                 ("7:44: error", 'did you mean "ci-runners"'), ("8:5: error", "fits 2 tokens"),
                                 ("11:12: error", 'has the login "ana.dta@acme.example"'), ("14:5: warning", "matches no token")):
                self.assertIn(f"{path}:{place}: ", outcome.err)
                self.assertIn(words, outcome.err)
            self.assertIn("5 errors", outcome.err)
            self.assertEqual(outcome.out, "")
        self.assertEqual(set(sim.methods()), {"GET"})
        document = self.expect(3, "validate", path, "--online", "--format=json", server=sim).json
        self.assertEqual(len(document["diagnostics"]), 6)

    def test_what_is_there_is_valid(self):
        sim = self.sim("--demo")
        path = kit.ROOT / "manifests" / "quickstart"
        outcome = self.expect(0, "validate", "--online", path, server=sim)
        self.assertEqual((outcome.out, outcome.err), (f"Valid: 1 file, 1 document, 3 tokens declared, as it is in {sim.authority}.\n", ""))
        self.assertEqual(self.expect(0, "validate", "--online", path, "--format=json", server=sim).json["diagnostics"], [])

    def test_an_org_that_does_not_answer(self):
        env = self.env(OKTA_CLIENT_ORGURL=f"http://127.0.0.1:{self.closed_port()}", OKTA_API_TOKEN=kit.SECRET)
        path = self.manifest(ENTRY)
        self.expect(1, "validate", "--online", path, env=env)
        self.expect(0, "validate", path, env=env)

    def test_an_org_is_nothing_to_ask_without_online(self):
        self.hold_one_line(self.expect(3, "validate", "--org", "acme", self.manifest(ENTRY)), "--online")


class Examples(kit.Case):
    def test_the_quickstart_reaches_an_empty_plan(self):
        sim = self.sim("--demo")
        path = kit.ROOT / "manifests" / "quickstart"
        self.expect(2, "plan", path, "--detailed-exitcode", server=sim)
        self.expect(0, "apply", path, "--auto-approve", "--allow-revoke", server=sim)
        self.expect(0, "plan", path, "--detailed-exitcode", server=sim)
        self.expect(0, "drift", path, server=sim)


if __name__ == "__main__":
    kit.main()
