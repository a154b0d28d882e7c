"""Kubernetes, the container file, pre-commit and the policies: what they must say, their commands run against a simulator, and each held to its own tool
where that is installed (scripts/bootstrap --full brings pre-commit; opa and conftest are in no Debian package)."""

import json
import os
import re
import shutil
import subprocess
import unittest

import kit
import yaml
from forge import git

INTEGRATIONS = kit.ROOT / "integrations"
HEAD = "apiVersion: zonepin/v1\nkind: ApiTokens\nunmanaged: ignore\ntokens:\n"
PINNED = HEAD + "  - name: ci-deployer\n    network: { connection: ZONE, include: [ci-runners] }\n"


class Kubernetes(kit.Case):
    def load(self, name):
        return yaml.safe_load((INTEGRATIONS / "kubernetes" / name).read_text())

    def pods(self):
        cron, indexed = self.load("cronjob.yaml"), self.load("indexed-job.yaml")
        yield "cronjob", cron["spec"]["jobTemplate"]["spec"]
        yield "indexed", indexed["spec"]

    def test_kinds_and_what_must_not_run_twice(self):
        cron, indexed = self.load("cronjob.yaml"), self.load("indexed-job.yaml")
        self.assertEqual((cron["apiVersion"], cron["kind"], cron["spec"]["concurrencyPolicy"]), ("batch/v1", "CronJob", "Forbid"))
        self.assertEqual((indexed["apiVersion"], indexed["kind"], indexed["spec"]["completionMode"]), ("batch/v1", "Job", "Indexed"))
        self.assertEqual(len(cron["spec"]["schedule"].split()), 5)

    def test_pods_are_locked_down_and_end_in_order(self):
        for name, job in self.pods():
            with self.subTest(name):
                pod = job["template"]["spec"]
                self.assertEqual(pod["restartPolicy"], "Never")  # a podFailurePolicy wants it
                self.assertIs(pod["automountServiceAccountToken"], False)
                self.assertIs(pod["securityContext"]["runAsNonRoot"], True)
                self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
                self.assertGreater(pod["terminationGracePeriodSeconds"], 10)
                volumes = {volume["name"] for volume in pod["volumes"]}
                for container in pod["initContainers"] + pod["containers"]:
                    self.assertEqual(container["securityContext"], {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                                                                    "capabilities": {"drop": ["ALL"]}})
                    self.assertLessEqual({mount["name"] for mount in container["volumeMounts"]}, volumes)
                    self.assertNotRegex(container["image"], r":latest$|^[^:]*$")
                self.assertEqual([container["name"] for container in pod["containers"]], ["zonepin"])
                for rule in job["podFailurePolicy"]["rules"]:
                    self.assertLessEqual(set(rule.get("onExitCodes", {}).get("values", [])), kit.EXIT_CODES - {0, 1, 6, 8, 130})
                self.assertNotRegex(json.dumps(pod), r"OKTA_API_TOKEN\"|BEGIN .*PRIVATE KEY")

    def at_home(self, words):
        return [word.replace("/data/repository/manifests", "manifests") for word in words]

    def test_the_cron_jobs_command(self):
        key = str(self.folder / "app.secret")
        sim = self.sim("--demo", "--app-key-out", key)
        self.manifest(PINNED.split("\n", 2)[2], "manifests/acme.yaml")
        (container,) = self.load("cronjob.yaml")["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
        given = {item["name"]: item.get("value") for item in container["env"]}
        env = self.env(OKTA_CLIENT_ORGURL=sim.url, OKTA_API_CLIENT_ID=sim.app["OKTA_API_CLIENT_ID"], OKTA_API_PRIVATE_KEY_FILE=key,
                       OKTA_API_SCOPES=given["OKTA_API_SCOPES"])
        self.assertLessEqual(set(given), set(env))
        outcome = self.expect(2, *self.at_home(container["args"]), env=env)
        self.assertEqual(json.loads(outcome.out.splitlines()[-1])["exit_code"], 2)

    def test_the_indexed_jobs_command_takes_every_org_once(self):
        job = self.load("indexed-job.yaml")["spec"]
        (container,) = job["template"]["spec"]["containers"]
        orgs = self.many_sims(12, "--tokens", "5")
        self.write("manifests/orgs.yaml", "".join("---\n" + PINNED.replace("\nunmanaged", f"\norg: {host}\nunmanaged") for host in orgs.authorities)
                   .replace("ci-deployer", "nobody").replace("ci-runners", "ALL_ZONES"))
        (self.folder / "programs").mkdir()
        (self.folder / "programs" / "zonepin").symlink_to(kit.ZONEPIN)
        seen = []
        for index in range(job["completions"]):
            command = self.at_home(container["command"])
            env = {**self.env(**orgs.env), "JOB_COMPLETION_INDEX": str(index), "PATH": f"{self.folder / 'programs'}:{os.environ['PATH']}"}
            done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            mine = [org["host"] for org in lines[-1]["orgs"]]
            # What differs is told, and fails no pod.
            self.assertEqual(lines[-1]["kind"], "drift")
            self.assertEqual({line["org"] for line in lines if line.get("rule") == "token-missing"}, set(mine))
            seen += mine
        self.assertEqual(sorted(seen), sorted(orgs.authorities))
        self.assertRegex(container["command"][-1], r"^exec zonepin ")


class Container(unittest.TestCase):
    def test_the_file(self):
        lines = (INTEGRATIONS / "container" / "Containerfile").read_text().splitlines()
        froms = [line.split()[1] for line in lines if line.startswith("FROM ")]
        self.assertEqual(froms, ["docker.io/library/debian:12-slim"] * 2)
        final = lines[max(number for number, line in enumerate(lines) if line.startswith("FROM ")):]
        user = next(line for line in final if line.startswith("USER ")).split()[1]
        self.assertRegex(user, r"^[1-9]\d*:[1-9]\d*$")
        self.assertIn('ENTRYPOINT ["zonepin"]', final)
        self.assertFalse([line for line in lines if line.startswith("ADD ") or re.search(r"curl .*\| *(ba)?sh|:latest", line)])
        self.assertFalse([line for line in final if re.search(r"g\+\+|-dev\b|cmake", line)], "no compiler in the image")
        for line in lines:
            if line.startswith("COPY ") and "--from" not in line:
                for source in line.split()[1:-1]:
                    self.assertTrue((kit.ROOT / source).exists(), source)


class Pages(kit.Case):
    PAGES = [kit.ROOT / "docs" / "ci.md", kit.ROOT / "docs" / "packaging.md", INTEGRATIONS / "README.md"]

    def test_what_they_point_at_is_there(self):
        for page in self.PAGES:
            text = page.read_text()
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
                self.assertTrue((page.parent / target).exists(), f"{page.name}: {target}")
            for anchor in re.findall(r"\]\(#([^)]+)\)", text):
                titles = [re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"(?m)^#+ (.*)$", text)]
                self.assertIn(anchor, titles, page.name)

    def test_every_command_and_option_is_one(self):
        for page in self.PAGES:
            for command in re.findall(r"`zonepin ([^`]+)`|^zonepin ([^|>#\n]+)", page.read_text(), re.M):
                words = "".join(command).split()
                known = self.expect(0, words[0], "--help", env=self.env()).out
                for option in (word.split("=")[0] for word in words if word.startswith("--")):
                    self.assertIn(option + " ", known, f"{page.name}: {words}")

    def test_every_exit_code_has_its_line(self):
        codes = re.findall(r"(?m)^\| (\d+) \|", self.PAGES[0].read_text())
        self.assertEqual({int(code) for code in codes}, kit.EXIT_CODES)


