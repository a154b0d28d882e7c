"""fmt: manifests in their canonical form, and never half of one."""

import os
import shutil
import stat
import subprocess

import kit

UNTIDY = """# The head.
kind: ApiTokens
tokens:
- {network: {connection: ANYWHERE}, name: 'ci-deployer'}   # the deployer
apiVersion: zonepin/v1
"""
TIDY = """# The head.
apiVersion: zonepin/v1
kind: ApiTokens
tokens:
  - name: ci-deployer  # the deployer
    network: { connection: ANYWHERE }
"""
TAGGED = "apiVersion: zonepin/v1\nkind: ApiTokens\ntokens:\n  - name: !!str 123\n    ignore: true\n"
WRONG = "kind: ApiTokens\napiVersion: zonepin/v1\ntokens:\n  - nmae: a\n    ignore: true\n"


class Fmt(kit.Case):
    def text(self, name):
        return (self.folder / name).read_text()

    def test_files_are_rewritten_and_named(self):
        self.write("m/a.yaml", UNTIDY)
        self.write("m/b.yml", TIDY)
        before = os.stat(self.folder / "m/b.yml").st_ino
        outcome = self.expect(0, "fmt", "m")
        self.assertEqual(outcome.out, "")
        self.assertEqual(outcome.err, "formatted m/a.yaml\n")
        self.assertEqual(self.text("m/a.yaml"), TIDY)
        self.assertEqual(os.stat(self.folder / "m/b.yml").st_ino, before, "a tidy file is not written")
        again = self.expect(0, "fmt", "m")
        self.assertEqual((again.out, again.err), ("", ""))

    def test_the_default_path_is_manifests(self):
        self.write("manifests/a.yaml", UNTIDY)
        self.expect(0, "fmt")
        self.assertEqual(self.text("manifests/a.yaml"), TIDY)

    def test_check_names_files_and_writes_nothing(self):
        self.write("m/a.yaml", UNTIDY)
        self.write("m/b.yaml", TIDY)
        outcome = self.expect(3, "fmt", "--check", "m")
        self.assertEqual(outcome.out, "m/a.yaml\n")
        self.assertIn("1 file of 2", outcome.err)
        self.assertEqual(self.text("m/a.yaml"), UNTIDY)
        self.assertEqual(self.expect(0, "fmt", "--check", "m/b.yaml").out, "")

    def test_check_as_json(self):
        self.write("a.yaml", UNTIDY)
        document = self.expect(3, "fmt", "--check", "a.yaml", "--format=json").json
        self.assertEqual([d["range"]["filename"] for d in document["diagnostics"]], ["a.yaml"])
        self.assertEqual(document["diagnostics"][0]["range"]["start"]["line"], 2)
        self.write("a.yaml", TIDY)
        self.assertEqual(self.expect(0, "fmt", "--check", "a.yaml", "--format=json").json["diagnostics"], [])
        self.assertEqual(self.expect(0, "fmt", "a.yaml", "--format=json").json["diagnostics"], [])
        self.write("a.yaml", TAGGED)
        document = self.expect(3, "fmt", "a.yaml", "--format=json").json
        self.assertIn("tags", document["diagnostics"][0]["summary"])

    def test_diff_shows_and_writes_nothing(self):
        self.write("a.yaml", UNTIDY)
        outcome = self.expect(0, "fmt", "--diff", "a.yaml")
        self.assertEqual(self.text("a.yaml"), UNTIDY)
        self.assertTrue(outcome.out.startswith("--- a.yaml\n+++ a.yaml\n@@ -1,5 +1,6 @@\n # The head.\n"), outcome.out)
        self.assertIn("-apiVersion: zonepin/v1\n", outcome.out)
        self.assertIn("+  - name: ci-deployer  # the deployer\n", outcome.out)
        both = self.expect(3, "fmt", "--diff", "--check", "a.yaml")
        self.assertEqual(both.out, outcome.out)
        self.assertIn("1 file of 1", both.err)
        self.assertEqual(self.expect(0, "fmt", "--diff", "-", stdin=TIDY.encode()).out, "")

    def test_the_diff_is_one_that_patch_takes(self):
        if shutil.which("patch") is None:
            self.skipTest("no patch here")
        for name, text in (("a.yaml", UNTIDY), ("b.yaml", UNTIDY.rstrip("\n"))):
            self.write(name, text)
            diff = self.expect(0, "fmt", "--diff", name).out
            subprocess.run(["patch", "-p0"], input=diff, text=True, cwd=self.folder, check=True, capture_output=True)
            self.assertEqual(self.text(name), TIDY)

    def test_standard_input(self):
        outcome = self.expect(0, "fmt", "-", stdin=UNTIDY.encode())
        self.assertEqual((outcome.out, outcome.err), (TIDY, ""))
        self.assertEqual(self.expect(0, "fmt", "-", stdin=TIDY.encode()).out, TIDY)
        self.assertEqual(self.expect(3, "fmt", "--check", "-", stdin=UNTIDY.encode()).out, "<stdin>\n")
        refused = self.expect(3, "fmt", "-", stdin=TAGGED.encode())
        self.assertEqual(refused.out, "")
        self.assertIn("<stdin>:4:11: error: fmt does not carry tags over", refused.err)
        self.hold_one_line(self.expect(3, "fmt", "-", "--format=json", stdin=TIDY.encode()), "--check")
        self.hold_one_line(self.expect(3, "fmt", "--diff", "--format=json", stdin=TIDY.encode()), "--check")

    def test_what_looks_like_a_credential_is_not_printed_as_something_else(self):
        jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwMHUxIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
        text = TIDY + f"  - name: {jwt}\n    ignore: true\n"
        refused = self.expect(3, "fmt", "-", stdin=text.encode())
        self.assertEqual(refused.out, "")
        self.assertIn("credential", refused.err)
        self.assertNotIn(jwt, refused.err)

    def test_what_is_refused_stays_and_the_rest_is_formatted(self):
        self.write("m/a.yaml", TAGGED)
        self.write("m/b.yaml", WRONG)
        self.write("m/c.yaml", UNTIDY)
        outcome = self.expect(3, "fmt", "m")
        self.assertIn("m/a.yaml:4:11: error: fmt does not carry tags over", outcome.err)
        self.assertIn('did you mean "name"', outcome.err)
        self.assertIn("formatted m/c.yaml", outcome.err)
        self.assertEqual([self.text(f"m/{name}.yaml") for name in "abc"], [TAGGED, WRONG, TIDY])
        self.assertEqual(self.expect(3, "fmt", "--check", "m").out, "")

    def test_mode_and_links_are_kept(self):
        self.write("real.yaml", UNTIDY)
        os.chmod(self.folder / "real.yaml", 0o640)
        os.symlink("real.yaml", self.folder / "link.yaml")
        self.expect(0, "fmt", "link.yaml")
        self.assertTrue((self.folder / "link.yaml").is_symlink())
        self.assertEqual(self.text("real.yaml"), TIDY)
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "real.yaml").st_mode), 0o640)

    def test_a_file_that_can_not_be_written(self):
        path = self.write("locked/a.yaml", UNTIDY)
        os.chmod(path, 0o444)
        if os.geteuid() == 0:  # root writes everything; somebody else does not
            binary = self.folder / "zonepin"
            shutil.copy(kit.ZONEPIN, binary)
            os.chmod(self.folder, 0o755)
            process = subprocess.run([binary, "fmt", path], user="nobody", env=self.env(), cwd="/", capture_output=True, text=True, timeout=30)
            binary.unlink()
        else:
            process = subprocess.run([kit.ZONEPIN, "fmt", path], env=self.env(), capture_output=True, text=True, timeout=30)
        self.assertIn(process.returncode, (1, 3), process)
        self.assertEqual(len(process.stderr.splitlines()), 1)
        self.assertIn("could not be written", process.stderr)
        self.assertEqual(self.text("locked/a.yaml"), UNTIDY)
        self.assertEqual([p.name for p in (self.folder / "locked").iterdir()], ["a.yaml"])

    def test_windows_line_ends_stay(self):
        self.write("a.yaml", b"\xef\xbb\xbf" + UNTIDY.replace("\n", "\r\n").encode())
        self.expect(0, "fmt", "a.yaml")
        self.assertEqual((self.folder / "a.yaml").read_bytes(), TIDY.replace("\n", "\r\n").encode())
        self.expect(0, "fmt", "--check", "a.yaml")

    def test_the_manifests_of_this_repository_are_canonical(self):
        outcome = self.expect(0, "fmt", "--check", kit.ROOT / "manifests")
        self.assertEqual((outcome.out, outcome.err), ("", ""))

    def test_nothing_there(self):
        self.hold_one_line(self.expect(3, "fmt", "nowhere.yaml"), "nowhere.yaml", "no such file")
        self.hold_one_line(self.expect(3, "fmt"), "manifests")


if __name__ == "__main__":
    kit.main()
