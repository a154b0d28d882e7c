"""can-i: what it says of now and of afterwards is what an org does that holds its callers to their conditions."""

import http.client
import ipaddress
import json
import subprocess
import time

import kit

NOW = "2026-01-01T00:00:00.000Z"
PLANNED = """unmanaged: ignore
tokens:
  - name: ci-deployer
    network: { connection: ZONE, include: [ci-runners] }
  - name: siem-forwarder
    network: { connection: ZONE, include: [corp-offices, data-vpc] }
  - name: old-backup
    state: revoked
    reason: SEC-123
"""


def answers(outcome):
    return {answer["id"]: answer for org in outcome.json["orgs"] for answer in org["answers"]}


def grounds(answer, when):
    return [ground["message"] for address in answer[when]["addresses"] for ground in address["grounds"]]


class Ask:
    """Whether a simulator that believes X-Forwarded-For lets a secret in from an address."""

    def __init__(self, sim):
        self.connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=10)

    def close(self):
        self.connection.close()

    def lets_in(self, secret, address):
        self.connection.request("GET", "/api/v1/users/me", headers={"Authorization": "SSWS " + secret, "X-Forwarded-For": address})
        answer = self.connection.getresponse()
        answer.read()
        if answer.status not in (200, 401):
            raise AssertionError(f"{answer.status} from {address}")
        return answer.status == 200


def edges(zones):
    """The first and last address of every gateway, and those next to them."""
    found = set()
    for zone in zones:
        for gateway in zone.get("gateways") or []:
            first, _, last = gateway["value"].partition("-")
            if "/" in first:
                network = ipaddress.ip_network(first, strict=False)
                ends = [network[0], network[-1]]
            else:
                ends = [ipaddress.ip_address(first), ipaddress.ip_address(last or first)]
            found |= {str(ends[0] - 1), str(ends[0]), str(ends[1]), str(ends[1] + 1)}
    return sorted(found)


