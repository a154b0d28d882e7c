"""A forge in a folder: a repository, pull requests from branches and forks, secrets and environments, artifacts, and a runner that acts workflows out:
their `run:` blocks in the shell that they name, with the environment, permissions and outputs that GitHub would give them."""

import fnmatch
import json
import os
import pathlib
import shutil
import subprocess

import yaml
from expressions import fill, holds, text_of

HERE = pathlib.Path(__file__).resolve().parent
GIT = {"GIT_AUTHOR_NAME": "somebody", "GIT_AUTHOR_EMAIL": "somebody@acme.example", "GIT_COMMITTER_NAME": "somebody",
       "GIT_COMMITTER_EMAIL": "somebody@acme.example", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}


def git(folder, *words):
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, env={**os.environ, **GIT}, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"git {words}: {done.stderr}")
    return done.stdout.strip()


def load_yaml(text):
    """`on:` is true in YAML 1.1, which is what PyYAML reads."""
    document = yaml.safe_load(text)
    if True in document:
        document["on"] = document.pop(True)
    return document


class Job:
    """What became of a job."""

    def __init__(self, name):
        self.name, self.result, self.outputs, self.steps, self.log = name, "success", {}, {}, ""
        self.codes = []  # (step, exit code) of each run block
        self.environments = []  # of each run block


class Run:
    def __init__(self, number, workflow):
        self.number, self.workflow, self.jobs = number, workflow, {}

    @property
    def result(self):
        return "failure" if any(job.result == "failure" for job in self.jobs.values()) else "success"

    @property
    def log(self):
        return "\n".join(f"=== {job.name}: {job.result}\n{job.log}" for job in self.jobs.values())

    def codes(self):
        return [code for job in self.jobs.values() for _, code in job.codes if code != 0]


