"""A proxy on loopback that hands every request on to a simulator and keeps both sides of the exchange."""

import gzip
import http.client
import http.server
import socketserver
import threading
import urllib.parse


class Exchange:
    def __init__(self, method, target, headers, body, status, answer_headers, answer):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.status, self.answer_headers, self.answer = status, answer_headers, answer

    @property
    def path(self):
        return urllib.parse.urlsplit(self.target).path

    @property
    def query(self):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(self.target).query, keep_blank_values=True)

    def __str__(self):
        return f"{self.method} {self.target} -> {self.status}"


class Recorder:
    """`with Recorder(port) as recorder:` listens at recorder.url; recorder.exchanges is what was said (unpacked)."""

    def __init__(self, upstream_port):
        self.exchanges = []
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def hand_on(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                upstream = http.client.HTTPConnection("127.0.0.1", upstream_port, timeout=30)
                upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() not in ("connection",):
                        upstream.putheader(name, value)
                upstream.endheaders(body or None)
                try:
                    answer = upstream.getresponse()
                    text = answer.read()
                except (http.client.HTTPException, OSError):
                    # Nothing whole came back; what was sent is kept all the same.
                    recorder.exchanges.append(Exchange(self.command, self.path, self.headers, body, 0, {}, b""))
                    raise
                plain = gzip.decompress(text) if answer.headers.get("Content-Encoding") == "gzip" else text
                recorder.exchanges.append(
                    Exchange(self.command, self.path, self.headers, body, answer.status, answer.headers, plain))
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in ("connection", "content-length", "transfer-encoding", "keep-alive"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)
                upstream.close()

            do_GET = do_PUT = do_POST = do_DELETE = hand_on

            def log_message(self, *_):
                pass

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_):
                pass  # the simulator broke off, on purpose: the client's connection ends, too

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
