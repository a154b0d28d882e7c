"""Rules against a live org: a thousand tokens in twenty lines, and who decides for each."""

import datetime
import fnmatch
import json

import kit

RULES = """apiVersion: zonepin/v1
kind: ApiTokens
rules:
  - match: {{ client: "Okta * Agent" }}
    ignore: true
  - match: {{ name: "*-cleanup-*", client: "Okta API", age: P60D }}
    state: revoked
    reason: SEC-1, cleaned up by a service app now
  - match: {{ name: "etl-*", not: {{ name: "etl-sync-*" }} }}
    network: {{ connection: ZONE, include: [{0}] }}
  - match: {{ owner: "*@hr.acme.example" }}
    network: {{ connection: ZONE, include: [{1}, {0}] }}
  - match: {{ name: "siem-[p-s]*", connection: ANYWHERE }}
    network: {{ connection: ZONE, exclude: [{1}] }}
  - match: {{ name: "siem-[p-s]*", connection: ZONE }}
    network: {{ connection: ANYWHERE }}
default: {{ network: {{ connection: ZONE, include: [{2}] }} }}
"""


def network(connection, **lists):
    return {"network": {"connection": connection, **lists}}


def fits(token, glob):
    return fnmatch.fnmatchcase(token["name"], glob)


def decision(token, login, zones, now):
    """What RULES say, worked out anew. None: two of them contradict each other."""
    created = datetime.datetime.fromisoformat(token["created"].replace("Z", "+00:00"))
    client = token.get("clientName", "")
    if fnmatch.fnmatchcase(client, "Okta * Agent"):
        return {"ignore": True}
    if fits(token, "*-cleanup-*") and client == "Okta API" and created + datetime.timedelta(days=60) <= now:
        return {"state": "revoked", "reason": "SEC-1, cleaned up by a service app now"}
    wanted = []
    if fits(token, "etl-*") and not fits(token, "etl-sync-*"):
        wanted.append(network("ZONE", include=[zones[0]]))
    if login.endswith("@hr.acme.example"):
        wanted.append(network("ZONE", include=[zones[1], zones[0]]))
    if fits(token, "siem-[p-s]*"):
        anywhere = token.get("network", {}).get("connection", "ANYWHERE") == "ANYWHERE"
        wanted.append(network("ZONE", exclude=[zones[1]]) if anywhere else network("ANYWHERE"))
    if len(wanted) > 1:
        return None
    return wanted[0] if wanted else network("ZONE", include=[zones[2]])


def without(value, *names):
    """A document without fields of these names, wherever they stand."""
    if isinstance(value, dict):
        return {key: without(member, *names) for key, member in value.items() if key not in names}
    if isinstance(value, list):
        return [without(member, *names) for member in value]
    return value


