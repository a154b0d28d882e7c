"""The recipes of docs/cookbook.md, acted out with their own manifests."""

import re
import shlex
import subprocess

import kit

PAGE = (kit.ROOT / "docs" / "cookbook.md").read_text()


def section(title):
    text = PAGE.split(f"\n## {title}", 1)[1]
    return text.split("\n## ", 1)[0]


def blocks(text, language):
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.M | re.S)
    return ["\n".join(line[len(indent):] for line in body.split("\n")) for indent, body in found]


class Cookbook(kit.Case):
    def block(self, title, number=0, org=None):
        text = blocks(section(title), "yaml")[number]
        if "apiVersion: " not in text:
            text = "apiVersion: zonepin/v1\nkind: ApiTokens\n" + text
        return text.replace("acme.okta.com", org) if org else text

    def changes(self, sim, *paths, code=0):
        document = self.expect(code, "plan", *paths, "--format", "json", server=sim).json
        return {change["id"][-2:]: change["status"] for change in document["resource_changes"]}

    def test_every_manifest_is_valid(self):
        for title in re.findall(r"^## (.*)$", PAGE, re.M):
            for number in range(len(blocks(section(title), "yaml"))):
                with self.subTest(title, number=number):
                    self.expect(0, "validate", self.write("one.yaml", self.block(title, number)))

    def test_every_command_is_one(self):
        for line in "\n".join(blocks(PAGE, "sh")).split("\n"):
            line = line.split("  #")[0]
            for command in re.findall(r"zonepin [^|>&]*", line):
                with self.subTest(command):
                    arguments = shlex.split(command)[1:]
                    known = self.expect(0, *[word for word in arguments[:2] if re.fullmatch("[a-z-]+", word) and (
                        word == arguments[0] or arguments[0] == "list")], "--help").out
                    for option in (word for word in arguments if word.startswith("--")):
                        self.assertIn(option + " ", known)

    def test_pin_everything_of_a_team(self):
        sim = self.sim("--demo")
        path = self.write("team.yaml", self.block("Pin everything", org=sim.authority))
        statuses = self.changes(sim, path)
        self.assertEqual({number for number, status in statuses.items() if status == "replace"}, {"04", "05", "07"})
        self.assertEqual(set(statuses.values()), {"replace", "unmanaged"})
        self.expect(0, "apply", path, "--auto-approve", server=sim)
        self.assertNotIn("replace", self.changes(sim, path).values())

    def test_quarantine_then_revoke(self):
        sim = self.sim("--demo")
        token = "00Tdemo0000000000013"
        sim.call("POST", "/api/v1/zones", {"type": "IP", "name": "quarantine", "status": "ACTIVE", "usage": "POLICY",
                                           "gateways": [{"type": "CIDR", "value": "192.0.2.255/32"}]})
        fence = next(line for line in "\n".join(blocks(section("Quarantine"), "sh")).split("\n") if line.startswith("zonepin fence"))
        (self.folder / "manifests").mkdir()
        self.expect(0, *shlex.split(fence)[1:], "--auto-approve", server=sim)
        self.assertEqual(self.changes(sim, "manifests")["13"], "unchanged")
        self.manifest("tokens:\n  - name: laptop-test\n    network: { connection: ANYWHERE }\n", "manifests/other.yaml")
        self.assertEqual(self.changes(sim, "manifests")["13"], "unchanged", "the entry by id comes first")
        self.write("manifests/sec-77.yaml", self.block("Quarantine"))
        self.expect(0, "plan", "manifests", "--out", "plan.json", server=sim)
        self.expect(0, "apply", "--plan", "plan.json", "--allow-revoke", server=sim)
        self.assertNotIn(token, [live["id"] for live in sim.call("GET", "/api/v1/api-tokens")])

    def test_rotate_a_token(self):
        sim = self.sim("--demo")
        by_name = self.manifest("tokens:\n  - name: hr-sync\n    network: { connection: ZONE, include: [corp-offices] }\n", "by-name.yaml")
        self.assertEqual(self.changes(sim, by_name, code=6)["07"], "ambiguous")
        text = self.block("Rotate")
        waiting = self.write("rotate.yaml", re.sub("not_before: .*", "not_before: 2099-12-20", text))
        statuses = self.changes(sim, waiting)
        self.assertEqual((statuses["07"], statuses["08"]), ("waiting", "replace"))
        self.expect(0, "apply", waiting, "--auto-approve", "--allow-revoke", server=sim)
        due = self.write("due.yaml", re.sub("not_before: .*", "not_before: 2026-01-01", text))
        outcome = self.expect(4, "apply", due, "--auto-approve", "--allow-revoke", server=sim)
        self.assertIn("recently-used", outcome.out + outcome.err)

    def test_preview_and_production_from_one_file(self):
        sims = self.many_sims(2, "--tokens", "30", "--zones", "8")
        production, preview = sims.authorities
        text = self.block("Preview", org=production).replace("[data-vpc]", "[ALL_IP_ZONES]").replace("etl-*", "*")
        path = self.write("both.yaml", text.replace("limits: { revoke: 5, update_pct: 10 }", "limits: { update_pct: 10 }"))
        env = self.env(**sims.env)
        document = self.expect(0, "plan", path, "--org", "http://" + preview, "--format", "json", env=env).json
        self.assertEqual([org["host"] for org in document["orgs"]], [preview])
        self.assertNotIn("update_pct", [guard["name"] for guard in document["guards"]])
        both = self.expect(0, "plan", path, "--org", "http://" + preview, "--org", "http://" + production, "--format", "json", env=env).json
        self.assertEqual(sorted(org["host"] for org in both["orgs"]), sorted(sims.authorities))
        self.assertIn("update_pct", [guard["name"] for guard in both["guards"]])

    def test_the_stig(self):
        sim = self.sim("--demo")
        (command,) = blocks(section("The STIG"), "sh")
        listed = self.expect(0, *shlex.split(command.split("|")[0])[1:], server=sim)
        query = re.search(r"jq -r '(.*)'", command).group(1)
        try:
            rows = subprocess.run(["jq", "-r", query], input=listed.out, capture_output=True, text=True, timeout=30).stdout.splitlines()
        except FileNotFoundError:
            rows = None  # a machine without jq
        if rows is not None:
            self.assertEqual(len(rows), 9)
        path = self.write("stig.yaml", self.block("The STIG", org=sim.authority))
        statuses = self.changes(sim, path)
        self.assertEqual(statuses["12"], "ignored")
        self.assertEqual(set(statuses.values()), {"replace", "unchanged", "ignored"} & set(statuses.values()))
        self.assertNotIn("unmanaged", statuses.values())


if __name__ == "__main__":
    kit.main()
