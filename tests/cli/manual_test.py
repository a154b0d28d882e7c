"""Completions and manual pages say what the help says: every command, every option, every word, in the shells themselves."""

import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import termios
import time
import unittest

import kit

# Acts out what bash does at a TAB, and prints what it would offer. Arguments: the words, the last one being typed, split as bash splits them.
BASH = r"""
source ./completion
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_zonepin
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
"""


class Typist:
    """An interactive shell on a terminal, at which somebody types."""

    def __init__(self, command, env, folder):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            termios.tcsetwinsize(0, (40, 200))
            os.chdir(folder)
            os.execvpe(command[0], command, {**env, "TERM": "dumb", "PS1": "> ", "ZDOTDIR": str(folder)})

    def type(self, text, until, seconds=20):
        """What comes until `until` has come."""
        os.write(self.terminal, text.encode())
        seen, end = b"", time.monotonic() + seconds
        while time.monotonic() < end and until.encode() not in seen:
            if select.select([self.terminal], [], [], 0.1)[0]:
                try:
                    seen += os.read(self.terminal, 65536)
                except OSError:
                    break
        return seen.decode(errors="replace")

    def stop(self):
        os.close(self.terminal)
        os.waitpid(self.process, 0)


class Helped(kit.Case):
    """What the help says is what everything here is held against."""

    helps = {}  # command -> its help; read once for all tests

    def setUp(self):
        super().setUp()
        if not self.helps:
            self.read_help("")

    def read_help(self, command):
        self.helps[command] = text = self.expect(0, *command.split(), "--help", env=self.env()).out
        for name in self.subcommands(command):
            self.read_help(f"{command} {name}".strip())

    def subcommands(self, command):
        block = re.search(r"(?ms)^Subcommands:\n(.*?)\n\n", self.helps[command])
        return re.findall(r"(?m)^  ([a-z][a-z-]*) ", block.group(1)) if block else []

    def options(self, command):
        """Name to whether it takes a value, as the help says."""
        lines = re.findall(r"(?m)^  (?:-\w,)?(--[a-z-]+)( [A-Z][^ ]*)?(?= |$)", self.helps[command])
        return {name: bool(value) for name, value in lines}

    def leaves(self):
        return [command for command in self.helps if not self.subcommands(command)]