class Forge:
    def __init__(self, folder, files, path):
        """`files`: name -> text of the first commit of main. `path`: the folders in which programs are looked for."""
        self.folder, self.path = folder, path
        self.variables, self.secrets = {}, {}
        self.environments = {}  # name -> secrets
        self.forks_see_variables = False
        self.sarif = []  # what was sent to code scanning: (category, document)
        self.runs = []
        self.state_file = folder / "state.json"
        self.state_file.write_text(json.dumps({"runs": [], "pulls": [], "comments": [], "issues": [], "tokens": {}}))
        self.tree = folder / "tree"
        self.tree.mkdir()
        git(self.tree, "init", "--quiet", "--initial-branch", "main")
        self.commit(files, "first")

    # --- the state that `gh` sees

    @property
    def state(self):
        return json.loads(self.state_file.read_text())

    def change(self, change):
        state = self.state
        result = change(state)
        self.state_file.write_text(json.dumps(state, indent=1))
        return result

    # --- what people do

    def commit(self, files, message):
        for name, text in files.items():
            path = self.tree / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        git(self.tree, "add", "--all")
        git(self.tree, "commit", "--quiet", "--message", message)
        return git(self.tree, "rev-parse", "HEAD")

    def push(self, files, message="a commit without a pull request"):
        before = git(self.tree, "rev-parse", "main")
        git(self.tree, "checkout", "--quiet", "main")
        after = self.commit(files, message)
        return self.pushed(before, after)

    def open_pull(self, branch, files, fork=False):
        """Gives the number of the pull request and the runs that it started."""
        git(self.tree, "checkout", "--quiet", "-b", branch, "main")
        head = self.commit(files, "on " + branch)
        owner = "stranger" if fork else "acme"

        def add(state):
            state["pulls"].append({"number": 1 + len(state["pulls"]), "state": "open", "merged_at": None, "merge_commit_sha": None,
                                   "head": {"sha": head, "ref": branch, "label": f"{owner}:{branch}", "repo": {"fork": fork, "owner": owner}},
                                   "base": {"sha": git(self.tree, "rev-parse", "main")}})
            return state["pulls"][-1]
        pull = self.change(add)
        git(self.tree, "checkout", "--quiet", "main")
        return pull["number"], self.planned(pull)

    def pull(self, number):
        return next(pull for pull in self.state["pulls"] if pull["number"] == number)

    def planned(self, pull):
        git(self.tree, "checkout", "--quiet", "--detach", "main")
        git(self.tree, "merge", "--quiet", "--no-ff", "--message", "test merge", pull["head"]["sha"])
        merged = git(self.tree, "rev-parse", "HEAD")
        git(self.tree, "checkout", "--quiet", "main")
        head = {"sha": pull["head"]["sha"], "ref": pull["head"]["ref"], "repo": {"fork": pull["head"]["repo"]["fork"]}}
        event = {"pull_request": {"number": pull["number"], "head": head, "base": pull["base"]}}
        changed = git(self.tree, "diff", "--name-only", pull["base"]["sha"], pull["head"]["sha"]).split()
        return self.trigger("pull_request", event, merged, branch=pull["head"]["ref"], head_sha=pull["head"]["sha"], changed=changed,
                            is_fork=pull["head"]["repo"]["fork"], owner=pull["head"]["repo"]["owner"])

    def merge(self, number):
        pull = self.pull(number)
        before = git(self.tree, "rev-parse", "main")
        git(self.tree, "checkout", "--quiet", "main")
        git(self.tree, "merge", "--quiet", "--no-ff", "--message", f"Merge #{number}", pull["head"]["sha"])
        after = git(self.tree, "rev-parse", "main")

        def close(state):
            one = next(p for p in state["pulls"] if p["number"] == number)
            one.update(state="closed", merged_at="2026-11-24T00:00:00Z", merge_commit_sha=after)
        self.change(close)
        return self.pushed(before, after)

    def pushed(self, before, after):
        changed = git(self.tree, "diff", "--name-only", before, after).split()
        return self.trigger("push", {"before": before, "after": after}, after, branch="main", head_sha=after, changed=changed)

    def night(self):
        sha = git(self.tree, "rev-parse", "main")
        return self.trigger("schedule", {}, sha, branch="main", head_sha=sha)

    # --- what the forge does

    def trigger(self, name, event, sha, branch, head_sha, changed=None, is_fork=False, owner="acme"):
        """Runs every workflow that listens, as it is at `sha`, and those that follow. Gives the runs, in order."""
        started = []
        files = git(self.tree, "ls-tree", "--name-only", sha, ".github/workflows/").split()
        for file in files:
            workflow = load_yaml(git(self.tree, "show", f"{sha}:{file}"))
            if name not in workflow["on"] or not self.wants(workflow["on"][name] or {}, branch if name == "push" else None, changed):
                continue
            run = self.run_workflow(file, workflow, name, event, sha, branch, head_sha, is_fork)
            started.append(run)
            if name != "workflow_run":
                started += self.followers(run, workflow, name, branch, head_sha, owner)
        return started

    @staticmethod
    def wants(listener, branch, changed):
        if isinstance(listener, list):
            return True
        if branch and "branches" in listener and branch not in listener["branches"]:
            return False
        return "paths" not in listener or any(fnmatch.fnmatch(path, glob.replace("**", "*")) for path in changed for glob in listener["paths"])

    def followers(self, run, workflow, event_name, branch, head_sha, owner):
        main = git(self.tree, "rev-parse", "main")
        event = {"workflow_run": {"id": run.number, "event": event_name, "conclusion": run.result, "html_url": f"https://forge.example/runs/{run.number}",
                                  "head_branch": branch, "head_sha": head_sha, "head_repository": {"owner": {"login": owner}}}}
        started = []
        for file in git(self.tree, "ls-tree", "--name-only", main, ".github/workflows/").split():
            other = load_yaml(git(self.tree, "show", f"{main}:{file}"))
            if workflow["name"] in (other["on"].get("workflow_run") or {}).get("workflows", []):
                started.append(self.run_workflow(file, other, "workflow_run", event, main, "main", main, False))
        return started

    def run_workflow(self, file, workflow, name, event, sha, branch, head_sha, is_fork):
        number = 1 + len(self.state["runs"])
        run = Run(number, pathlib.Path(file).name)
        self.change(lambda state: state["runs"].append({"id": number, "workflow": run.workflow, "branch": branch, "head_sha": head_sha,
                                                        "status": "in_progress", "conclusion": None}))
        for job_name, job in workflow["jobs"].items():
            contexts = {
                "github": {"event": event, "event_name": name, "sha": sha, "repository": "acme/okta", "job": job_name, "run_id": str(number),
                           "server_url": "https://forge.example", "token": self.token(job.get("permissions", workflow.get("permissions", {})), is_fork)},
                "vars": {} if is_fork and not self.forks_see_variables else self.variables,
                "secrets": {} if is_fork else {**self.secrets, **self.environments.get(job.get("environment"), {})},
                "needs": {need: {"outputs": run.jobs[need].outputs, "result": run.jobs[need].result} for need in self.needs(job)},
            }
            run.jobs[job_name] = self.run_job(run, job_name, job, contexts, workflow, sha)

        def end(state):
            state["runs"][number - 1].update(status="completed", conclusion=run.result)
        self.change(end)
        self.runs.append(run)
        return run

    @staticmethod
    def needs(job):
        needs = job.get("needs", [])
        return [needs] if isinstance(needs, str) else needs

    def token(self, permissions, is_fork):
        """A fork's token reads only, whatever the workflow asks for."""
        held = {name: "read" if is_fork and level == "write" else level for name, level in permissions.items()}
        value = f"ghs_{len(self.state['tokens']) + 1}"
        self.change(lambda state: state["tokens"].update({value: held}))
        return value

    def run_job(self, run, name, job, contexts, workflow, sha):
        outcome = Job(name)
        status = "failure" if any(need["result"] != "success" for need in contexts["needs"].values()) else "success"
        if not holds(job.get("if"), contexts, status):
            outcome.result = "skipped"
            return outcome
        workspace = self.folder / f"job-{run.number}-{name}"
        (workspace / "temp").mkdir(parents=True)
        (workspace / "work").mkdir()
        contexts["env"] = {key: fill(value, contexts) for source in (workflow, job) for key, value in source.get("env", {}).items()}
        shell = workflow.get("defaults", {}).get("run", {}).get("shell")
        runner = Runner(self, run, outcome, workspace, sha, shell)
        runner.run_steps(job["steps"], contexts)
        outcome.result = runner.status
        outcome.outputs = {key: fill(value, contexts) for key, value in job.get("outputs", {}).items()}
        outcome.steps = contexts["steps"]
        return outcome


