#!/usr/bin/env python3
"""PUTs per second of `zonepin apply` beside `curl --parallel` with the same PUTs on the same simulator, in one run.

usage: throughput.py ZONEPIN ZONEPIN_SIM [TOKENS [ROUNDS]]

Both are timed as whole processes; zonepin's time holds the reads before and after the PUTs, too. The limit that it compares with is
what a plain HTTP client reaches with as many requests in flight. Rounds alternate, so that a machine that slows down slows both.
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
    return process, url, token, environment, [t for t in tokens if t["clientName"] == "Okta API"], usable


def manifest(folder, tokens, zone):
    path = os.path.join(folder, "manifest.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("apiVersion: zonepin/v1\nkind: ApiTokens\nunmanaged: ignore\ntokens:\n")
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
    return took


def main():
    with tempfile.TemporaryDirectory() as folder:
        process, url, secret, environment, tokens, zones = start(folder)
        try:
            ours, theirs = [], []
            for round_number in range(ROUNDS):
                # Alternating zones, so that every round changes every token.
                config = curl_config(folder, url, secret, tokens, zones[0])
                theirs.append(timed(["curl", "--parallel", "--parallel-max", str(PARALLEL), "--config", config]))
                path = manifest(folder, tokens, zones[1])
                ours.append(timed([ZONEPIN, "apply", path, "--auto-approve", "--parallelism", str(PARALLEL), "--budget", "100"], environment))
                print(f"round {round_number + 1}: zonepin {len(tokens) / ours[-1]:.0f} PUT/s, curl {len(tokens) / theirs[-1]:.0f} PUT/s, "
                      f"ratio {theirs[-1] / ours[-1]:.2f}")
            ratio = statistics.median(t / o for t, o in zip(theirs, ours))
            print(f"median of {ROUNDS} rounds, {len(tokens)} PUTs each: zonepin at {ratio:.2f} times curl (wanted: at least 0.8)")
        finally:
            process.terminate()
            process.wait(10)


main()