class ThousandTokens(kit.Case):
    def test_twenty_lines_and_a_thousand_entries_make_one_plan(self):
        sim = self.sim("--tokens", "1000", "--zones", "12", "--seed", "5")
        now = datetime.datetime.now(datetime.timezone.utc)
        tokens = sim.call("GET", "/api/v1/api-tokens")
        zones = sorted(zone["name"] for zone in sim.call("GET", "/api/v1/zones?limit=200")
                       if (zone["type"], zone["status"], zone["usage"], zone["system"]) == ("IP", "ACTIVE", "POLICY", False))
        self.assertEqual(len(tokens), 1000)
        self.assertGreaterEqual(len(zones), 3)
        logins = {user: sim.call("GET", "/api/v1/users/" + user)["profile"]["login"] for user in {token["userId"] for token in tokens}}

        text = RULES.format(*zones)
        self.assertLessEqual(len(text.splitlines()), 20)
        rules = self.write("rules.yaml", text)
        document = {"apiVersion": "zonepin/v1", "kind": "ApiTokens", "tokens": []}
        torn = set()
        for token in tokens:
            wanted = decision(token, logins[token["userId"]], zones, now)
            if wanted is None:
                torn.add(token["id"])
                continue
            document["tokens"].append({"id": token["id"], **wanted})
        entries = self.write("entries.yaml", json.dumps(document))

        by_rules, by_entries = (
            self.expect(code, "plan", path, "--format", "json", server=sim).json
            for code, path in ((6 if torn else 0, rules), (0, entries)))
        conflicts = {change["id"] for change in by_rules["resource_changes"] if change["status"] == "conflict"}
        self.assertEqual(conflicts, torn)
        self.assertLess(len(torn), 20)
        shown = [without([change for change in plan["resource_changes"] if change["id"] not in torn], "source", "decided_by")
                 for plan in (by_rules, by_entries)]
        self.assertEqual(shown[0], shown[1])
        statuses = {change["status"] for change in shown[0]}
        self.assertLessEqual({"replace", "revoke", "unchanged", "ignored"}, statuses)
        for part in ("digest", "zones", "guards"):
            self.assertEqual(without(by_rules[part], "source", "lift"), without(by_entries[part], "source", "lift"), part)
        if not torn:
            self.assertEqual(by_rules["summary"], by_entries["summary"])

    def test_entries_by_name_make_the_same_plan_as_a_rule(self):
        tokens = [kit.token(n, name=f"svc-{n}") for n in range(40)]
        org = self.rude_org(tokens, [kit.zone(1)])
        want = "network: { connection: ZONE, include: [zone-1] }"
        rule = self.manifest(f"rules:\n  - match: {{ name: \"svc-*\" }}\n    {want}\n", "rule.yaml")
        named = self.manifest("tokens:\n" + "".join(f"  - name: svc-{n}\n    {want}\n" for n in range(40)), "named.yaml")
        default = self.manifest(f"default: {{ {want} }}\n", "default.yaml")
        plans = [without(self.expect(0, "plan", path, "--format", "json", server=org.server).json,
                         "source", "decided_by", "checksum", "created_at", "expires_at") for path in (rule, named, default)]
        self.assertEqual([change["status"] for change in plans[0]["resource_changes"]], ["replace"] * 40)
        self.assertEqual(plans[0], plans[1])
        self.assertEqual(plans[0], plans[2])


class NamesLikeOtherThings(kit.Case):
    """A token may be called whatever YAML takes for a number, a boolean or nothing: in quotes it is that name."""

    NAMES = ["123", "true", "1e3", "~", "null", "yes", "017", "0x1F", "1:30", ".inf", "-1", "<<", "2026-12-31", "=", "No", "0o17", "1_000"]

    def test_they_are_matched_in_every_way_to_quote(self):
        org = self.rude_org([kit.token(n, name=name) for n, name in enumerate(self.NAMES)], [kit.zone(1)])
        want = "    network: { connection: ZONE, include: [zone-1] }\n"
        for quote in ("\"{}\"", "'{}'", "!!str {}", "|-\n      {}"):
            with self.subTest(quote):
                path = self.manifest("tokens:\n" + "".join(f"  - name: {quote.format(name)}\n{want}" for name in self.NAMES))
                changes = self.expect(0, "plan", path, "--format", "json", server=org.server).json["resource_changes"]
                self.assertEqual(sorted((change["name"], change["status"]) for change in changes),
                                 sorted((name, "replace") for name in self.NAMES))

    def test_a_rule_matches_them(self):
        org = self.rude_org([kit.token(n, name=name) for n, name in enumerate(self.NAMES)], [kit.zone(1)])
        path = self.manifest("rules:\n" + "".join(
            f"  - match: {{ name: '{name}' }}\n    min: 1\n    max: 1\n    ignore: true\n" for name in self.NAMES))
        changes = self.expect(0, "plan", path, "--format", "json", server=org.server).json["resource_changes"]
        self.assertEqual([change["status"] for change in changes], ["ignored"] * len(self.NAMES))

    def test_as_they_are_they_are_refused_or_texts(self):
        texts = ["yes", "1:30", "No", "2026-12-31", "=", "1_000"]  # in YAML 1.2
        for name in self.NAMES:
            with self.subTest(name):
                path = self.manifest(f"tokens:\n  - name: {name}\n    ignore: true\n")
                if name in texts or name == "<<":
                    self.expect(0, "validate", path)
                else:
                    outcome = self.expect(3, "validate", path)
                    self.assertIn("name must be a text", outcome.err)


if __name__ == "__main__":
    kit.main()