class AgreesWithTheOrg(kit.Case):
    def org(self, *options, change=None):
        state = json.loads(subprocess.run([kit.ZONEPIN_SIM, *options, "--print-state"], check=True, capture_output=True).stdout)
        # The simulator has no wall before the org: what a BLOCKLIST zone does is held to the unit tests.
        state["zones"] = [zone for zone in state["zones"] if zone["usage"] != "BLOCKLIST"]
        for user in state["users"]:
            user["status"] = "ACTIVE"
        if change:
            change(state)
        path = self.write("state.json", json.dumps(state))
        sim = self.sim("--state", path, "--trust-forwarded", "--rate", "1000000")
        self.secrets |= {token["secret"] for token in state["tokens"] if token.get("secret")}
        (self.folder / "state.json").unlink()
        return sim, state

    def compare(self, sim, state, addresses, when, *arguments):
        """Returns how many definite answers were compared, and how many were unknown."""
        ask = Ask(sim)
        self.addCleanup(ask.close)
        definite = unknown = 0
        for address in addresses:
            outcome = self.run_program("can-i", "--ip", address, *arguments, "--format=json", server=sim)
            found = answers(outcome)
            counts = {"allowed": 0, "unknown": 0, "denied": 0}
            for token in state["tokens"]:
                verdict = found[token["id"]]["verdict"] if token["id"] in found else "allowed"
                counts[verdict] += 1
                if verdict == "unknown":
                    unknown += 1
                    continue
                definite += 1
                self.assertEqual(ask.lets_in(token["secret"], address), verdict == "allowed", f"{token['name']} from {address}\n{token}")
            self.assertEqual(outcome.json["orgs"][0][when], counts)
            self.assertEqual(outcome.code, 4 if counts["denied"] else 9 if counts["unknown"] else 0)
        return definite, unknown

    def test_a_generated_org(self):
        sim, state = self.org("--tokens", "40", "--zones", "14", "--seed", "5")
        addresses = edges(state["zones"])
        self.assertGreater(len(addresses), 30)
        definite, unknown = self.compare(sim, state, addresses[::2] + ["::1", "198.51.100.1"], "now")
        self.assertGreater(definite, 500)
        self.assertEqual(unknown, 0)
        self.assertEqual(set(sim.methods()), {"GET"})

    def test_every_kind_of_condition(self):
        def change(state):
            zones = {zone["name"]: zone["id"] for zone in state["zones"]}
            networks = [
                None, {"connection": "ANYWHERE"}, {"connection": "ZONE", "include": ["ALL_ZONES"]}, {"connection": "ZONE", "exclude": ["ALL_IP_ZONES"]},
                {"connection": "ZONE", "include": [zones["corp-offices"], zones["partner-countries"]]}, {"connection": "ZONE", "exclude": [zones["old-vpn"]]},
                {"connection": "ZONE", "include": ["nzogone0000000000001"]}, {"connection": "ZONE", "exclude": [zones["ci-runners"], zones["data-vpc"]]},
                {"connection": "ZONE", "include": [zones["ci-runners"], zones["data-vpc"]]}]
            for token, network in zip(state["tokens"][1:], networks):
                token.pop("network", None)
                if network:
                    token["network"] = network
        sim, state = self.org("--demo", change=change)
        definite, unknown = self.compare(sim, state, edges(state["zones"]), "now")
        self.assertGreater(definite, 200)
        self.assertGreater(unknown, 20)

    def test_after_an_apply(self):
        sim, state = self.org("--demo")
        manifest = self.manifest(PLANNED)
        self.expect(0, "plan", manifest, "--out", "plan.json", server=sim)
        addresses = ["192.0.2.7", "198.51.100.7", "203.0.113.10", "203.0.113.211", "2001:db8:1::1", "8.8.8.8"]
        said = {}
        for address in addresses:
            by_plan = self.run_program("can-i", "--ip", address, "--plan", "plan.json", "--format=json", server=sim)
            by_manifest = self.run_program("can-i", "--ip", address, manifest, "--format=json", server=sim)
            self.assertEqual(by_plan.json, by_manifest.json)
            self.assertEqual(by_plan.code, 4)
            said[address] = answers(by_plan)
        self.assertEqual(set(sim.methods()), {"GET"})
        self.expect(0, "apply", "--plan", "plan.json", "--allow-revoke", server=sim)
        ask = Ask(sim)
        self.addCleanup(ask.close)
        for address in addresses:
            for token in state["tokens"]:
                verdict = said[address].get(token["id"], {"verdict": "allowed"})["verdict"]
                self.assertNotEqual(verdict, "unknown")
                self.assertEqual(ask.lets_in(token["secret"], address), verdict == "allowed", f"{token['name']} from {address}")

    def test_zonepin_s_own_token(self):
        """What can-i says of the token in use is what becomes of the next command from there."""
        _, state = self.org("--demo")
        path = self.write("state.secret", json.dumps(state))
        secret = next(token["secret"] for token in state["tokens"] if token["name"] == "terraform-prod")
        for address, code in (("203.0.113.200", 0), ("203.0.113.211", 7)):
            asked = self.sim("--state", path)
            self.expect(0 if code == 0 else 4, "can-i", "--token", "terraform-prod", "--ip", address, server=asked)
            there = self.sim("--state", path, "--caller", address)
            self.expect(code, "list", "zones", env=self.env(there, OKTA_API_TOKEN=secret))