class Runner:
    """The steps of one job."""

    def __init__(self, forge, run, job, workspace, sha, shell):
        self.forge, self.run, self.job, self.workspace, self.sha, self.shell = forge, run, job, workspace, sha, shell
        self.status = "success"
        self.summary = workspace / "summary.md"
        self.summary.touch()

    def run_steps(self, steps, contexts):
        contexts["steps"] = {}
        for step in steps:
            result, outputs = "skipped", {}
            if holds(step.get("if"), contexts, self.status):
                inner = {**contexts, "env": {**contexts["env"], **{k: fill(v, contexts, self.status) for k, v in step.get("env", {}).items()}}}
                result, outputs = self.run_step(step, inner)
                if result == "failure" and not step.get("continue-on-error"):
                    self.status = "failure"
            if "id" in step:
                contexts["steps"][step["id"]] = {"outputs": outputs, "outcome": result}

    def run_step(self, step, contexts):
        if "run" in step:
            return self.run_block(step, contexts)
        inputs = {key: fill(value, contexts, self.status) for key, value in step.get("with", {}).items()}
        name = step["uses"].split("@")[0]
        if name == "actions/checkout":
            return self.checkout(inputs), {}
        if name == "actions/upload-artifact":
            return self.upload(inputs), {}
        if name == "github/codeql-action/upload-sarif":
            self.forge.sarif.append((inputs["category"], json.loads(pathlib.Path(inputs["sarif_file"]).read_text())))
            return "success", {}
        if name.startswith("./"):
            return self.composite(self.workspace / "work" / name, inputs, contexts)
        raise RuntimeError(f"nothing here plays {step['uses']}")

    def run_block(self, step, contexts):
        script = self.workspace / "temp" / f"step-{len(self.job.codes)}.sh"
        script.write_text(fill(step["run"], contexts, self.status))
        outputs = script.with_suffix(".out")
        outputs.touch()
        shell = step.get("shell", self.shell)
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)] if shell == "bash" else ["bash", "-e", str(script)]
        env = {"PATH": self.forge.path, "HOME": str(self.workspace), "LANG": "C.UTF-8", "CI": "true", "GITHUB_ACTIONS": "true",
               "GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(self.summary), "GITHUB_REPOSITORY": contexts["github"]["repository"],
               "GITHUB_SHA": contexts["github"]["sha"], "RUNNER_TEMP": str(self.workspace / "temp"), "FORGE": str(self.forge.folder),
               "no_proxy": "127.0.0.1", **contexts["env"]}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH"):
            if name in os.environ:
                env[name] = os.environ[name]
        self.job.environments.append(env)
        done = subprocess.run(command, cwd=self.workspace / "work", env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        self.job.log += f"--- {fill(step.get('name', step.get('id', 'run')), contexts)}: {done.returncode}\n{done.stdout}{done.stderr}"
        self.job.codes.append((step.get("name", ""), done.returncode))
        values = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
        return "success" if done.returncode == 0 else "failure", values

    def checkout(self, inputs):
        target = self.workspace / "work" / inputs.get("path", ".")
        target.mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(["git", "-C", str(self.forge.tree), "archive", inputs.get("ref", self.sha)], capture_output=True, check=True, timeout=60)
        subprocess.run(["tar", "--extract", "--directory", str(target)], input=archive.stdout, check=True, timeout=60)
        return "success"

    def upload(self, inputs):
        source = pathlib.Path(inputs["path"])
        target = self.forge.folder / "artifacts" / str(self.run.number) / inputs["name"]
        if target.exists():
            raise RuntimeError(f"two artifacts of one run are called {inputs['name']}")
        if source.is_dir() and any(source.iterdir()):
            shutil.copytree(source, target)
        return "success"

    def composite(self, folder, inputs, contexts):
        action = yaml.safe_load((folder / "action.yml").read_text())
        unknown = set(inputs) - set(action["inputs"])
        if unknown:
            raise RuntimeError(f"the action has no inputs {unknown}")
        given = {}
        for name, declared in action["inputs"].items():
            if declared.get("required") and not inputs.get(name):
                raise RuntimeError(f"the action needs {name}")
            given[name] = inputs.get(name, fill(declared.get("default", ""), contexts))
        inner = {**contexts, "inputs": given, "secrets": {}, "vars": {}}
        before, self.status = self.status, "success"
        self.run_steps(action["runs"]["steps"], inner)
        result, self.status = self.status, before
        return result, {name: text_of(fill(output["value"], inner)) for name, output in action["outputs"].items()}
