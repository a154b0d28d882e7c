#!/usr/bin/env python3
"""What an apply costs beyond its plan: memory for each action, time under latency, and the journal.

usage: apply_cost.py memory ZONEPIN ZONEPIN_SIM [TOKENS]      peak of the resident set, `plan` beside `apply` of the same, 100,000 tokens
       apply_cost.py time ZONEPIN ZONEPIN_SIM [ACTIONS]       1,000 replaces, 50 ms latency, and with and without --journal

It ends with 1 when an apply takes more than 1 KB an action beyond its plan, or more than 1.1 times what its latency allows.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

WHAT, ZONEPIN, SIM = sys.argv[1:4]
COUNT = int(sys.argv[4]) if len(sys.argv) > 4 else {"memory": 100_000, "time": 1_000}[WHAT]
PARALLELISM = 8


class Org:
    def __init__(self, folder, tokens, *options):
        self.folder, self.journals = folder, 0
        self.process = subprocess.Popen([SIM, "--tokens", str(tokens), "--zones", "9", "--rate", "100000000", "--no-enforce-network", "--port", "0",
                                         "--page-size", "5000", *options], stdout=subprocess.PIPE, text=True)
        url = self.process.stdout.readline().split()[-1]
        secret = self.process.stdout.readline().strip().split("=", 1)[1]
        self.environment = {**os.environ, "OKTA_CLIENT_ORGURL": url, "OKTA_API_TOKEN": secret, "no_proxy": "127.0.0.1"}
        zones = json.loads(self.output("list", "zones", "--format", "json"))
        self.zones = [z["id"] for z in zones if z["type"] == "IP" and z["status"] == "ACTIVE" and z["usage"] == "POLICY"]
        tokens = json.loads(self.output("list", "tokens", "--format", "json"))
        self.tokens = [t["id"] for t in tokens if t["clientName"] == "Okta API" and t["name"] != "zonepin-ci"]

    def output(self, *arguments):
        return subprocess.run([ZONEPIN, *arguments], env=self.environment, capture_output=True, check=True).stdout

    def manifest(self, ids, zone):
        path = os.path.join(self.folder, "manifest.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("apiVersion: zonepin/v1\nkind: ApiTokens\nunmanaged: ignore\nself: { name: zonepin-ci }\ntokens:\n")
            for token in ids:
                file.write(f"  - {{ id: {token}, network: {{ connection: ZONE, include: [{zone}] }} }}\n")
        return path

    def apply(self, manifest, *more):
        return ["apply", manifest, "--auto-approve", "--parallelism", str(PARALLELISM), "--budget", "100", *more]

    def journal(self):
        self.journals += 1
        return os.path.join(self.folder, f"journal-{self.journals}.jsonl")

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def run(org, arguments, codes=(0,)):
    """Seconds, and the peak of the resident set in bytes. Output goes to a file."""
    with open(os.path.join(org.folder, "out"), "wb") as out:
        began = time.perf_counter()
        process = subprocess.Popen([ZONEPIN, *arguments], env=org.environment, stdout=out, stderr=subprocess.PIPE)
        err = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        sys.exit(f"zonepin {arguments[0]} left with {process.returncode}: {err[:500]}")
    return time.perf_counter() - began, usage.ru_maxrss * 1024


def memory(folder):
    org = Org(folder, COUNT)
    try:
        worst = 0.0
        for turn, (name, more) in enumerate((("as text", ()), ("with --format json", ("--format", "json")), ("with --journal", ("--journal", org.journal())))):
            manifest = org.manifest(org.tokens, org.zones[turn % 2])
            output = more if "--format" in more else ()
            plan = run(org, ["plan", manifest, *output])[1]
            apply = run(org, org.apply(manifest, *more))[1]
            actions = json.loads(org.output("plan", manifest, "--format", "json"))["summary"]
            each = (apply - plan) / len(org.tokens)
            worst = max(worst, each)
            print(f"{name}: {len(org.tokens)} declared, plan {plan / 1e6:.0f} MB, apply {apply / 1e6:.0f} MB: {each:.0f} bytes an action more; left: {actions}")
        sys.exit(1 if worst > 1024 else 0)
    finally:
        org.stop()


def timed(folder):
    slow, fast = Org(folder, COUNT * 11 // 10 + 50, "--latency", "50"), Org(folder, COUNT * 11 // 10 + 50)
    try:
        ids = slow.tokens[:COUNT]
        run(slow, slow.apply(slow.manifest(ids, slow.zones[0])), (0,))
        rate = {}
        ratios = []
        for zone in (1, 0, 1):
            run(slow, slow.apply(slow.manifest(ids, slow.zones[zone]), "--format", "json"))
            report = json.load(open(os.path.join(folder, "out"), encoding="utf-8"))
            rate = report["orgs"][0]["rate"]
            bound = 0.05 * -(-rate["writes_sent"] // PARALLELISM)
            ratios.append(rate["seconds_writing"] / bound)
        print(f"50 ms latency, {rate['writes_sent']} PUTs, {PARALLELISM} at a time: {rate['seconds_writing']:.2f} s of at least {bound:.2f} s; "
              f"ratios {', '.join(f'{ratio:.3f}' for ratio in ratios)}")
        ids = fast.tokens[:COUNT]
        for number in range(6):
            more = ("--journal", fast.journal()) if number % 2 else ()
            run(fast, fast.apply(fast.manifest(ids, fast.zones[number % 2]), "--format", "json", *more))
            rate = json.load(open(os.path.join(folder, "out"), encoding="utf-8"))["orgs"][0]["rate"]
            print(f"no latency, {'with' if more else 'without'} a journal: {rate['writes_sent']} PUTs in {rate['seconds_writing']:.2f} s")
        sys.exit(1 if min(ratios) > 1.1 else 0)
    finally:
        slow.stop()
        fast.stop()


with tempfile.TemporaryDirectory() as place:
    {"memory": memory, "time": timed}[WHAT](place)