class PreCommit(kit.Case):
    def hooks(self):
        return {hook["id"]: hook for hook in yaml.safe_load((kit.ROOT / ".pre-commit-hooks.yaml").read_text())}

    def command(self, hook, files):
        return [*hook["entry"].split()[1:], *hook.get("args", []), *(files if hook.get("pass_filenames", True) else [])]

    def test_the_hooks_commands(self):
        hooks = self.hooks()
        self.assertEqual(set(hooks), {"zonepin-validate", "zonepin-fmt"})
        self.write("manifests/a.yaml", PINNED)
        canonical = self.expect(0, "fmt", "-", stdin=PINNED.encode(), env=self.env()).out
        self.write("manifests/b.yaml", canonical.replace("ci-deployer", "etl-nightly"))
        rows = [("zonepin-validate", ["manifests/a.yaml"], 0), ("zonepin-fmt", ["manifests/b.yaml"], 0), ("zonepin-fmt", ["manifests/c.yaml"], 3)]
        self.write("manifests/c.yaml", canonical.replace("ci-deployer", "etl-orders").replace("tokens:", "tokens:   "))
        for name, files, code in rows:
            self.expect(code, *self.command(hooks[name], files), env=self.env())
        self.write("manifests/d.yaml", canonical.replace("tokens:", "token:"))
        self.expect(3, *self.command(hooks["zonepin-validate"], ["manifests/d.yaml"]), env=self.env())
        for hook in hooks.values():
            self.assertTrue(re.search(hook["files"], "manifests/deep/a.yml"))
            self.assertFalse(re.search(hook["files"], "docs/a.yaml"))

    @unittest.skipUnless(shutil.which("pre-commit"), "no pre-commit here")
    def test_pre_commit_takes_them(self):
        hooks = self.folder / "hooks"
        hooks.mkdir()
        (hooks / ".pre-commit-hooks.yaml").write_text((kit.ROOT / ".pre-commit-hooks.yaml").read_text())
        work = self.folder / "work"
        (work / "manifests").mkdir(parents=True)
        for folder in (hooks, work):
            git(folder, "init", "--quiet", "--initial-branch", "main")
        git(hooks, "add", "--all")
        git(hooks, "commit", "--quiet", "--message", "hooks")
        (self.folder / "programs").mkdir()
        (self.folder / "programs" / "zonepin").symlink_to(kit.ZONEPIN)
        env = {**os.environ, "PATH": f"{self.folder / 'programs'}:{os.environ['PATH']}", "PRE_COMMIT_HOME": str(self.folder / "cache")}
        canonical = self.expect(0, "fmt", "-", stdin=PINNED.encode(), env=self.env()).out
        for text, code in ((canonical, 0), (canonical.replace("tokens:", "token:"), 1)):
            (work / "manifests" / "a.yaml").write_text(text)
            git(work, "add", "--all")
            done = subprocess.run(["pre-commit", "try-repo", str(hooks), "--all-files"], cwd=work, env=env, capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
            self.assertRegex(done.stdout, r"zonepin validate\.+" + ("Passed" if code == 0 else "Failed"))


class Policies(kit.Case):
    FOLDER = INTEGRATIONS / "conftest" / "policy"

    def test_every_field_that_they_read_is_one_of_a_plan(self):
        """Rego takes a field that is not there for a rule that does not hold: a slip in a name would let everything through."""
        text = (self.FOLDER / "zonepin.rego").read_text()
        sim = self.sim("--demo")
        plan = self.expect(0, "plan", self.manifest("unmanaged: ignore\n" + PINNED.split("\n", 3)[3]), "--format=json", server=sim).json
        change = next(change for change in plan["resource_changes"] if change["status"] == "replace")
        for path in set(re.findall(r"\b(?:change|org)((?:\.[a-z_]+)+)", text)):
            where = {"change": change, "org": {**plan["orgs"][0], "error": {"message": ""}}}
            found = [self.walk(one, path.split(".")[1:]) for one in where.values()]
            schema = json.dumps(json.loads((kit.ROOT / "schemas" / "plan.schema.json").read_text()))
            self.assertTrue(any(found) or all(f'"{word}"' in schema for word in path.split(".")[1:]), path)

    def walk(self, value, words):
        for word in words:
            if not isinstance(value, dict) or word not in value:
                return False
            value = value[word]
        return True

    @unittest.skipUnless(shutil.which("opa"), "no opa here")
    def test_opa_runs_their_tests(self):
        done = subprocess.run(["opa", "test", str(self.FOLDER)], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which("conftest"), "no conftest here")
    def test_conftest_judges_a_plan(self):
        sim = self.sim("--demo")
        path = self.manifest("unmanaged: ignore\ntokens:\n  - name: etl-nightly\n    network: { connection: ZONE, include: [ALL_ZONES] }\n")
        for manifest, code in ((self.manifest(PINNED.split("\n", 2)[2], "good.yaml"), 0), (path, 1)):
            self.expect(0, "plan", manifest, "--out", "plan.json", server=sim)
            done = subprocess.run(["conftest", "test", "--policy", str(self.FOLDER), "plan.json"], cwd=self.folder, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)


if __name__ == "__main__":
    kit.main()
