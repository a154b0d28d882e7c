#!/usr/bin/env python3
"""PUTs per second of `zonepin apply` beside `curl --parallel` with the same PUTs on the same simulator, in one run.

usage: throughput.py ZONEPIN ZONEPIN_SIM [TOKENS [ROUNDS]]

The ratio is of PUTs per second: zonepin's from the first PUT sent to the last one answered, as its own report says (the rate of the
JSON outcome), curl's from its start to its end, which has nothing else to do. What zonepin does before and after (two lists, the manifest,
the plan, the list that confirms) is printed as the time of the whole process. Rounds alternate, so that a machine that slows down slows both.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ZONEPIN, SIM = sys.argv[1:3]
TOKENS = int(sys.argv[3]) if len(sys.argv) > 3 else 4000
ROUNDS = int(sys.argv[4]) if len(sys.argv) > 4 else 3
PARALLEL = 8


def start(folder):
    process = subprocess.Popen([SIM, "--tokens", str(TOKENS), "--zones", "9", "--rate", "100000000", "--no-enforce-network", "--port", "0"],
                               stdout=subprocess.PIPE, text=True)
    url = process.stdout.readline().split()[-1]
    token = process.stdout.readline().strip().split("=", 1)[1]
    environment = {**os.environ, "OKTA_CLIENT_ORGURL": url, "OKTA_API_TOKEN": token, "no_proxy": "127.0.0.1"}
    tokens = json.loads(subprocess.run([ZONEPIN, "list", "tokens", "--format", "json"], env=environment, capture_output=True, check=True).stdout)
    zones = json.loads(subprocess.run([ZONEPIN, "list", "zones", "--format", "json"], env=environment, capture_output=True, check=True).stdout)
    usable = [z["id"] for z in zones if z["type"] == "IP" and z["status"] == "ACTIVE" and z["usage"] == "POLICY"]
    return process, url, token, environment, [t for t in tokens if t["clientName"] == "Okta API" and t["name"] != "zonepin-ci"], usable


def manifest(folder, tokens, zone):
    path = os.path.join(folder, "manifest.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("apiVersion: zonepin/v1\nkind: ApiTokens\nunmanaged: ignore\nself: { name: zonepin-ci }\ntokens:\n")
        for token in tokens:
            file.write(f"  - {{ id: {token['id']}, network: {{ connection: ZONE, include: [{zone}] }} }}\n")
    return path


def curl_config(folder, url, secret, tokens, zone):
    path = os.path.join(folder, "curl.conf")
    with open(path, "w", encoding="utf-8") as file:
        for at, token in enumerate(tokens):
            body = json.dumps({"name": token["name"], "userId": token["userId"], "clientName": token["clientName"], "created": token["created"],
                               "network": {"connection": "ZONE", "include": [zone]}})
            escaped = body.replace("\\", "\\\\").replace('"', '\\"')
            if at:
                file.write("next\n")
            file.write(f'url = "{url}/api/v1/api-tokens/{token["id"]}"\nrequest = "PUT"\nheader = "Authorization: SSWS {secret}"\n'
                       f'header = "Accept: application/json"\nheader = "Content-Type: application/json"\ndata = "{escaped}"\noutput = "/dev/null"\nsilent\n')
    return path


def timed(command, environment=None):
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    took = time.perf_counter() - began
    if done.returncode != 0:
        sys.exit(f"{command[0]} left with {done.returncode}: {done.stderr[:500]}")
    return took, done.stdout


def rate_of(outcome, puts):
    """Seconds from the first PUT sent to the last one answered. Every PUT has to be a PUT that was needed, sent once."""
    report = json.loads(outcome)
    rate = report["orgs"][0]["rate"]
    if report["summary"]["done"] != puts or rate["writes_sent"] != puts or rate["requests_sent"] != puts:
        sys.exit(f"not {puts} PUTs: {report['summary']} {rate}")
    return rate["seconds_writing"]


def main():
    with tempfile.TemporaryDirectory() as folder:
        process, url, secret, environment, tokens, zones = start(folder)
        try:
            ours, theirs, whole = [], [], []
            for round_number in range(ROUNDS):
                # Alternating zones, so that every round changes every token.
                config = curl_config(folder, url, secret, tokens, zones[0])
                theirs.append(timed(["curl", "--parallel", "--parallel-max", str(PARALLEL), "--config", config])[0])
                path = manifest(folder, tokens, zones[1])
                process_time, report = timed([ZONEPIN, "apply", path, "--auto-approve", "--format", "json", "--parallelism", str(PARALLEL),
                                              "--budget", "100"], environment)
                whole.append(process_time)
                ours.append(rate_of(report, len(tokens)))
                print(f"round {round_number + 1}: zonepin {len(tokens) / ours[-1]:.0f} PUT/s, curl {len(tokens) / theirs[-1]:.0f} PUT/s, "
                      f"ratio {theirs[-1] / ours[-1]:.2f}; whole processes: zonepin {whole[-1]:.2f} s, curl {theirs[-1]:.2f} s, "
                      f"ratio {theirs[-1] / whole[-1]:.2f}")
            ratio = statistics.median(t / o for t, o in zip(theirs, ours))
            print(f"median of {ROUNDS} rounds, {len(tokens)} PUTs each: zonepin at {ratio:.2f} times curl (wanted: at least 0.8)")
        finally:
            process.terminate()
            process.wait(10)


main()