class Command(kit.Case):
    def setUp(self):
        super().setUp()
        self.org = self.sim("--demo")

    def ask(self, code, *arguments):
        return self.expect(code, "can-i", *arguments, server=self.org)

    def test_one_token(self):
        allowed = self.ask(0, "--token", "terraform-prod", "--ip", "203.0.113.10")
        self.assertIn('allowed from 203.0.113.10: "terraform-prod" 00Tdemo0000000000003', allowed.flat)
        self.assertIn('allowed: zone "ci-runners" (nzodemo0000000000002) holds it: 203.0.113.0/25', allowed.flat)
        self.assertEqual(sorted(self.org.methods()), ["GET", "GET"])
        denied = self.ask(4, "--token", "00Tdemo0000000000003", "--ip", "203.0.113.128")
        self.assertIn('denied: no zone of the condition holds it: "ci-runners"', denied.flat)
        blocked = self.ask(4, "--token", "ci-deployer", "--ip", "203.0.113.250")
        self.assertIn('BLOCKLIST zone "known-attackers" (nzodemo0000000000006) blocks it: 203.0.113.250-203.0.113.255', blocked.flat)

    def test_unknown(self):
        self.org.stop()
        org = self.rude_org([kit.token(1, network={"connection": "ZONE", "include": [kit.zone(1)["id"]]})],
                            [kit.zone(1, type="DYNAMIC", gateways=None, locations=[{"country": "AT", "region": None}])])
        outcome = self.expect(9, "can-i", "--token", "token-1", "--ip", "192.0.2.1", server=org.server)
        self.assertIn('unknown: can\'t be told: zone "zone-1" (nzorude0000000000001) is of type DYNAMIC', outcome.flat)
        self.expect(9, "can-i", "--ip", "192.0.2.1", server=org.server)
        for gateway, code in (("192.0.2.0/24", 0), ("198.51.100.7", 4), ("none", 4)):
            self.expect(code, "can-i", "--ip", "192.0.2.1", "--zone-override", "zone-1=" + gateway, server=org.server)

    def test_before_and_after(self):
        manifest = self.manifest(PLANNED)
        outcome = self.ask(4, "--token", "ci-deployer", "--ip", "8.8.8.8", manifest)
        self.assertIn("allowed now, denied after", outcome.flat)
        self.ask(0, "--token", "ci-deployer", "--ip", "203.0.113.10", manifest)
        revoked = self.ask(4, "--token", "old-backup", "--ip", "8.8.8.8", manifest)
        self.assertIn("after the token is to be revoked: SEC-123", revoked.flat)
        # The exit code is that of afterwards: siem-forwarder is kept out of corp-offices now.
        self.ask(4, "--token", "siem-forwarder", "--ip", "192.0.2.7")
        self.ask(0, "--token", "siem-forwarder", "--ip", "192.0.2.7", manifest)

    def test_several_addresses_and_a_whole_cidr(self):
        self.ask(0, "--token", "terraform-prod", "--ip", "203.0.113.0/25", "--ip", "203.0.113.200-203.0.113.210")
        outcome = self.ask(4, "--token", "terraform-prod", "--ip", "203.0.113.0/25", "--ip", "203.0.113.200-203.0.113.211", "--format=json")
        first, second = answers(outcome)["00Tdemo0000000000003"]["now"]["addresses"]
        self.assertEqual((first["verdict"], first["denied"]), ("allowed", []))
        self.assertEqual((second["verdict"], second["denied"], second["unknown"]), ("denied", ["203.0.113.211/32"], []))
        self.ask(0, "--token", "terraform-prod", "--ip", "::ffff:203.0.113.1")

    def test_zone_overrides(self):
        edit = ["--zone-override", "ci-runners=198.51.100.0/24, 2001:db8:9::/48"]
        self.ask(4, "--token", "terraform-prod", "--ip", "203.0.113.10", *edit)
        self.ask(0, "--token", "terraform-prod", "--ip", "198.51.100.9", *edit)
        self.ask(0, "--token", "terraform-prod", "--ip", "2001:db8:9::1", *edit)
        # Of a zone edit and a plan together: the plan pins it to a zone that is to be edited.
        manifest = self.manifest(PLANNED)
        self.ask(0, "--token", "ci-deployer", "--ip", "198.51.100.9", manifest, *edit)
        self.ask(4, "--token", "ci-deployer", "--ip", "203.0.113.10", manifest, *edit)
        # One that blocks.
        self.ask(0, "--token", "ci-deployer", "--ip", "203.0.113.250", "--zone-override", "known-attackers=none")
        self.ask(4, "--token", "ci-deployer", "--ip", "8.8.8.8", "--zone-override", "nzodemo0000000000006=8.8.8.8")

    def test_what_can_t_be_asked(self):
        for words, arguments in (
            (["no IP address", "1.2.3"], ["--ip", "1.2.3"]),
            (["host bits", "203.0.113.0/24", "203.0.113.7"], ["--ip", "203.0.113.7/24"]),
            (["--ip"], ["--token", "ci-deployer"]),
            (["--token", "empty"], ["--token", "", "--ip", "::1"]),
            (["no live token", 'did you mean "ci-deployer"?'], ["--token", "ci-deplyer", "--ip", "::1"]),
            (["no network zone", "ci-runer", 'did you mean "ci-runners"?'], ["--ip", "::1", "--zone-override", "ci-runer=10.0.0.0/8"]),
            (["NAME=CIDR"], ["--ip", "::1", "--zone-override", "ci-runners"]),
            (["missing", "none"], ["--ip", "::1", "--zone-override", "ci-runners="]),
            (["10.0.0.0/33"], ["--ip", "::1", "--zone-override", "ci-runners=10.0.0.0/8,10.0.0.0/33"]),
            (["overridden twice"], ["--ip", "::1", "--zone-override", "ci-runners=::1", "--zone-override", "nzodemo0000000000002=::2"]),
            (["--plan", "not both"], ["--ip", "::1", "--plan", "p.json", "m.yaml"]),
        ):
            with self.subTest(arguments=arguments):
                self.hold_one_line(self.ask(3, *arguments), *words)
                machine = self.ask(3, *arguments, "--format=json")
                self.assertEqual(len(machine.json["diagnostics"]), 1)
        ambiguous = self.ask(3, "--token", "hr-sync", "--ip", "::1")
        for word in ("2 live tokens", "00Tdemo0000000000007", "00Tdemo0000000000008", "owner 00udemo", "created 20", "last used about 20"):
            self.assertIn(word, ambiguous.err)
        self.assertEqual(ambiguous.out, "")

    def test_without_a_credential(self):
        """From a snapshot and a saved plan."""
        manifest = self.manifest(PLANNED)
        self.expect(0, "snapshot", "--out", "live.json", server=self.org)
        self.expect(0, "plan", manifest, "--out", "plan.json", server=self.org)
        env = self.env()
        live = self.run_program("can-i", "--ip", "8.8.8.8", "--plan", "plan.json", "--format=json", server=self.org)
        for arguments in (["--plan", "plan.json"], [manifest]):
            offline = self.run_program("can-i", "--ip", "8.8.8.8", "--live", "live.json", *arguments, "--format=json", env=env)
            self.assertEqual((offline.code, offline.json, offline.err), (live.code, live.json, ""))
        self.expect(0, "can-i", "--token", "ci-deployer", "--ip", "8.8.8.8", "--live", "live.json", env=env)
        other = self.sim("--demo")
        self.hold_one_line(self.expect(5, "can-i", "--ip", "::1", "--live", "live.json", "--org", other.url, env=env), "snapshot", other.authority)

    def test_a_plan_that_no_longer_fits(self):
        self.expect(0, "plan", self.manifest(PLANNED), "--out", "plan.json", "--plan-ttl", "1s", server=self.org)
        self.org.put_network("00Tdemo0000000000002", {"connection": "ZONE", "include": ["nzodemo0000000000003"]})
        time.sleep(1.1)
        outcome = self.ask(4, "--token", "ci-deployer", "--ip", "8.8.8.8", "--plan", "plan.json")
        self.assertIn("warning: plan.json ended at", outcome.err)
        self.assertIn("no longer fits", outcome.err)
        self.assertIn("denied now and after", outcome.flat)
        stranger = self.sim("--demo")
        foreign = self.expect(5, "can-i", "--ip", "::1", "--plan", "plan.json", server=stranger)
        self.assertIn(f"no credential for {self.org.authority}, which plan.json names", foreign.err)
        self.assertEqual(stranger.log(), [])
        changed = self.write("changed.json", (self.folder / "plan.json").read_text().replace("ci-deployer", "ci-deployes"))
        self.hold_one_line(self.expect(3, "can-i", "--ip", "::1", "--plan", changed, server=self.org), "changed.json")

    def test_two_orgs(self):
        other = self.sim("--demo")
        suffix = lambda sim: "OKTA_API_TOKEN__127_0_0_1_" + str(sim.port)  # noqa: E731
        env = self.env(**{suffix(self.org): self.org.secret, suffix(other): other.secret})
        both = ["--org", self.org.url, "--org", other.url]
        outcome = self.expect(4, "can-i", "--ip", "203.0.113.10", *both, "--format=json", env=env)
        self.assertEqual(sorted(org["org"] for org in outcome.json["orgs"]), sorted([self.org.authority, other.authority]))
        self.expect(3, "can-i", "--token", "ci-deployer", "--ip", "::1", *both, env=env)
        other.stop()
        half = self.expect(6, "can-i", "--token", "ci-deployer", "--ip", "::1", *both, "--format=json", "--timeout", "5s", env=env)
        self.assertEqual((half.json["verdict"], half.json["unread"]), ("allowed", [other.authority]))
        self.expect(4, "can-i", "--ip", "203.0.113.10", *both, "--timeout", "5s", env=env)


if __name__ == "__main__":
    kit.main()
