"""zonepin explain: who decides for a token, and what would change it."""

import kit


class Explain(kit.Case):
    def setUp(self):
        super().setUp()
        tokens = [kit.token(1, name="a"), kit.token(2, name="twin"), kit.token(3, name="twin"), kit.token(4, name="free")]
        self.org = self.rude_org(tokens, [kit.zone(1)])
        self.path = self.manifest("tokens:\n  - name: a\n    network: { connection: ZONE, include: [zone-1] }\n"
                                  "  - name: twin\n    ignore: true\n  - name: fre\n    ignore: true\n"
                                  "rules:\n  - match: { name: \"*\" }\n    network: { connection: ANYWHERE }\n")

    def explain(self, subject, code=0, *options):
        return self.expect(code, "explain", subject, self.path, *options, server=self.org.server)

    def test_the_one_who_decides_and_those_who_do_not(self):
        for subject in ("a", kit.token(1)["id"]):
            text = self.explain(subject).flat
            self.assertIn("decides entry by name m.yaml:4 ZONE, only from \"zone-1\"".replace("m.yaml", self.path), text)
            self.assertIn(f"overruled rule {self.path}:11", text)
            self.assertIn("so it is replace, tighten", text)
            self.assertIn(f"to change edit {self.path}:4", text)
        self.assertIn("decides rule", self.explain("free").flat)

    def test_two_tokens_of_one_name_are_both_explained(self):
        document = self.explain("twin", 0, "--format", "json").json
        self.assertEqual([(e["id"], e["status"]) for e in document["explanations"]],
                         [(kit.token(2)["id"], "ambiguous"), (kit.token(3)["id"], "ambiguous")])

    def test_an_entry_without_a_token_is_explained(self):
        document = self.explain("fre", 0, "--format", "json").json
        (explanation,) = document["explanations"]
        self.assertEqual((explanation["live"], explanation["status"]), (False, "missing"))
        self.assertIn('did you mean "free"', explanation["note"])

    def test_the_owner_is_told_where_the_plan_had_to_ask(self):
        def before(request):
            if request.path.startswith("/api/v1/users/"):
                return 200, kit.REQUEST_ID, {"id": kit.token(1)["userId"], "profile": {"login": "ana@acme.example"}}
        self.org.before = before
        self.path = self.manifest("rules:\n  - match: { owner: \"*@acme.example\" }\n    ignore: true\n")
        self.assertIn(f"owner ana@acme.example ({kit.token(1)['userId']})", self.explain("a").flat)

    def test_nobody_has_the_name(self):
        self.hold_one_line(self.explain("twinn", 1), '"twinn"', 'did you mean "twin"')
        self.assertEqual({request.method for request in self.org.server.requests}, {"GET"})


if __name__ == "__main__":
    kit.main()
