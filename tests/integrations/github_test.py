"""The GitHub workflows, acted out: pull requests from branches and forks, merges, nights, and what somebody changes by hand meanwhile."""

import http.server
import json
import os
import pathlib
import re
import shutil
import threading
import unittest

import kit
import yaml
from forge import Forge, load_yaml
from nightly_test import parse_metrics

INTEGRATION = kit.ROOT / "integrations" / "github"
WORKFLOWS = sorted((INTEGRATION / "workflows").glob("*.yml"))
CI_DEPLOYER, ETL, HELPDESK = ("00Tdemo00000000000" + number for number in ("02", "04", "10"))
HEAD = "apiVersion: zonepin/v1\nkind: ApiTokens\nunmanaged: ignore\ntokens:\n"


def entry(name, zone):
    return f"  - name: {name}\n    network: {{ connection: ZONE, include: [{zone}] }}\n"


class Shape(unittest.TestCase):
    """What makes a workflow safe can be read off it."""

    def all_steps(self):
        for path in [*WORKFLOWS, INTEGRATION / "action.yml"]:
            document = load_yaml(path.read_text())
            jobs = document["jobs"].items() if "jobs" in document else [("action", document["runs"])]
            for name, job in jobs:
                for step in job["steps"]:
                    yield f"{path.name}: {name}: {step.get('name', step.get('uses'))}", step

    def test_there_are_the_workflows(self):
        self.assertEqual([path.stem for path in WORKFLOWS], ["zonepin-apply", "zonepin-comment", "zonepin-nightly", "zonepin-plan"])

    def test_nothing_runs_foreign_code_with_rights(self):
        for path in WORKFLOWS:
            document = load_yaml(path.read_text())
            self.assertNotIn("pull_request_target", document["on"], path.name)
            if "workflow_run" in document["on"]:
                for job in document["jobs"].values():
                    for step in job["steps"]:
                        if step.get("uses", "").startswith("actions/checkout"):
                            self.assertNotIn("ref", step["with"], "a follower checks out the default branch alone")

    def test_what_others_write_never_becomes_a_script(self):
        """An expression in a script is filled in before the shell reads it: texts of strangers come through the environment."""
        for where, step in self.all_steps():
            self.assertNotIn("${{", step.get("run", ""), where)

    def test_permissions_are_named_and_few(self):
        writes = {}
        for path in WORKFLOWS:
            document = load_yaml(path.read_text())
            self.assertIsInstance(document["permissions"], dict, path.name)
            for where in [document, *document["jobs"].values()]:
                for name, level in where.get("permissions", {}).items():
                    if level == "write":
                        writes.setdefault(path.stem, set()).add(name)
        self.assertEqual(writes, {"zonepin-comment": {"pull-requests"}, "zonepin-nightly": {"issues", "security-events"}})

    def test_actions_are_pinned(self):
        for where, step in self.all_steps():
            if "uses" in step and not step["uses"].startswith("./"):
                self.assertRegex(step["uses"], r"@(v\d+|[0-9a-f]{40})$", where)
            if step.get("uses", "").startswith("actions/checkout"):
                self.assertIs(step["with"]["persist-credentials"], False, where)

    def test_writers_wait_for_one_another_and_are_never_cut_off(self):
        groups = {}
        for path in WORKFLOWS:
            document = load_yaml(path.read_text())
            for name, job in document["jobs"].items():
                self.assertIn("timeout-minutes", job, f"{path.name}: {name}")
                if "OKTA_APPLY_PRIVATE_KEY" in yaml.dump(job):
                    groups[f"{path.stem}: {name}"] = job.get("concurrency", document.get("concurrency"))
                    self.assertEqual(job["environment"], "okta-apply")
        self.assertEqual(groups, {name: {"group": "zonepin-write", "cancel-in-progress": False}
                                  for name in ("zonepin-apply: apply", "zonepin-nightly: repair")})

    def test_the_action_steps_aside_and_always_keeps_reports(self):
        action = yaml.safe_load((INTEGRATION / "action.yml").read_text())
        steps = {step["name"].split(" ${{")[0]: step for step in action["runs"]["steps"]}
        self.assertRegex(steps["zonepin"]["run"].strip().splitlines()[-1], r"^exec zonepin ")
        for name in ("Show the report", "Keep the reports"):
            self.assertIn("always()", steps[name]["if"])


