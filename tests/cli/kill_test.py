"""Runs that are killed, interrupted, cut off from their output or their disk: what is left is true, and a second run gets to the same end."""

import collections
import concurrent.futures
import datetime
import json
import os
import pathlib
import random
import resource
import signal
import subprocess
import time

import kit

REPLACES, REVOKES, PARALLELISM = 160, 40, 8
LATENCY = 10  # ms, before a request has its effect
KILLS = 100
AT_ONCE = 5  # orgs, each with a run of its own
FULL = REPLACES + REVOKES


def stamp(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def org_state():
    """An org whose tokens were last used 20 days ago: nothing about a revoke needs an ack."""
    state = json.loads(subprocess.run([kit.ZONEPIN_SIM, "--tokens", "1", "--zones", "9", "--print-state"], capture_output=True, check=True).stdout)
    pattern = state["tokens"][0]
    for number in range(FULL):
        state["tokens"].append({**pattern, "id": f"00Tkill{number:013d}", "name": f"batch-{number}", "network": {"connection": "ANYWHERE"},
                                "created": stamp(-300), "lastUpdated": stamp(-300), "expiresAt": stamp(10), "secret": f"00kill{number:036d}"})
    zone = next(z["id"] for z in state["zones"] if z["type"] == "IP" and z["status"] == "ACTIVE" and not z["system"])
    return state, zone


def wanted(zone, numbers=range(FULL)):
    lines = ["unmanaged: ignore", "self: { name: zonepin-ci }", "tokens:"]
    for number in numbers:
        goal = f"network: {{ connection: ZONE, include: [{zone}] }}" if number < REPLACES else "state: revoked, reason: SEC-1"
        lines.append(f"  - {{ id: 00Tkill{number:013d}, {goal} }}")
    return "\n".join(lines) + "\n"


Whole = collections.namedtuple("Whole", "seconds log_bytes")  # of a run that nobody disturbs


class Kill(kit.Case):
    def setUp(self):
        super().setUp()
        state, self.zone = org_state()
        self.state = self.write("org.secret", json.dumps(state))
        self.goal = self.manifest(wanted(self.zone))

    def org(self, latency=LATENCY):
        sim = self.sim("--state", self.state, "--no-enforce-network", "--rate", "10000000", "--latency", str(latency))
        sim.latency = latency
        return sim

    def command(self, *more):
        # Not --format=json, which would hold each of several hundred documents against its schema.
        return [kit.ZONEPIN, "apply", self.goal, "--auto-approve", "--allow-revoke", "--parallelism", str(PARALLELISM), "--budget", "100",
                "--format", "json", *more]

    def start(self, sim, *more, stdout=subprocess.PIPE, before=None):
        process = subprocess.Popen(self.command(*more), env=self.env(sim), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=stdout,
                                   stderr=subprocess.PIPE, preexec_fn=before)
        self.addCleanup(self.end_for_sure, process)
        return process

    @staticmethod
    def end_for_sure(process):
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()

    def goes_on(self, sim, *more):
        """A second run gets to the end, and a third has nothing to do."""
        outcome = self.expect(0, *self.command(*more)[1:], server=sim)
        self.expect(0, "plan", self.goal, "--allow-revoke", "--detailed-exitcode", server=sim)
        return outcome

    @staticmethod
    def writes(lines):
        """What reached the org: for each token its (method, status)."""
        found = collections.defaultdict(list)
        for line in lines:
            method, path, status = line.split()[:3]
            if method in ("PUT", "DELETE"):
                found[path.rsplit("/", 1)[1]].append((method, status))
        return found

    def settle(self, sim):
        """Until nothing that a dead run sent is still on its way: a request waits for its latency before it has an effect."""
        before = None
        while before != len(sim.log()):
            before = len(sim.log())
            time.sleep(0.05 + 1.5 * sim.latency / 1000)

    # --- what a journal may say

    def lies(self, sim, journal):
        """Where `show JOURNAL` says something else than what happened at the org, and how many it can't tell."""
        writes = self.writes(sim.log())
        if not journal.exists() or journal.stat().st_size == 0:
            return (["writes without a journal"] if writes else []), 0
        live = {token["id"]: token for token in sim.call("GET", "/api/v1/api-tokens")}
        shown = self.run_program("show", str(journal), "--format", "json")
        if shown.code != 0:
            return [f"show leaves with {shown.code}: {shown.err}"], 0
        fates = {result["id"]: result for result in shown.json["results"]}
        lies = []
        for token_id, result in fates.items():
            fate, sent = result["fate"], writes[token_id]
            there = token_id in live and live[token_id]["network"].get("include") == [self.zone]
            is_as_asked = there if result["action"] == "replace" else token_id not in live
            if fate == "done" and not is_as_asked or fate == "not_reached" and sent or fate not in ("done", "not_reached", "unknown"):
                lies.append(f"{token_id} is called {fate} ({result['message']}), and the org saw {sent}")
        lies += [f"{token_id} was written, and the journal does not know it" for token_id, sent in writes.items() if sent and token_id not in fates]
        return lies, sum(result["fate"] == "unknown" for result in fates.values())

    def too_much(self, sim):
        """Of all runs together: what was written more often than it may be."""
        writes = self.writes(sim.log())
        wrong = []
        for token_id, sent in writes.items():
            if ("DELETE", "204") in sent and sent.index(("DELETE", "204")) != len(sent) - 1:
                wrong.append(f"{token_id} was revoked, and then {sent}")
        repeated = sum(len(sent) - 1 for sent in writes.values() if sent[0][0] == "PUT")
        if repeated > PARALLELISM:
            wrong.append(f"{repeated} PUTs were repeated")
        return wrong

    def wait_for_writes(self, sim, count):
        end = time.monotonic() + 20
        while sum(line.startswith(("PUT", "DELETE")) for line in sim.log()) < count:
            self.assertLess(time.monotonic(), end, "nothing is written")
            time.sleep(0.002)

    def hold_truth(self, sim, journal, most_unknown):
        self.settle(sim)
        lies, unknown = self.lies(sim, journal)
        self.assertEqual(lies, [])
        self.assertLessEqual(unknown, most_unknown)


class Killed(Kill):
    def killed_at(self, name, fraction, whole, by_request):
        """One run that is killed, by the clock or once the org has seen so much of it; what was wrong, and where it was."""
        sim = self.org()
        journal = self.folder / f"{name}.jsonl"
        began = time.monotonic()
        process = self.start(sim, "--journal", str(journal), stdout=subprocess.DEVNULL)
        if by_request:
            while sim.log_path.stat().st_size < fraction * whole.log_bytes and process.poll() is None:
                time.sleep(0.002)
        else:
            time.sleep(max(0.0, began + fraction * whole.seconds - time.monotonic()))
        process.kill()
        process.communicate()
        self.settle(sim)
        died_after = len(sim.log())
        lies, unknown = self.lies(sim, journal)
        wrong = list(lies)
        if unknown > PARALLELISM:
            wrong.append(f"{unknown} are unknown")
        second = self.goes_on(sim, "--journal", str(journal))
        if second.json["summary"]["failed"] or second.json["summary"]["unknown"]:
            wrong.append("the second run: " + str(second.json["summary"]))
        self.settle(sim)
        wrong += self.too_much(sim)
        sim.stop()
        reached = "reading" if died_after <= 3 else "writing" if died_after < FULL + 3 else "confirming"
        return reached if process.returncode == -signal.SIGKILL else "over", [f"{name}: {each}" for each in wrong]

    def test_sigkill_at_any_moment_loses_nothing_and_doubles_nothing(self):
        seed = int(os.environ.get("ZONEPIN_KILL_SEED") or random.SystemRandom().randrange(1 << 32))
        print(f"ZONEPIN_KILL_SEED={seed}", flush=True)
        chance = random.Random(seed)
        # Half of them by the clock, half by what the org has seen: that is even over the requests however fast the machine is just now.
        moments = [(f"kill-{number}", chance.random(), number % 2 == 1) for number in range(KILLS)]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            whole = sorted(pool.map(lambda _: self.whole_run(), range(AT_ONCE)))[AT_ONCE // 2]
            done = list(pool.map(lambda moment: self.killed_at(moment[0], moment[1], whole, moment[2]), moments))
        reached = collections.Counter(place for place, _ in done)
        print(f"a whole run takes {whole.seconds:.2f} s; killed while: {dict(reached)}", flush=True)
        self.assertEqual([each for _, wrong in done for each in wrong], [])
        self.assertGreater(reached["writing"], KILLS // 4)
        self.assertGreater(reached["reading"], 0)

    def whole_run(self):
        sim = self.org()
        began = time.monotonic()
        self.assertEqual(self.start(sim, "--journal", str(self.folder / f"{sim.port}.jsonl"), stdout=subprocess.DEVNULL).wait(60), 0)
        whole = Whole(time.monotonic() - began, sim.log_path.stat().st_size)
        sim.stop()
        return whole


class Interrupted(Kill):
    def test_a_signal_lets_what_is_in_flight_end_and_tells_all(self):
        for wish in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(wish):
                sim, journal = self.org(), self.folder / f"{wish.name}.jsonl"
                process = self.start(sim, "--journal", str(journal))
                self.wait_for_writes(sim, 60)
                process.send_signal(wish)
                out, err = process.communicate(timeout=20)
                self.assertEqual(process.returncode, 130, err)
                document = json.loads(out)
                kit.validate_document(document)
                self.assertEqual(len(document["results"]), FULL)
                self.assertEqual(document["summary"]["unknown"], 0)
                self.assertGreater(document["summary"]["not_reached"], 0)
                self.assertEqual(json.loads(journal.read_text().splitlines()[-1])["exit_code"], 130)
                self.hold_truth(sim, journal, 0)
                shown = self.expect(0, "show", str(journal), "--format=json").json
                self.assertEqual([r["fate"] for r in shown["results"]], [r["fate"] for r in document["results"]])
                self.goes_on(sim, "--journal", str(journal))
                self.assertEqual(self.too_much(sim), [])

    def test_a_second_signal_ends_at_once(self):
        self.goal = self.manifest(wanted(self.zone, range(PARALLELISM)))
        sim, journal = self.org(latency=900), self.folder / "j.jsonl"
        process = self.start(sim, "--journal", str(journal))
        end = time.monotonic() + 20
        while not journal.exists() or '"intent"' not in journal.read_text():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        self.assertIsNone(process.poll(), "what is in flight has its time")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(10), 130)
        self.assertLess(time.monotonic() - began, 0.5)
        self.hold_truth(sim, journal, PARALLELISM)
        self.goes_on(sim)
        self.assertEqual(self.too_much(sim), [])


class CutOff(Kill):
    """Nobody takes the report: that is told, and costs no write."""

    def hold_all_done(self, sim, journal):
        self.hold_truth(sim, journal, 0)
        writes = self.writes(sim.log())
        self.assertEqual(len(writes), FULL)
        self.assertTrue(all(len(sent) == 1 for sent in writes.values()))
        self.expect(0, "plan", self.goal, "--allow-revoke", "--detailed-exitcode", server=sim)

    def test_a_reader_that_goes_away(self):
        """As in `zonepin apply | head -1`."""
        sim, journal = self.org(), self.folder / "j.jsonl"
        process = self.start(sim, "--journal", str(journal))
        self.wait_for_writes(sim, 20)
        process.stdout.close()
        err = process.stderr.read()
        self.assertEqual(process.wait(20), 1, err)
        self.assertIn(b"standard output could not be written", err)
        self.hold_all_done(sim, journal)

    def test_closed_from_the_start(self):
        for closed in ((1,), (0, 1), (0, 1, 2)):
            with self.subTest(closed):
                sim, journal = self.org(latency=1), self.folder / f"j{len(closed)}.jsonl"
                process = self.start(sim, "--journal", str(journal), stdout=None, before=lambda: [os.close(each) for each in closed])
                self.assertEqual(process.wait(20), 1)
                self.assertEqual([line[:1] for line in journal.read_text().splitlines() if line[:1] != "{"], [], "a report in the journal")
                self.hold_all_done(sim, journal)

    def test_a_full_device(self):
        with open("/dev/full", "wb") as full:
            sim, journal = self.org(latency=1), self.folder / "j.jsonl"
            process = self.start(sim, "--journal", str(journal), stdout=full)
            err = process.communicate(timeout=30)[1]
        self.assertEqual(process.returncode, 1, err)
        self.assertIn(b"no space left", err)
        self.hold_all_done(sim, journal)


class Journals(Kill):
    """A journal that can't be kept: no write leaves that it does not know of."""

    def test_a_disk_that_runs_full(self):
        whole = self.folder / "whole.jsonl"
        self.assertEqual(self.start(self.org(latency=1), "--journal", str(whole), stdout=subprocess.DEVNULL).wait(30), 0)
        size = whole.stat().st_size
        for share, disposition in ((0, "SIG_DFL"), (0.1, "SIG_DFL"), (0.4, "SIG_DFL"), (0.6, "SIG_IGN"), (0.99, "SIG_DFL")):
            with self.subTest(share=share, disposition=disposition):
                sim, journal = self.org(latency=1), self.folder / f"full-{share}.jsonl"

                def little_room():
                    signal.signal(signal.SIGXFSZ, getattr(signal, disposition))
                    resource.setrlimit(resource.RLIMIT_FSIZE, (int(share * size), resource.RLIM_INFINITY))

                process = self.start(sim, "--journal", str(journal), before=little_room)
                out, err = process.communicate(timeout=30)
                self.assertIn(b"the journal can't be kept any more", err)
                document = json.loads(out)
                kit.validate_document(document)
                done = document["summary"]["done"]
                self.assertEqual(process.returncode, 1 if done == 0 else 6 if done < FULL else 0, err)
                if share < 0.9:
                    self.assertGreater(document["summary"]["not_reached"], 0)
                self.hold_truth(sim, journal, PARALLELISM)
                if share <= 0.1:
                    self.assertEqual(dict(self.writes(sim.log())), {})
                self.goes_on(sim, "--journal", str(journal))
                self.assertEqual(self.too_much(sim), [])
                self.expect(0, "show", str(journal))

    def test_no_place_for_a_journal(self):
        self.write("notes.txt", "my notes\n")
        sim = self.org(latency=0)
        for name, code, word in (("no/such/folder/j.jsonl", 3, "no such"), (".", 3, "directory"), ("notes.txt", 3, "something else"),
                                 (pathlib.Path(self.goal).name, 3, "something else"), ("/dev/full", 1, "no space left")):
            with self.subTest(name):
                before = {path: path.read_bytes() for path in self.folder.glob("*.*") if path.suffix in (".txt", ".yaml")}
                outcome = self.expect(code, *self.command("--journal", name)[1:], server=sim)
                self.assertIn(word, outcome.err)
                self.assertEqual(dict(self.writes(sim.log())), {})
                self.assertEqual({path: path.read_bytes() for path in before}, before)

    def test_one_journal_is_for_one_run_at_a_time(self):
        sim, other, journal = self.org(latency=50), self.org(latency=0), self.folder / "j.jsonl"
        process = self.start(sim, "--journal", str(journal))
        self.wait_for_writes(sim, 1)
        outcome = self.expect(3, *self.command("--journal", str(journal))[1:], server=other)
        self.assertIn("another run", outcome.err)
        self.assertEqual(dict(self.writes(other.log())), {})
        self.assertEqual(process.wait(30), 0)
        self.hold_truth(sim, journal, 0)


if __name__ == "__main__":
    kit.main()
