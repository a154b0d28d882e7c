"""Holds every request that zonepin makes and every answer that zonepin-sim gives against okta_api.json.

usage: okta_contract.py ZONEPIN ZONEPIN_SIM OKTA_API_JSON
With the environment variable OKTA_OPENAPI naming Okta's own API document (YAML), okta_api.json is held against that, too.
"""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import jsonschema
import yaml

from recorder import Recorder

ZONEPIN, SIM, DESCRIPTION = sys.argv[1:4]
API = json.load(open(DESCRIPTION, encoding="utf-8"))
failures = []
checked = 0


def fail(where, why):
    failures.append(f"{where}: {why}")


def path_pattern(path):
    return re.compile("^" + re.sub(r"\\{\w+\\}|\{\w+\}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}")) + "$")


def operation_of(method, path):
    exact = [o for o in API["operations"] if o["method"] == method and o["path"] == path]
    if exact:
        return exact[0]
    matching = [o for o in API["operations"] if o["method"] == method and path_pattern(o["path"]).match(path)]
    return matching[0] if matching else None


def schema_named(schema):
    if isinstance(schema, str):
        schema = {"$ref": f"#/schemas/{schema}"}
    return {**schema, "schemas": API["schemas"]}


def check_json(where, text, schema):
    try:
        document = json.loads(text)
    except ValueError as error:
        return fail(where, f"is no JSON: {error}")
    for error in jsonschema.Draft7Validator(schema_named(schema)).iter_errors(document):
        fail(where, f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")


def check_request(exchange, operation):
    where = f"request {exchange}"
    allowed = operation.get("client_sends", {}).get("query", operation.get("query", []))
    cursor_followed = "after" in exchange.query  # links are followed as they are given
    for name in exchange.query:
        if name not in allowed and not cursor_followed:
            fail(where, f"sends the query parameter {name}")
    if exchange.headers.get("Accept") != "application/json":
        fail(where, "does not accept application/json")
    if not exchange.headers.get("User-Agent", "").startswith("zonepin/"):
        fail(where, "does not say who it is")
    if "body" in operation:
        check_json(where, exchange.body, operation["body"])
        if exchange.headers.get_content_type() != "application/json":
            fail(where, "its body is not marked as JSON")
    elif "form" in operation:
        check_form(where, exchange, operation)
    elif exchange.body:
        fail(where, "has a body")


def jwt_part(token, number):
    part = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def check_form(where, exchange, operation):
    fields = {name: value for name, value in urllib.parse.parse_qsl(exchange.body.decode(), strict_parsing=True)}
    check_json(where, json.dumps(fields), operation["form"])
    if exchange.headers.get_content_type() != "application/x-www-form-urlencoded":
        fail(where, "its body is not marked as a form")
    if exchange.headers.get("Authorization"):
        fail(where, "sends a credential beside the assertion")
    header, claims = (jwt_part(fields["client_assertion"], number) for number in (0, 1))
    check_json(where, json.dumps(header), "AssertionHeader")
    check_json(where, json.dumps(claims), "AssertionClaims")
    if claims["aud"] != "http://" + exchange.headers["Host"] + exchange.path:
        fail(where, f"is meant for {claims['aud']}")
    if claims["exp"] - claims["iat"] != 300:
        fail(where, "its assertion does not live 5 minutes")
    use_once(where, "assertion", claims["jti"])


used = set()


def use_once(where, what, jti):
    if (what, jti) in used:
        fail(where, f"uses the jti of its {what} again")
    used.add((what, jti))


def check_proof(exchange):
    """RFC 9449: one for each request under DPoP, made for it and for no other."""
    where = f"request {exchange}"
    authorization, proof = exchange.headers.get("Authorization") or "", exchange.headers.get("DPoP")
    if authorization.startswith("DPoP ") != bool(proof) and exchange.path != "/oauth2/v1/token":
        fail(where, "has a proof without a bound token, or a bound token without a proof")
    if not proof:
        return
    header, claims = jwt_part(proof, 0), jwt_part(proof, 1)
    check_json(where, json.dumps(header), "ProofHeader")
    check_json(where, json.dumps(claims), "ProofClaims")
    if (claims["htm"], claims["htu"]) != (exchange.method, "http://" + exchange.headers["Host"] + exchange.path):
        fail(where, f"its proof is for {claims['htm']} {claims['htu']}")
    hashed = base64.urlsafe_b64encode(hashlib.sha256(authorization.partition(" ")[2].encode()).digest()).decode().rstrip("=")
    if claims.get("ath") != (hashed if authorization else None):
        fail(where, "its proof is for another access token")
    use_once(where, "proof", claims["jti"])


def is_refused_proof(exchange):
    """Refusals of a proof have an empty body, and the reason in a header (FACTS 6.3)."""
    return exchange.status in (400, 401) and not exchange.answer and (exchange.headers.get("Authorization") or "").startswith("DPoP ")


def check_answer(exchange, operation):
    where = f"answer {exchange}"
    if is_refused_proof(exchange):
        if not re.match('DPoP .*error="(invalid_dpop_proof|use_dpop_nonce|invalid_token)"', exchange.answer_headers.get("WWW-Authenticate") or ""):
            fail(where, "does not say why the proof is refused")
        return
    if operation["id"] == "token" and b'"use_dpop_nonce"' in exchange.answer and not exchange.answer_headers.get("DPoP-Nonce"):
        fail(where, "asks for a nonce and gives none")
    if str(exchange.status) not in operation["responses"]:
        return fail(where, "has a status that this operation does not have")
    if not exchange.answer_headers.get("X-Okta-Request-Id"):
        fail(where, "has no X-Okta-Request-Id")
    for name in ("X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset"):
        if not (exchange.answer_headers.get(name) or "").isdigit():
            fail(where, f"has no {name}")
    schema = operation["responses"][str(exchange.status)]
    if schema is None:
        if exchange.answer:
            fail(where, "has a body")
    else:
        check_json(where, exchange.answer, schema)


def check(exchanges):
    global checked
    for exchange in exchanges:
        checked += 1
        operation = operation_of(exchange.method, exchange.path)
        if operation is None:
            fail(str(exchange), "is no operation of the API")
            continue
        check_request(exchange, operation)
        check_proof(exchange)
        check_answer(exchange, operation)


class Simulator:
    def __init__(self, *options):
        self.process = subprocess.Popen([SIM, "--demo", "--port", "0", *options], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])
        self.token = self.process.stdout.readline().strip().split("=", 1)[1]
        self.app = {}  # the environment of the service app of --app-key-out
        if "--app-key-out" in options:
            self.app = dict(self.process.stdout.readline().strip().split("=", 1) for _ in range(3))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


