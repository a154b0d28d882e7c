"""The GitLab template: its jobs' scripts, run one after the other as a runner does, against a simulator and the few answers of GitLab's API that they ask for."""

import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import threading
import unittest
import urllib.parse

import kit
import yaml
from forge import git
from nightly_test import parse_metrics

TEMPLATE = kit.ROOT / "integrations" / "gitlab" / "zonepin.gitlab-ci.yml"
HEAD = "apiVersion: zonepin/v1\nkind: ApiTokens\nunmanaged: ignore\ntokens:\n"
CI_DEPLOYER, ETL = "00Tdemo0000000000002", "00Tdemo0000000000004"
RUNNERS, VPC = "nzodemo0000000000002", "nzodemo0000000000003"


def entry(name, zone):
    return f"  - name: {name}\n    network: {{ connection: ZONE, include: [{zone}] }}\n"


def jobs():
    document = yaml.safe_load(TEMPLATE.read_text())
    return {name: extended(document[".zonepin"], job) for name, job in document.items() if isinstance(job, dict) and "script" in job}


def extended(base, job):
    """What `extends` makes of both: mappings are merged, all else is the job's."""
    if not (isinstance(base, dict) and isinstance(job, dict)):
        return job
    return {**base, **{key: extended(base[key], value) if key in base else value for key, value in job.items()}}


class Shape(unittest.TestCase):
    def test_writers_wait_for_one_another(self):
        writers = {name: job for name, job in jobs().items() if "apply manifests" in "\n".join(job["script"])}
        self.assertEqual(set(writers), {"zonepin apply", "zonepin repair"})
        for name, job in writers.items():
            self.assertEqual((job["resource_group"], job["environment"]), ("zonepin-write", "okta-apply"), name)

    def test_the_shell_steps_aside_and_reports_are_kept(self):
        for name, job in jobs().items():
            self.assertRegex(job["script"][-1].strip(), r"(?ms)^exec zonepin [^\n]*(\\\n[^\n]*)*\Z", name)
            self.assertEqual(job["artifacts"]["when"], "always")
            for path in job["artifacts"]["reports"].values():
                self.assertIn(path.removeprefix("zonepin-reports/"), job["script"][-1], name)


class Api(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, code, body=b""):
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlparse(self.path).path)
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        found = re.fullmatch(r"/projects/7/repository/commits/(\w+)/merge_requests", path)
        if found:
            if self.headers.get("PRIVATE-TOKEN") != "finds":
                return self.answer(401)
            return self.answer(200, json.dumps([{"iid": iid, "state": "merged"} for iid, sha in self.server.merged.items() if sha == found.group(1)]).encode())
        found = re.fullmatch(r"/projects/7/jobs/artifacts/(.+)/raw/zonepin-reports/([\w.]+)", path)
        if found:
            file = self.server.artifacts.get((found.group(1), query["job"][0]))
            if file is not None and (file / found.group(2)).exists():
                return self.answer(200, (file / found.group(2)).read_bytes())
        return self.answer(404)

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/metrics/job/zonepin":
            self.server.metrics.append(parse_metrics(text))
            return self.answer(200)
        found = re.fullmatch(r"/projects/7/merge_requests/(\d+)/notes", self.path)
        if not found or self.headers.get("PRIVATE-TOKEN") != "comments":
            return self.answer(404)
        self.server.notes.append((int(found.group(1)), urllib.parse.parse_qs(text)["body"][0]))
        return self.answer(201, b"{}")