class Completions(Helped):
    def completion(self, shell):
        return self.write("completion", self.expect(0, "completion", shell, env=self.env()).out)

    def bash(self, *words):
        done = subprocess.run(["bash", "--norc", "-c", BASH, "bash", *words], cwd=self.folder, env=self.env(), capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        return done.stdout.split("\n")[:-1]

    def test_the_help_was_read(self):
        self.assertGreater(len(self.leaves()), 15)
        self.assertIn("--allow-revoke", self.options("plan"))
        self.assertTrue(self.options("plan")["--out"])
        self.assertFalse(self.options("plan")["--enforce"])

    def test_bash_offers_every_command_and_every_option_of_it(self):
        self.completion("bash")
        for command in self.helps:
            with self.subTest(command=command):
                self.assertEqual(sorted(self.bash("zonepin", *command.split(), "-")), sorted(["-h", *self.options(command)]))
                if self.subcommands(command):
                    self.assertEqual(self.bash("zonepin", *command.split(), ""), self.subcommands(command))

    def test_bash_offers_the_words_that_the_parser_takes(self):
        self.completion("bash")
        for command in self.leaves():
            for option in self.options(command):
                error = self.run_program(*command.split(), option, "xyz", env=self.env()).err
                words = re.search(rf"{option}: wants ([a-z0-9, ]+), not \"xyz\"", error)
                if words:
                    wanted = words.group(1).split(", ")
                    with self.subTest(command=command, option=option):
                        self.assertEqual(self.bash("zonepin", *command.split(), option, ""), wanted)
                        self.assertEqual(self.bash("zonepin", *command.split(), option, "=", ""), wanted)
                        self.assertEqual(self.bash("zonepin", *command.split(), option, "=", wanted[-1][:2]), [wanted[-1]])
        for command, name in (("schema", "outcome"), ("completion", "fish")):
            self.assertEqual(self.bash("zonepin", command, name[0]), [name])

    def test_bash_offers_guards_files_and_folders(self):
        self.completion("bash")
        self.manifest("tokens: []\n", "pins/team one.yaml")
        self.manifest("tokens: []\n", "pinned.yaml")
        rows = [(["plan", "--ack", "recently-"], ["recently-used:", "recently-created:"]), (["plan", "--ack", "agent-token", ":", "00T"], []),
                (["plan", "pin"], ["pinned.yaml", "pins"]), (["plan", "pins/"], ["pins/team one.yaml"]), (["plan", "--base", "pin"], ["pins"]),
                (["plan", "--base", "=", "pin"], ["pins"]), (["plan", "--output", "mark"], ["markdown="]), (["plan", "--output", "html", "=", "pinn"], ["pinned.yaml"]),
                (["plan", "--output", "=", "html", "=", "pinn"], ["pinned.yaml"]), (["plan", "--format", "json", "pinn"], ["pinned.yaml"]), (["plan", "--out", "pinn"], ["pinned.yaml"]),
                (["plan", "--timeout", ""], []), (["explain", "plan", "pinn"], ["pinned.yaml"]), (["list", "to"], ["tokens"]), (["list", "tokens", ""], []),
                (["pl"], ["plan"]), (["nonsense", "x"], []), (["get", ""], [])]
        for words, wanted in rows:
            with self.subTest(words=words):
                self.assertEqual(sorted(self.bash("zonepin", *words)), sorted(wanted))

    def test_scripts_are_whole(self):
        for shell in ("bash", "zsh", "fish"):
            path = self.completion(shell)
            if shutil.which(shell):
                done = subprocess.run([shell, "-n", path], capture_output=True, text=True, timeout=60)
                self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""), shell)

    def test_zsh_names_every_command_and_option(self):
        text = pathlib.Path(self.completion("zsh")).read_text()
        for command in self.helps:
            name = "_zonepin" + "".join("_" + word.replace("-", "_") for word in command.split())
            body = re.search(rf"(?ms)^{name}\(\) {{\n(.*?)^}}", text).group(1)
            with self.subTest(command=command):
                named = set(re.findall(r"'\*?(--[a-z-]+)=?\[", body)) | set(re.findall(r"'\{-\w,(--[a-z-]+)\}'", body))
                self.assertEqual(named, set(self.options(command)))
                self.assertEqual(re.findall(r"(?m)^ +'([a-z-]+):", body), self.subcommands(command))

    @unittest.skipUnless(shutil.which("fish"), "no fish here")
    def test_fish_offers_every_command_and_every_option_of_it(self):
        self.completion("fish")

        def offers(line):
            done = subprocess.run(["fish", "--no-config", "-c", "source ./completion; complete -C $argv[1]", line], cwd=self.folder, env=self.env(),
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""), line)
            return sorted(row.split("\t")[0] for row in done.stdout.splitlines())
        for command in self.helps:
            with self.subTest(command=command):
                self.assertEqual(offers(f"zonepin {command} --"), sorted(self.options(command)))
                if self.subcommands(command):
                    self.assertEqual(offers(f"zonepin {command} ".replace("  ", " ")), sorted(self.subcommands(command)))
        self.assertEqual(offers("zonepin plan --color "), ["always", "auto", "never"])
        self.assertEqual(offers("zonepin plan --ack=recently-u"), ["--ack=recently-used:"])
        self.manifest("tokens: []\n", "pins/one.yaml")
        self.assertEqual(offers("zonepin plan pi"), ["pins/"])
        self.assertEqual(offers("zonepin get pi"), [])

    def typist(self, *command, setup, ready):
        typist = Typist(command, self.env(), self.folder)
        self.addCleanup(typist.stop)
        typist.type(setup + "\r", ready)
        return typist

    def test_bash_completes_what_somebody_types(self):
        self.completion("bash")
        self.manifest("tokens: []\n", "pins/team one.yaml")
        typist = self.typist("bash", "--norc", "-i", setup="source ./completion; echo is re''ady", ready="is ready")
        self.assertIn("zonepin plan --format html ", typist.type("zonepin pl\t--for\tht\t", "html "))
        self.assertIn(r"team\ one.yaml ", typist.type("pins/te\t", "yaml "))
        self.assertIn("agent-token:", typist.type("--ack ag\t", "agent-token:"))
        self.assertIn("markdown=pins/", typist.type("00T1 --output mark\tpi\t", "pins/"))

    @unittest.skipUnless(shutil.which("zsh"), "no zsh here")
    def test_zsh_completes_what_somebody_types(self):
        self.completion("zsh")
        typist = self.typist("zsh", "-f", "-i", setup="autoload -U compinit && compinit -u -d ./dump && source ./completion; echo is re''ady", ready="is ready")
        self.assertIn("html", typist.type("zonepin pl\t--for\tht\t", "html "))
        self.assertIn("never", typist.type("--color n\t", "never "))
        self.assertIn("agent-token:", typist.type("--ack ag\t", "agent-token:"))


class ManPages(Helped):
    def pages(self):
        self.expect(0, "man-pages", "man", env=self.env())
        return {path.name: path.read_text() for path in (self.folder / "man").iterdir()}

    def test_there_is_one_for_each_command_and_one_for_all(self):
        names = ["zonepin.1", *("zonepin-" + command.replace(" ", "-") + ".1" for command in self.leaves())]
        pages = self.pages()
        self.assertEqual(sorted(pages), sorted(names))
        listed = [m.replace(r"\-", "-") for m in re.findall(r"(?m)^\.TP\n\\fB([a-z][a-z -\\]*)\\fR$", pages["zonepin.1"])]
        self.assertEqual(listed, self.leaves())
        self.assertEqual(pages, self.pages())

    def test_each_names_every_option_with_the_words_of_the_help(self):
        pages = self.pages()
        for command in self.leaves():
            with self.subTest(command=command):
                text = pages["zonepin-" + command.replace(" ", "-") + ".1"].replace(r"\-", "-")
                options = re.search(r"(?ms)^\.SH OPTIONS\n(.*?)^\.SH ", text).group(1)
                self.assertEqual(re.findall(r"(?m)^(?:\\fB-h\\fR, )?\\fB(--[a-z-]+)\\fR", options), list(self.options(command)))
                help_words = " ".join(self.helps[command].split())
                for help_line in re.findall(r"(?m)^\\fB.*\n(.*)$", options):
                    self.assertIn(help_line, help_words)
                self.assertIn(re.search("(?m)^Example: (.*)$", self.helps[command]).group(1), text)

    @unittest.skipUnless(shutil.which("groff"), "no groff here")
    def test_groff_finds_nothing_to_warn_of(self):
        self.pages()
        for path in sorted((self.folder / "man").iterdir()):
            done = subprocess.run(["groff", "-ww", "-man", "-k", "-Tutf8", "-P-cbou", str(path)], capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""), path)
            self.assertIn("NAME", done.stdout)

    def test_a_folder_that_cannot_be_made(self):
        self.hold_one_line(self.expect(3, "man-pages", "nowhere/man", env=self.env()), "nowhere/man")


if __name__ == "__main__":
    kit.main()