def environment(url, token):
    keep = {name: value for name, value in os.environ.items() if not name.startswith("OKTA_")}
    credential = token if isinstance(token, dict) else {"OKTA_API_TOKEN": token}
    return {**keep, "OKTA_CLIENT_ORGURL": url, **credential, "no_proxy": "127.0.0.1"}


MANIFEST = """
apiVersion: zonepin/v1
kind: ApiTokens
tokens:
  - { name: ci-deployer, network: { connection: ZONE, include: [ci-runners] } }
  - { name: etl-nightly, network: { connection: ZONE, exclude: [corp-offices] } }
  - { name: terraform-prod, network: { connection: ANYWHERE } }
  - { name: hr-sync, owner: nobody@acme.example, network: { connection: ANYWHERE } }
  - { name: old-backup, state: revoked, reason: contract }
"""


def run(url, token, *arguments, code=0):
    done = subprocess.run([ZONEPIN, *arguments], env=environment(url, token), capture_output=True, text=True, timeout=60)
    if done.returncode != code:
        fail(f"zonepin {' '.join(arguments)}", f"left with {done.returncode}, not {code}: {done.stderr[:400]}")


def story(options, folder, token=None, code=0, commands=None):
    manifest = os.path.join(folder, "contract.yaml")
    with open(manifest, "w", encoding="utf-8") as file:
        file.write(MANIFEST)
    with Simulator(*options) as simulator, Recorder(simulator.port) as recorder:
        for arguments in commands or [
            ("list", "tokens"), ("list", "zones"), ("get", "00Tdemo0000000000002"), ("plan", manifest),
            ("apply", manifest, "--auto-approve", "--allow-revoke", "--ack", "loosen-wide:00Tdemo0000000000003"), ("doctor",), ("revoke", "--current", "--auto-approve"),
        ]:
            run(recorder.url, token or simulator.token, *arguments, code=code)
        check(recorder.exchanges)
        return {(e.method, operation_of(e.method, e.path)["id"], e.status) for e in recorder.exchanges if operation_of(e.method, e.path)}


def oauth_stories(folder):
    """The same as a service app: each key kind, with and without DPoP, and what the token endpoint refuses."""
    seen = set()
    manifest = os.path.join(folder, "contract.yaml")
    commands = [("list", "tokens"), ("list", "zones"), ("get", "00Tdemo0000000000002"), ("plan", manifest),
                ("apply", manifest, "--auto-approve", "--allow-revoke", "--ack", "loosen-wide:00Tdemo0000000000003"), ("doctor",)]
    for algorithm, dpop, *more in [("RS256", "optional"), ("ES256", "optional"), ("ES256", "required"), ("RS256", "required"),
                                   ("ES256", "required", "--choice", "apiNonce=required")]:
        key = os.path.join(folder, f"{algorithm}-{dpop}-{len(more)}.pem")
        options = ("--app-key-out", key, "--app-key-type", algorithm, "--app-dpop", dpop, *more)
        with Simulator(*options) as simulator, Recorder(simulator.port) as recorder:
            for arguments in commands:
                run(recorder.url, simulator.app, *arguments)
            refused = [(401, {"OKTA_API_PRIVATE_KEY_ID": "other"}), (401, {"OKTA_API_CLIENT_ID": "0oanobody"}), (400, {"OKTA_API_SCOPES": "okta.logs.read"})]
            for status, changes in refused:
                run(recorder.url, {**simulator.app, **changes}, "list", "tokens", code=7)
                seen.add(("refused", status))
            check(recorder.exchanges)
            for exchange in recorder.exchanges:
                operation = operation_of(exchange.method, exchange.path)
                scheme = (exchange.headers.get("Authorization") or "none").split()[0]
                seen.add((operation["id"] if operation else None, scheme, bool(exchange.headers.get("DPoP")), exchange.status))
    for wanted in [("token", "none", False, 200), ("token", "none", False, 400), ("token", "none", True, 400), ("token", "none", True, 200),
                   ("token", "none", False, 401), ("upsertApiToken", "Bearer", False, 200), ("upsertApiToken", "DPoP", True, 200),
                   ("revokeApiToken", "DPoP", True, 204)]:
        if wanted not in seen:
            fail(str(wanted), f"did not happen: this test does not reach it ({sorted(map(str, seen))})")


