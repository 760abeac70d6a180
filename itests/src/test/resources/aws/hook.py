"""A server that rules may send to."""
import http.server
import json
import os
import queue
import ssl
import threading


class Hook(http.server.BaseHTTPRequestHandler):
    """Whom rules may send to: keeps what it is asked to confirm."""
    asked = queue.Queue()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers['content-length'])))
        Hook.asked.put((self.path, self.headers['x-amz-rules-engine-message-type'], body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def hook():
    server = http.server.ThreadingHTTPServer(('localhost', 0), Hook)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.environ['HOOK_CERTIFICATE'], os.environ['HOOK_KEY'])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f'https://localhost:{server.server_port}/hook'
