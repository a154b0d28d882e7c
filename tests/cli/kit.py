"""What the tests of the real binaries share: a runner, a simulator, a rude server and a terminal.

Every run is held to laws that no single test has to repeat: no secret in any output or file, no terminal escape without colours, an
exit code of DESIGN's table, at most one JSON document (valid against its schema) with --format json, and an end within a minute."""

import base64
import functools
import http.server
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

import jsonschema

ROOT = pathlib.Path(os.environ["ZONEPIN_ROOT"])
ZONEPIN = os.environ["ZONEPIN"]
ZONEPIN_SIM = os.environ["ZONEPIN_SIM"]
EXIT_CODES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130}
SECRET = "00RudeServerSecret-never-to-be-seen-4711"
MAX_SECONDS = 60

SCHEMAS = {name: json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text()) for name in ("plan", "outcome", "snapshot", "check", "events", "can-i", "explain", "export")}
DIAGNOSTICS = {
    "type": "object",
    "required": ["format_version", "diagnostics"],
    "additionalProperties": False,
    "properties": {
        "format_version": {"type": "string", "pattern": "^1\\.[0-9]+$"},
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["severity", "summary", "detail", "range"],
                "additionalProperties": False,
                "properties": {
                    "severity": {"enum": ["error", "warning"]},
                    "summary": {"type": "string", "minLength": 1},
                    "detail": {"type": "string"},
                    "range": {
                        "type": ["object", "null"],
                        "required": ["filename", "start"],
                        "properties": {"start": {"type": "object", "required": ["line", "column"]}},
                    },
                },
            },
        },
    },
}


def validate_document(document):
    """The schema is told by what a document holds."""
    if not isinstance(document, dict) or "format_version" not in document:
        return
    if "diagnostics" in document:
        schema = DIAGNOSTICS
    elif "resource_changes" in document:
        schema = SCHEMAS["plan"]
    elif "profile" in document:
        schema = SCHEMAS["check"]
    elif "results" in document:
        schema = SCHEMAS["outcome"]
    elif "taken_at" in document:
        schema = SCHEMAS["snapshot"]
    elif "asked" in document:
        schema = SCHEMAS["can-i"]
    elif "explanations" in document:
        schema = SCHEMAS["explain"]
    elif "manifest" in document:
        schema = SCHEMAS["export"]
    else:
        return
    jsonschema.Draft7Validator(schema).validate(document)


def validate_lines(text):
    """What --format jsonl prints, or --output jsonl=PATH writes. Gives the lines."""
    validator = jsonschema.Draft7Validator(SCHEMAS["events"])
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        validator.validate(line)
    return lines