def refusals():
    """Answers that zonepin's own requests do not provoke."""
    with Simulator("--rate", "6") as simulator, Recorder(simulator.port) as recorder:
        good = {"Authorization": f"SSWS {simulator.token}", "Accept": "application/json", "Content-Type": "application/json",
                "User-Agent": "zonepin/contract"}
        body = json.dumps({"name": "ci-deployer", "network": {"connection": "ZONE", "include": ["nzonothere0000000000"]}})
        requests = [("PUT", "/api/v1/api-tokens/00Tdemo0000000000002", body, 400), ("GET", "/api/v1/api-tokens/00Tnothere00000000000", None, 404),
                    ("DELETE", "/api/v1/api-tokens/00Tnothere00000000000", None, 404)] + [("GET", "/api/v1/zones?limit=1", None, None)] * 6
        statuses = []
        for method, target, text, wanted in requests:
            request = urllib.request.Request(recorder.url + target, method=method, headers=good, data=text.encode() if text else None)
            try:
                status = urllib.request.urlopen(request, timeout=30).status
            except urllib.error.HTTPError as error:
                status = error.code
            statuses.append(status)
            if wanted and status != wanted:
                fail(f"{method} {target}", f"answered {status}, not {wanted}")
        if 429 not in statuses:
            fail("the rate limit", f"was never reached: {statuses}")
        check(recorder.exchanges)


def check_against_published(path):
    published = yaml.safe_load(open(path, encoding="utf-8"))
    for operation in API["operations"]:
        unpublished = operation.get("unpublished", {})
        if unpublished.get("operation"):
            continue
        wanted = re.sub(r"\{\w+\}", "{}", operation["path"])
        found = [item for key, item in published["paths"].items() if re.sub(r"\{\w+\}", "{}", key) == wanted]
        if not found or operation["method"].lower() not in found[0]:
            fail(operation["id"], "is not in the published document")
            continue
        theirs = found[0][operation["method"].lower()]
        if theirs["operationId"] != operation["id"]:
            fail(operation["id"], f"is published as {theirs['operationId']}")
        statuses = set(operation["responses"]) - {str(s) for s in unpublished.get("statuses", [])}
        if statuses != set(theirs["responses"]):
            fail(operation["id"], f"has the statuses {sorted(statuses)}, published are {sorted(theirs['responses'])}")
        names = {p.get("name", p.get("$ref", "").replace("#/components/parameters/queryUser", "").lower()) for p in theirs.get("parameters", [])}
        ours = set(operation.get("query", [])) - set(unpublished.get("query", []))
        if not ours <= names:
            fail(operation["id"], f"takes {sorted(ours)}, published are {sorted(names)}")
    for ours, theirs in (("ApiToken", "ApiToken"), ("ApiTokenUpdate", "ApiTokenUpdate")):
        mine = {"_link" if name == "_links" else name for name in API["schemas"][ours]["properties"]}
        published_names = set(published["components"]["schemas"][theirs]["properties"])
        if mine != published_names:
            fail(ours, f"has the members {sorted(mine)}, published are {sorted(published_names)}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        seen = story((), folder)
        for wanted in ("listApiTokens", "getApiToken", "upsertApiToken", "revokeApiToken", "revokeCurrentApiToken", "listNetworkZones", "getUser"):
            if not any(name == wanted for _, name, _ in seen):
                fail(wanted, "was never called: this test does not reach it")
        story(("--page-size", "3"), folder, commands=[("list", "tokens", "--format", "json")])
        story((), folder, token="00wrong", code=7, commands=[("list", "tokens"), ("get", "00Tdemo0000000000002")])
        story((), folder, code=1, commands=[("get", "00Tnothere00000000000")])
        oauth_stories(folder)
        refusals()
    if os.environ.get("OKTA_OPENAPI"):
        check_against_published(os.environ["OKTA_OPENAPI"])
    for failure in failures:
        print(failure)
    print(f"{checked} exchanges checked, {len(failures)} problems")
    return 1 if failures or checked < 20 else 0


sys.exit(main())