class Pipeline(kit.Case):
    def setUp(self):
        super().setUp()
        key = str(self.folder / "app.secret")
        self.org = self.sim("--demo", "--app-key-out", key)
        self.secrets |= {line for line in pathlib.Path(key).read_text().splitlines() if len(line) > 15 and "-----" not in line}
        programs = self.folder / "programs"
        programs.mkdir()
        for name, path in (("zonepin", kit.ZONEPIN), ("gh", str(pathlib.Path(__file__).parent / "gh"))):
            (programs / name).symlink_to(path)
        files = {f".github/workflows/{path.name}": path.read_text() for path in WORKFLOWS}
        files[".github/actions/zonepin/action.yml"] = (INTEGRATION / "action.yml").read_text()
        files["manifests/acme.yaml"] = HEAD + entry("ci-deployer", "ci-runners")
        (self.folder / "forge").mkdir()
        self.forge = Forge(self.folder / "forge", files, f"{programs}:{os.environ['PATH']}")
        app = self.org.app
        self.forge.variables = {"OKTA_CLIENT_ORGURL": self.org.url, "OKTA_READ_CLIENT_ID": app["OKTA_API_CLIENT_ID"],
                                "OKTA_APPLY_CLIENT_ID": app["OKTA_API_CLIENT_ID"]}
        pem = pathlib.Path(key).read_text()
        self.forge.secrets = {"OKTA_READ_PRIVATE_KEY": pem}
        self.forge.environments = {"okta-apply": {"OKTA_APPLY_PRIVATE_KEY": pem}}

    def tearDown(self):
        super().tearDown()
        for path in self.folder.glob("forge/job-*"):
            shutil.rmtree(path)

    def writes(self):
        return [line for line in self.org.log() if line.split()[0] in ("PUT", "DELETE")]

    def network(self, token):
        return self.org.token(token).get("network", {}).get("include")

    def hold(self, run, *codes):
        self.assertEqual(run.codes(), list(codes), run.log)

    def artifact(self, run, name, file):
        return self.folder / "forge" / "artifacts" / str(run.number) / name / file

    def comments(self):
        return [comment["body"] for comment in self.forge.state["comments"]]

    # --- the stories

    def test_a_pull_request_is_planned_commented_merged_and_applied(self):
        number, runs = self.forge.open_pull("pin", {"manifests/etl.yaml": HEAD + entry("etl-nightly", "data-vpc")})
        self.assertEqual([run.workflow for run in runs], ["zonepin-plan.yml", "zonepin-comment.yml"])
        for run in runs:
            self.hold(run)
        self.assertEqual(self.writes(), [])
        (comment,) = self.comments()
        self.assertIn("etl-nightly", comment, runs[1].log)
        self.assertTrue(self.artifact(runs[0], "zonepin-plan", "report.html").exists())

        (run,) = self.forge.merge(number)
        self.hold(run)
        self.assertEqual(self.network(ETL), ["nzodemo0000000000003"], run.log)
        # What was due before the merge is the night's.
        self.assertEqual(len(self.writes()), 1)
        self.assertIsNone(self.network(CI_DEPLOYER))
        for file in ("report.md", "report.html", "report.jsonl", "report.sarif", "journal.jsonl"):
            self.assertTrue(self.artifact(run, "zonepin-apply", file).exists(), file)

    def test_the_comment_is_renewed(self):
        number, _ = self.forge.open_pull("pin", {"manifests/etl.yaml": HEAD + entry("etl-nightly", "data-vpc")})
        pull = self.forge.pull(number)
        self.forge.planned(pull)
        self.assertEqual(len(self.comments()), 1)

    def test_a_plan_cannot_write(self):
        """Its credential asks for scopes to read, and the org holds it to them."""
        _, runs = self.forge.open_pull("pin", {"manifests/etl.yaml": HEAD + entry("etl-nightly", "data-vpc")})
        seen = [env for run in runs for job in run.jobs.values() for env in job.environments]
        keyed = [env for env in seen if env.get("OKTA_API_PRIVATE_KEY")]
        self.assertTrue(keyed)
        for env in keyed:
            self.assertNotIn("manage", env["OKTA_API_SCOPES"])
        outcome = self.run_program("apply", self.manifest(entry_text(), "own.yaml"), "--auto-approve", env={**self.env(), **{
            name: keyed[0][name] for name in ("OKTA_CLIENT_ORGURL", "OKTA_API_CLIENT_ID", "OKTA_API_PRIVATE_KEY", "OKTA_API_SCOPES")}})
        self.assertNotEqual(outcome.code, 0)
        self.assertIsNone(self.network(ETL))

    def test_a_pull_request_from_a_fork(self):
        """It has no secret, and is planned against what the night kept."""
        self.hold_a_fork(False)

    def test_a_pull_request_from_a_fork_that_may_see_variables(self):
        self.hold_a_fork(True)

    def hold_a_fork(self, sees):
        self.forge.forks_see_variables = sees
        self.forge.night()
        self.org.clear_log()
        number, runs = self.forge.open_pull("better", {"manifests/etl.yaml": HEAD + entry("etl-nightly", "data-vpc")}, fork=True)
        plan, comment = runs
        self.hold(plan)
        self.hold(comment)
        self.assertEqual(self.org.log(), [], "nothing asked the org")
        for env in plan.jobs["plan"].environments:
            self.assertFalse(env.get("OKTA_API_PRIVATE_KEY"))
        self.assertIn("etl-nightly", self.comments()[0])
        (run,) = self.forge.merge(number)
        self.hold(run)
        self.assertEqual(self.network(ETL), ["nzodemo0000000000003"])

    def test_a_fork_before_the_first_night(self):
        _, runs = self.forge.open_pull("early", {"manifests/etl.yaml": HEAD + entry("etl-nightly", "data-vpc")}, fork=True)
        self.hold(runs[0], 1)
        self.assertIn("no snapshot yet", runs[0].log)
        self.assertIn("made no plan", self.comments()[0])

    def test_a_fork_that_takes_its_own_steps(self):
        """Whatever its run uploads is data: the words under the pull request are zonepin's own, and it picks no other pull request."""
        self.forge.night()
        action = (INTEGRATION / "action.yml").read_text()
        lie = "echo '<script>alert(1)</script>' > \"$reports/report.md\"; "
        evil = action.replace('exec zonepin "$COMMAND"', lie + 'exec zonepin "$COMMAND"')
        self.assertNotEqual(action, evil)
        evil = evil.replace("markdown=$reports/report.md", "markdown=$reports/other.md")
        other, _ = self.forge.open_pull("other", {"manifests/etl.yaml": HEAD + entry("etl-nightly", "data-vpc")})
        self.forge.open_pull("evil", {"manifests/a.yaml": HEAD + entry("etl-nightly", "data-vpc"), ".github/actions/zonepin/action.yml": evil}, fork=True)
        self.assertEqual([comment["issue"] for comment in self.forge.state["comments"]], [other, other + 1])
        for comment in self.comments():
            self.assertNotIn("<script>", comment)

    def test_mistakes_in_manifests(self):
        _, runs = self.forge.open_pull("wrong", {"manifests/etl.yaml": HEAD + entry("etl-nightly", "data-vcp")})
        self.hold(runs[0], 3)
        self.assertIn("data-vcp", runs[0].log)
        self.assertIn("data-vcp", (self.artifact(runs[0], "zonepin-plan", "report.md")).read_text())
        self.assertIn("made no plan", self.comments()[0])

    def test_a_merge_after_main_moved_on(self):
        """Two pull requests speak of one token. When the second is merged the first has changed it: that is not what was approved."""
        first, _ = self.forge.open_pull("first", {"manifests/acme.yaml": HEAD + entry("ci-deployer", "corp-offices")})
        by_id = f"  - id: {CI_DEPLOYER}\n    network: {{ connection: ZONE, include: [data-vpc] }}\n"
        second, runs = self.forge.open_pull("second", {"manifests/by-id.yaml": HEAD + by_id})
        self.hold(runs[0])
        (run,) = self.forge.merge(first)
        self.hold(run)
        self.assertEqual(self.network(CI_DEPLOYER), ["nzodemo0000000000001"])
        self.org.clear_log()
        (run,) = self.forge.merge(second)
        self.hold(run, 5)
        self.assertEqual(self.writes(), [])
        self.assertIn("ci-deployer", run.log)
        self.assertTrue(self.artifact(run, "zonepin-apply", "report.md").exists(), "reports are kept when it fails, too")
        # It is in main now, so it is what the night puts right, where that is wanted.
        self.forge.variables["ZONEPIN_REPAIR"] = "yes"
        self.forge.night()
        self.assertEqual(self.network(CI_DEPLOYER), ["nzodemo0000000000003"])

    def test_pull_requests_that_have_nothing_to_do_with_each_other(self):
        first, _ = self.forge.open_pull("first", {"manifests/etl.yaml": HEAD + entry("etl-nightly", "data-vpc")})
        second, _ = self.forge.open_pull("second", {"manifests/help.yaml": HEAD + entry("helpdesk-bot", "corp-offices")})
        for number in (first, second):
            (run,) = self.forge.merge(number)
            self.hold(run)
        self.assertEqual((self.network(ETL), self.network(HELPDESK)), (["nzodemo0000000000003"], ["nzodemo0000000000001"]))

    def test_somebody_changes_the_token_between_approval_and_merge(self):
        number, _ = self.forge.open_pull("pin", {"manifests/etl.yaml": HEAD + entry("etl-nightly", "data-vpc")})
        self.org.put_network(ETL, {"connection": "ZONE", "include": ["nzodemo0000000000001"]})
        self.org.clear_log()
        (run,) = self.forge.merge(number)
        self.hold(run, 5)
        self.assertEqual(self.writes(), [])

    def test_a_commit_that_nobody_approved(self):
        (run,) = self.forge.push({"manifests/etl.yaml": HEAD + entry("etl-nightly", "data-vpc")})
        self.hold(run, 5)
        self.assertIn("nothing was approved", run.log)
        self.assertEqual(self.writes(), [])

    def test_what_is_no_manifest_starts_nothing(self):
        self.assertEqual(self.forge.push({"README.md": "words\n"}), [])

    def test_the_night_finds_what_somebody_changed_and_tells(self):
        number, _ = self.forge.open_pull("pin", {"manifests/acme.yaml": HEAD + entry("ci-deployer", "corp-offices")})
        self.forge.merge(number)
        self.org.put_network(CI_DEPLOYER, {"connection": "ANYWHERE"})
        self.org.clear_log()
        (run,) = self.forge.night()
        self.assertEqual(run.jobs["drift"].outputs["exit-code"], "2", run.log)
        self.assertEqual(run.jobs["repair"].result, "skipped")
        self.assertEqual(self.writes(), [])
        (issue,) = self.forge.state["issues"]
        self.assertIn("ci-deployer", issue["body"])
        # The demo's org has tokens that can be used from anywhere: a violation under `stig`, told beside the drift.
        self.assertEqual(run.jobs["drift"].steps["check"]["outputs"]["exit-code"], "0", run.log)
        self.assertIn("token-anywhere", {result["ruleId"] for category, document in self.forge.sarif if category == "zonepin-check"
                                         for result in document["runs"][0]["results"] if result["level"] == "error"})
        self.assertEqual({category: document["version"] for category, document in self.forge.sarif}, {"zonepin-drift": "2.1.0", "zonepin-check": "2.1.0"})

        (run,) = self.forge.night()
        self.assertEqual(len(self.forge.state["issues"]), 1, "one issue, renewed")

    def test_the_night_measures(self):
        """A gateway that nobody named gets nothing. One that holds yesterday's keeps it where the org could not be asked: its last success gets old."""
        pushed = []

        class Gateway(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                pushed.append((self.path, parse_metrics(self.rfile.read(int(self.headers["Content-Length"])).decode())))
                self.send_response(200)
                self.end_headers()

        gateway = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
        threading.Thread(target=gateway.serve_forever, daemon=True).start()
        self.addCleanup(gateway.server_close)
        self.addCleanup(gateway.shutdown)
        (run,) = self.forge.night()
        self.assertEqual(pushed, [])
        self.assertTrue(self.artifact(run, "zonepin-drift", "metrics.prom").exists())
        self.forge.variables["ZONEPIN_PUSHGATEWAY"] = f"http://127.0.0.1:{gateway.server_port}/metrics/job/zonepin"
        self.forge.night()
        self.org.stop()
        self.forge.night()
        ((path, metrics),) = pushed
        self.assertEqual(path, "/metrics/job/zonepin")
        self.assertEqual(metrics["zonepin_run_exit_code"], {(): 2})
        self.assertEqual(set(metrics["zonepin_tokens_drifted"].values()), {1})
        self.assertIn("zonepin_last_success_timestamp_seconds", metrics)

    def test_the_night_repairs_what_somebody_changed(self):
        number, _ = self.forge.open_pull("pin", {"manifests/acme.yaml": HEAD + entry("ci-deployer", "corp-offices")})
        self.forge.merge(number)
        self.forge.variables["ZONEPIN_REPAIR"] = "yes"
        self.org.put_network(CI_DEPLOYER, {"connection": "ANYWHERE"})
        self.org.clear_log()
        (run,) = self.forge.night()
        self.assertEqual(run.jobs["repair"].result, "success", run.log)
        self.assertEqual(len(self.writes()), 1)
        self.assertEqual(self.network(CI_DEPLOYER), ["nzodemo0000000000001"])
        (run,) = self.forge.night()
        self.assertEqual(run.jobs["drift"].outputs["exit-code"], "0", run.log)
        self.assertEqual(run.jobs["repair"].result, "skipped")
        self.assertEqual([issue["state"] for issue in self.forge.state["issues"]], ["closed"])

    def test_a_night_without_an_org(self):
        """Nothing is repaired, and no issue is closed, because of an org that could not be asked."""
        self.forge.variables["ZONEPIN_REPAIR"] = "yes"
        self.org.stop()
        (run,) = self.forge.night()
        self.assertEqual(run.jobs["drift"].result, "failure")
        self.assertEqual(run.jobs["repair"].result, "skipped")


def entry_text():
    return "tokens:\n" + entry("etl-nightly", "data-vpc")


if __name__ == "__main__":
    kit.main()