@functools.lru_cache(maxsize=None)
def forms_of(secret):
    """The bytes by which a secret would be known: itself, and its base64 in both alphabets wherever in a text it begins."""
    data = secret.encode()
    forms = {data}
    for before in range(3):
        text = base64.b64encode(b"\0" * before + data).rstrip(b"=")
        core = text[(before * 8 + 5) // 6:(before + len(data)) * 8 // 6]
        forms |= {core, core.replace(b"+", b"-").replace(b"/", b"_")}
    return forms


class Outcome:
    def __init__(self, code, out, err):
        self.code, self.raw_out, self.raw_err = code, out, err
        self.out, self.err = out.decode("utf-8"), err.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def summaries(self):
        return [diagnostic["summary"] for diagnostic in self.json["diagnostics"]]

    @property
    def flat(self):
        """Standard output with its line breaks as spaces."""
        return " ".join(self.out.split())

    def __str__(self):
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


class Sim:
    """zonepin-sim on a free port, with its log."""

    def __init__(self, folder, *options, host="127.0.0.1"):
        self.log_path = pathlib.Path(tempfile.mkstemp(prefix="requests-", dir=folder)[1])
        self.process = subprocess.Popen(
            [ZONEPIN_SIM, "--host", host, "--port", "0", "--log", str(self.log_path), *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = self.process.stdout.readline().strip()
        if not first.startswith("listening on "):
            raise RuntimeError("zonepin-sim: " + first + self.process.communicate()[1])
        self.url = first.removeprefix("listening on ")
        self.authority = self.url.split("://")[1]
        self.port = int(self.url.rsplit(":", 1)[1])
        second = self.process.stdout.readline().strip()
        self.secret = second.removeprefix("OKTA_API_TOKEN=")
        self.app = {}  # the environment of the service app of --app-key-out
        if "--app-key-out" in options:
            self.app = dict(self.process.stdout.readline().strip().split("=", 1) for _ in range(3))

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=10)

    def log(self):
        return self.log_path.read_text().splitlines()

    def clear_log(self):
        self.log_path.write_text("")

    def methods(self):
        return [line.split()[0] for line in self.log()]

    def call(self, method, path, body=None):
        """A request of our own: what somebody else does behind zonepin's back."""
        import urllib.request
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers={
            "Authorization": "SSWS " + self.secret, "Content-Type": "application/json"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def token(self, token_id):
        return self.call("GET", "/api/v1/api-tokens/" + token_id)

    def put_network(self, token_id, network):
        token = self.token(token_id)
        self.call("PUT", "/api/v1/api-tokens/" + token_id, {
            "name": token["name"], "userId": token["userId"], "clientName": token["clientName"], "created": token["created"],
            "network": network})


class ManySims:
    """zonepin-sim --orgs: every org at a port of its own, with the variable that its credential goes into."""

    def __init__(self, folder, count, *options):
        self.log_path = pathlib.Path(tempfile.mkstemp(prefix="requests-", dir=folder)[1])
        self.process = subprocess.Popen(
            [ZONEPIN_SIM, "--port", "0", "--orgs", str(count), "--log", str(self.log_path), *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.urls, self.env = [], {}
        for _ in range(count):
            self.urls.append(self.process.stdout.readline().strip().removeprefix("listening on "))
            name, _, secret = self.process.stdout.readline().strip().partition("=")
            self.env[name] = secret
        self.authorities = [url.removeprefix("http://") for url in self.urls]

    def call(self, number, path, method="GET", body=None):
        import urllib.request
        request = urllib.request.Request(
            self.urls[number] + path, data=None if body is None else json.dumps(body).encode(), method=method,
            headers={"Authorization": "SSWS " + self.env[self.variable(number)], "Content-Type": "application/json"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def variable(self, number):
        return "OKTA_API_TOKEN__" + suffix_of(self.authorities[number])

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=10)

    def clear_log(self):
        self.log_path.write_text("")

    def log(self):
        """(authority, method, path) of each request."""
        words = [line.split() for line in self.log_path.read_text().splitlines()]
        return [(word[0].removeprefix("http://"), word[1], word[2]) for word in words]


def suffix_of(authority):
    return "".join(c if c.isalnum() else "_" for c in authority.upper())


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Rude:
    """An HTTP server that does whatever `answer(request)` says: (status, headers, body), or a function that takes the socket."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        rude = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self):
                length = int(self.headers.get("Content-Length") or 0)
                request = Request(self.command, self.path, dict(self.headers), self.rfile.read(length))
                rude.requests.append(request)
                answer = rude.answer(request)
                if callable(answer):
                    answer(self)
                    self.close_connection = True
                    return
                status, headers, body = answer
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = do_DELETE = do_POST = handle_any

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that hangs up is not this server's trouble

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.authority = f"127.0.0.1:{self.port}"
        self.url = "http://" + self.authority
        self.secret = SECRET
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def count(self, method, path=None):
        return sum(1 for r in self.requests if r.method == method and (path is None or r.path == path))


def hang_up(handler):
    """The connection ends without an answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def token(number, **fields):
    """A live token as Okta writes them."""
    base = {
        "id": f"00Trude{number:013d}", "name": f"token-{number}", "userId": "00urude0000000000001", "clientName": "Okta API",
        "tokenWindow": "P30D", "network": {"connection": "ANYWHERE"}, "expiresAt": "2099-01-31T00:00:00.000Z",
        "created": "2026-01-01T00:00:00.000Z", "lastUpdated": "2026-01-01T00:00:00.000Z"}
    base.update(fields)
    return {key: value for key, value in base.items() if value is not None}


def zone(number, **fields):
    base = {
        "type": "IP", "id": f"nzorude{number:013d}", "name": f"zone-{number}", "status": "ACTIVE", "usage": "POLICY",
        "created": "2026-01-01T00:00:00.000Z", "lastUpdated": "2026-01-01T00:00:00.000Z", "system": False,
        "gateways": [{"type": "CIDR", "value": "192.0.2.0/24"}], "proxies": None}
    base.update(fields)
    return base


REQUEST_ID = {"X-Okta-Request-Id": "rude-request-1"}


class RudeOrg:
    """A small org behind a Rude server. `before` may answer a request in its own way; otherwise it is answered as Okta would."""

    def __init__(self, tokens=(), zones=(), before=None):
        self.tokens = {t["id"]: dict(t) for t in tokens}
        self.zones = list(zones)
        self.before = before
        self.server = Rude(self.answer)

    def answer(self, request):
        if self.before is not None:
            answer = self.before(request)
            if answer is not None:
                return answer
        return self.usual(request)

    def usual(self, request):
        path = request.path.split("?")[0]
        if path == "/api/v1/api-tokens":
            return 200, REQUEST_ID, list(self.tokens.values())
        if path == "/api/v1/zones":
            return 200, REQUEST_ID, self.zones
        token_id = path.rsplit("/", 1)[1]
        if path.startswith("/api/v1/api-tokens/") and token_id in self.tokens:
            if request.method == "PUT":
                self.tokens[token_id].update(request.json)
            if request.method == "DELETE":
                del self.tokens[token_id]
                return 204, REQUEST_ID, b""
            return 200, REQUEST_ID, self.tokens[token_id]
        return 404, REQUEST_ID, okta_error("E0000007", "Not found: Resource not found: " + token_id)


def okta_error(code, summary, causes=()):
    return {"errorCode": code, "errorSummary": summary, "errorLink": code, "errorId": "oaeRude",
            "errorCauses": [{"errorSummary": cause} for cause in causes]}


class Screen:
    """zonepin on a terminal: what it shows, and a person's keys."""

    def __init__(self, arguments, env, cwd, stdout=None):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen([ZONEPIN, *arguments], stdin=slave, stdout=stdout or slave, stderr=slave, env=env, cwd=cwd,
                                        start_new_session=True)
        os.close(slave)
        self.shown = ""

    def read(self, seconds):
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            chunk = os.read(self.master, 65536)
        except OSError:
            return False
        self.shown += chunk.decode("utf-8", "replace")
        return bool(chunk)

    def wait_for(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.shown:
            if time.monotonic() > end or self.process.poll() is not None and not self.read(0.2):
                raise AssertionError(f"never shown: {text!r}\n{self.shown}")
            self.read(0.2)

    @property
    def plain(self):
        """Without colours, and with line breaks as spaces."""
        return " ".join(re.sub("\x1b\\[[0-9;]*m", "", self.shown).split())

    def type(self, text):
        os.write(self.master, text.encode())

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def end(self, seconds=30):
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > end:
                self.process.kill()
                raise AssertionError("does not end\n" + self.shown)
            self.read(0.1)
        while self.read(0.1):
            pass
        os.close(self.master)
        return self.process.returncode


class Case(unittest.TestCase):
    maxDiff = 4000
    longMessage = True

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="zonepin-cli-"))
        self.secrets = {SECRET}
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def tearDown(self):
        for path in self.folder.rglob("*"):
            if path.is_file() and not path.name.endswith(".secret") and path.stat().st_size < 64 << 20:
                self.hold_no_secret(path.read_bytes(), str(path))

    # --- the other side

    def sim(self, *options, host="127.0.0.1"):
        sim = Sim(self.folder, *options, host=host)
        self.addCleanup(sim.stop)
        self.secrets.add(sim.secret)
        return sim

    def many_sims(self, count, *options):
        sims = ManySims(self.folder, count, *options)
        self.addCleanup(sims.stop)
        self.secrets.update(sims.env.values())
        return sims

    def rude(self, answer):
        server = Rude(answer)
        self.addCleanup(server.stop)
        return server

    def rude_org(self, tokens=(), zones=(), before=None):
        org = RudeOrg(tokens, zones, before)
        self.addCleanup(org.server.stop)
        return org

    def closed_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    # --- files

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text)
        return str(path)

    def manifest(self, body, name="m.yaml", org=None):
        head = "apiVersion: zonepin/v1\nkind: ApiTokens\n" + (f"org: {org}\n" if org else "")
        return self.write(name, head + body)

    # --- running

    def env(self, server=None, **more):
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH"):
            if name in os.environ:
                env[name] = os.environ[name]
        if server is not None:
            env.update(OKTA_CLIENT_ORGURL=server.url, OKTA_API_TOKEN=server.secret)
        env.update({name: str(value) for name, value in more.items() if value is not None})
        return env

    def app_env(self, sim, url=None, **more):
        """As the service app of a simulator."""
        return self.env(OKTA_CLIENT_ORGURL=url or sim.url, **{**sim.app, **more})

    def run_program(self, *arguments, server=None, env=None, stdin=b"", stdout=None, seconds=MAX_SECONDS):
        env = self.env(server) if env is None else env
        process = subprocess.Popen([ZONEPIN, *map(str, arguments)], env=env, cwd=self.folder, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE if stdout is None else stdout, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.fail(f"zonepin {arguments} does not end")
        outcome = Outcome(process.returncode, out or b"", err)
        self.hold_laws(arguments, outcome, has_stdout=stdout is None)
        return outcome

    def expect(self, code, *arguments, **more):
        outcome = self.run_program(*arguments, **more)
        self.assertEqual(outcome.code, code, f"zonepin {' '.join(map(str, arguments))}\n{outcome}")
        return outcome

    def screen(self, *arguments, server=None, env=None, stdout=None):
        env = self.env(server) if env is None else env
        screen = Screen([str(a) for a in arguments], env, self.folder, stdout)
        self.addCleanup(screen.stop)
        return screen

    def hold_no_secret(self, data, what):
        for secret in self.secrets:
            for form in forms_of(secret):
                self.assertNotIn(form, data, what + " holds a secret")

    def hold_laws(self, arguments, outcome, has_stdout):
        said = f"zonepin {' '.join(map(str, arguments))[:300]}\n{outcome}"
        self.hold_no_secret(outcome.raw_out, "standard output")
        self.hold_no_secret(outcome.raw_err, "standard error")
        self.assertIn(outcome.code, EXIT_CODES, said)
        self.assertNotIn("a state it should not be in", outcome.err, said)
        if "always" not in map(str, arguments):
            for text in (outcome.out, outcome.err):
                self.assertIsNone(re.search("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text), said)
        if outcome.code not in (0, 2) and has_stdout and "off" not in arguments:
            self.assertTrue(outcome.err or outcome.out, "a failure without a word: " + said)
        if has_stdout and any(str(a) == "--format=json" for a in arguments) and not {"--help", "-h"} & set(map(str, arguments)):
            try:
                document = json.loads(outcome.out)
            except ValueError as wrong:
                self.fail(f"standard output is not one JSON document: {wrong}\n{said}")
            validate_document(document)
        if has_stdout and re.search(r" --format[= ]jsonl( |$)", " ".join(["", *map(str, arguments)])):
            validate_lines(outcome.out)

    def hold_one_line(self, outcome, *words):
        """One clear line on standard error, naming all of `words`."""
        lines = outcome.err.splitlines()
        self.assertEqual(len(lines), 1, str(outcome))
        self.assertTrue(lines[0].startswith("error: "), lines[0])
        for word in words:
            self.assertIn(word, lines[0])
        self.assertLess(len(lines[0]), 700, lines[0])


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    unittest.main(verbosity=1)
