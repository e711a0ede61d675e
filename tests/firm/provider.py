"""A small OpenID Connect provider on loopback: real HTTP, real signatures, one person."""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET = "kam", "a secret of the two"


class Provider:
    """Signs in whoever `person` says, at once; keeps what it was asked."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person = {"sub": "1", "email": "someone@example.com", "email_verified": True}
        self.userinfo = {}  # what the second answer says otherwise
        self.refuses = ""
        self.codes, self.asked = {}, []
        self.issuer = ""

    def discovery(self):
        ends = ("authorization", "token", "userinfo")
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | {f"{end}_endpoint": f"{self.issuer}/{end}" for end in ends}

    def jwks(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]}

    def authorization(self, query):
        """Where the browser is sent back to."""
        back = {"state": query["state"]}
        if self.refuses:
            return f"{query['redirect_uri']}?{urlencode(back | {'error': self.refuses})}"
        code = secrets.token_urlsafe()
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode(back | {'code': code})}"

    def token(self, sent):
        query = self.codes.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        right = (CLIENT_ID, SECRET, query and query["redirect_uri"], challenge)
        given = (sent["client_id"], sent["client_secret"], sent["redirect_uri"])
        if query is None or right != (*given, query["code_challenge"]):
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
        signed = jwt.encode(claims | self.person, self.key, "RS256", headers={"kid": "1"})
        return {"access_token": "all", "token_type": "Bearer", "id_token": signed}


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self):
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        provider = self.provider
        provider.asked.append(address.path)
        if address.path == "/authorization":
            self.send_response(302)
            self.send_header("Location", provider.authorization(query))
            self.end_headers()
        elif address.path == "/userinfo":
            allowed = self.headers["Authorization"] == "Bearer all"
            self.answer(provider.person | provider.userinfo if allowed else None)
        else:
            pages = {
                "/.well-known/openid-configuration": provider.discovery,
                "/jwks": provider.jwks,
            }
            self.answer(pages[address.path]() if address.path in pages else None)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        self.answer(self.provider.token(sent))

    def answer(self, content):
        self.send_response(200 if content else 400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content or {"error": "invalid_request"}).encode())

    def log_message(self, *args):
        pass


@contextmanager
def running():
    provider = Provider()
    handler = type("Handler", (Handler,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield provider
        finally:
            server.shutdown()