class Pipeline(kit.Case):
    def setUp(self):
        super().setUp()
        self.key = self.folder / "app.secret"
        self.org = self.sim("--demo", "--app-key-out", str(self.key))
        self.secrets |= {line for line in self.key.read_text().splitlines() if len(line) > 15 and "-----" not in line}
        self.api = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
        self.api.merged, self.api.artifacts, self.api.notes, self.api.metrics = {}, {}, [], []
        threading.Thread(target=self.api.serve_forever, daemon=True).start()
        self.addCleanup(self.api.server_close)
        self.addCleanup(self.api.shutdown)
        programs = self.folder / "programs"
        programs.mkdir()
        (programs / "zonepin").symlink_to(kit.ZONEPIN)
        self.path = f"{programs}:{os.environ['PATH']}"
        self.tree = self.folder / "tree"
        self.tree.mkdir()
        git(self.tree, "init", "--quiet", "--initial-branch", "main")
        self.commit({"acme.yaml": HEAD + entry("ci-deployer", "ci-runners")})
        self.number = 0

    def tearDown(self):
        shutil.rmtree(self.folder / "jobs", ignore_errors=True)
        super().tearDown()

    def commit(self, manifests):
        for name, text in manifests.items():
            path = self.tree / "manifests" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        git(self.tree, "add", "--all")
        git(self.tree, "commit", "--quiet", "--message", "manifests")
        return git(self.tree, "rev-parse", "HEAD")

    def run_job(self, name, sha, **variables):
        """Gives the exit code, what was said, and the folder with the reports."""
        job = jobs()[name]
        self.number += 1
        folder = self.folder / "jobs" / str(self.number)
        folder.parent.mkdir(exist_ok=True)
        git(self.tree, "clone", "--quiet", str(self.tree), str(folder))
        git(folder, "checkout", "--quiet", sha)
        app = self.org.app
        env = {"PATH": self.path, "HOME": str(folder), "CI": "true", "LANG": "C.UTF-8", "no_proxy": "127.0.0.1", "CI_PROJECT_ID": "7",
               "CI_API_V4_URL": f"http://127.0.0.1:{self.api.server_port}", "CI_COMMIT_SHA": sha, "CI_DEFAULT_BRANCH": "main",
               "OKTA_CLIENT_ORGURL": self.org.url, "OKTA_READ_CLIENT_ID": app["OKTA_API_CLIENT_ID"], "OKTA_READ_PRIVATE_KEY": str(self.key),
               "OKTA_APPLY_CLIENT_ID": app["OKTA_API_CLIENT_ID"], "OKTA_APPLY_PRIVATE_KEY": str(self.key), "ZONEPIN_API_TOKEN": "finds",
               "ZONEPIN_COMMENT_TOKEN": "comments", **job.get("variables", {}), **variables}
        env = {key: value for key, value in env.items() if value is not None}
        said, code = "", None
        for part in (job["before_script"] + job["script"], job.get("after_script", [])):
            script = "set -eo pipefail\n" + "\n".join(part)
            done = subprocess.run(["bash", "--noprofile", "--norc", "-c", script], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=120)
            said += done.stdout + done.stderr
            code = done.returncode if code is None else code
        return code, said, folder / "zonepin-reports"

    def merge_request(self, iid, manifests, **variables):
        base = git(self.tree, "rev-parse", "main")
        git(self.tree, "checkout", "--quiet", "-b", f"branch-{iid}", "main")
        sha = self.commit(manifests)
        git(self.tree, "checkout", "--quiet", "main")
        code, said, reports = self.run_job("zonepin plan", sha, CI_MERGE_REQUEST_DIFF_BASE_SHA=base, CI_MERGE_REQUEST_IID=str(iid),
                                           CI_MERGE_REQUEST_PROJECT_ID="7", CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main", **variables)
        self.api.artifacts[f"refs/merge-requests/{iid}/head", "zonepin plan"] = reports
        return code, said, reports

    def merge(self, iid):
        before = git(self.tree, "rev-parse", "main")
        git(self.tree, "merge", "--quiet", "--no-ff", "--message", "merged", f"branch-{iid}")
        sha = git(self.tree, "rev-parse", "main")
        self.api.merged[iid] = sha
        return self.run_job("zonepin apply", sha, CI_COMMIT_BEFORE_SHA=before, CI_COMMIT_BRANCH="main")

    def network(self, token):
        return self.org.token(token).get("network", {}).get("include")

    def writes(self):
        return [line for line in self.org.log() if line.split()[0] in ("PUT", "DELETE")]

    def test_a_merge_request_is_planned_and_applied(self):
        code, said, reports = self.merge_request(3, {"etl.yaml": HEAD + entry("etl-nightly", "data-vpc")})
        self.assertEqual(code, 0, said)
        self.assertEqual([iid for iid, _ in self.api.notes], [3])
        self.assertIn("etl-nightly", self.api.notes[0][1])
        self.assertIsInstance(json.loads((reports / "report.codequality.json").read_text()), list)
        self.assertEqual(self.writes(), [])
        code, said, reports = self.merge(3)
        self.assertEqual(code, 0, said)
        self.assertEqual((self.network(ETL), self.network(CI_DEPLOYER)), ([VPC], None))
        self.assertTrue((reports / "journal.jsonl").exists())

    def test_a_fork(self):
        sha = git(self.tree, "rev-parse", "main")
        code, said, reports = self.run_job("zonepin nightly", sha)
        self.assertEqual(code, 2, said)
        self.api.artifacts["main", "zonepin nightly"] = reports
        self.org.clear_log()
        without = dict.fromkeys(["OKTA_CLIENT_ORGURL", "OKTA_READ_CLIENT_ID", "OKTA_READ_PRIVATE_KEY", "OKTA_APPLY_CLIENT_ID", "OKTA_APPLY_PRIVATE_KEY",
                                 "ZONEPIN_API_TOKEN", "ZONEPIN_COMMENT_TOKEN"])
        code, said, _ = self.merge_request(4, {"etl.yaml": HEAD + entry("etl-nightly", "data-vpc")}, **without)
        self.assertEqual(code, 0, said)
        self.assertIn("etl-nightly", said)
        self.assertEqual(self.org.log(), [])

    def test_what_was_not_approved(self):
        self.merge_request(5, {"etl.yaml": HEAD + entry("etl-nightly", "data-vpc")})
        self.org.put_network(ETL, {"connection": "ZONE", "include": ["nzodemo0000000000001"]})
        self.org.clear_log()
        code, said, reports = self.merge(5)
        self.assertEqual(code, 5, said)
        self.assertEqual(self.writes(), [])
        self.assertTrue((reports / "report.md").exists())
        code, said, _ = self.run_job("zonepin apply", self.commit({"x.yaml": HEAD + entry("etl-orders", "data-vpc")}),
                                     CI_COMMIT_BEFORE_SHA=git(self.tree, "rev-parse", "HEAD~1"), CI_COMMIT_BRANCH="main")
        self.assertEqual(code, 5, said)
        self.assertIn("nothing was approved", said)

    def test_the_night_repairs(self):
        sha = git(self.tree, "rev-parse", "main")
        self.assertEqual(self.run_job("zonepin repair", sha)[0], 0)
        self.assertEqual(self.network(CI_DEPLOYER), [RUNNERS])
        self.org.put_network(CI_DEPLOYER, {"connection": "ANYWHERE"})
        code, said, reports = self.run_job("zonepin nightly", sha)
        self.assertEqual(code, 2, said)
        self.assertIn("ci-deployer", (reports / "report.md").read_text())
        self.assertEqual(self.run_job("zonepin repair", sha)[0], 0)
        self.assertEqual(self.run_job("zonepin nightly", sha)[0], 0)

    def test_the_night_checks(self):
        """The demo's org has tokens that can be used from anywhere: told, and no failed job. An org that is not there is one."""
        sha = git(self.tree, "rev-parse", "main")
        code, said, reports = self.run_job("zonepin check", sha)
        self.assertEqual(code, 0, said)
        self.assertIn("Usable from anywhere", said)
        self.assertIn("token-anywhere", {issue["check_name"] for issue in json.loads((reports / "report.codequality.json").read_text())})
        self.assertEqual(self.writes(), [])
        self.org.stop()
        self.assertEqual(self.run_job("zonepin check", sha)[0], 1)

    def test_the_night_measures(self):
        sha = git(self.tree, "rev-parse", "main")
        self.assertEqual(self.run_job("zonepin nightly", sha)[0], 2)
        self.assertEqual(self.api.metrics, [], "nobody named a gateway")
        code, said, reports = self.run_job("zonepin nightly", sha, ZONEPIN_PUSHGATEWAY=f"http://127.0.0.1:{self.api.server_port}/metrics/job/zonepin")
        self.assertEqual(code, 2, said)
        (metrics,) = self.api.metrics
        self.assertEqual(metrics["zonepin_run_exit_code"], {(): 2})
        self.assertEqual(set(metrics["zonepin_tokens_drifted"].values()), {1})
        kept = jobs()["zonepin nightly"]["artifacts"]["reports"]
        self.assertEqual(set(kept), {"junit", "codequality", "metrics"})
        self.assertEqual(parse_metrics((reports.parent / kept["metrics"]).read_text()), metrics)


if __name__ == "__main__":
    kit.main()
