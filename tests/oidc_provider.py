"""A provider of OpenID Connect for tests: a few people, one button for each of them."""

from __future__ import annotations

import base64
import hashlib
import html
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, CLIENT_SECRET = "regen-map", "the secret of the client"
COOKIE_SECRET = "what the cookies of these tests are signed with"  # noqa: S105
LIFE_S = 3600


@dataclass
class Provider:
    """
    What the provider knows, and what it was asked.

    Attributes
    ----------
    address
        Its issuer: ``http://localhost:…``.
    people
        The claims of each person by the text of their button.
    age_s
        How many seconds ago tokens seem to have been made.
    tokens
        Every token it gave.
    asked, signed_out
        The parameters of every request for a sign-in, and for its end.
    """

    address: str
    people: Mapping[str, Mapping[str, object]]
    age_s: int = 0
    tokens: list[str] = field(default_factory=list)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    signed_out: list[Mapping[str, str]] = field(default_factory=list)
    _key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    _codes: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    @property
    def metadata(self) -> str:
        """Where it describes itself."""
        return f"{self.address}/.well-known/openid-configuration"

    @property
    def waiting(self) -> list[str]:
        """The codes of the sign-ins for which nobody has pressed a button yet."""
        return [code for code, (who, _) in self._codes.items() if not who]

    def secrets(self, home: str, metadata: str = "") -> str:
        """Write what a site must be told of it: the table ``[auth]``."""
        return "\n".join(
            [
                "[auth]",
                f'redirect_uri = "{home}/oauth2callback"',
                f'cookie_secret = "{COOKIE_SECRET}"',
                f'client_id = "{CLIENT}"',
                f'client_secret = "{CLIENT_SECRET}"',
                f'server_metadata_url = "{metadata or self.metadata}"',
                "",
            ]
        )

    @property
    def app(self) -> Starlette:
        """Its routes (OpenID Connect Core 1.0, Discovery 1.0, RP-Initiated Logout 1.0)."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/keys", self._keys),
                Route("/authorize", self._authorize),
                Route("/choose", self._choose, methods=["POST"]),
                Route("/token", self._token, methods=["POST"]),
                Route("/end", self._end),
            ]
        )

    def _discovery(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "end_session_endpoint": f"{self.address}/end",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT or "openid" not in asked.get("scope", "").split():
            return Response("Unknown client", 400)
        self.asked.append(asked)
        code = secrets.token_urlsafe()
        self._codes[code] = ("", asked)
        buttons = "".join(
            f'<button name="who" value="{html.escape(who)}">{html.escape(who)}</button>'
            for who in (*self.people, "refuse")
        )
        page = f'<form method="post" action="choose?code={code}">{buttons}</form>'
        return HTMLResponse(f"<!doctype html><title>The organisation</title>{page}")

    async def _choose(self, request: Request) -> Response:
        code = request.query_params["code"]
        _, asked = self._codes[code]
        async with request.form() as form:
            who = str(form["who"])
        back = {"code": code}
        if who == "refuse":
            back = {"error": "access_denied", "error_description": "<b>no</b>"}
        self._codes[code] = (who, asked)
        where = f"{asked['redirect_uri']}?{urlencode(back | {'state': asked['state']})}"
        return RedirectResponse(where, 303)

    async def _token(self, request: Request) -> Response:
        async with request.form() as form:
            given = {name: str(value) for name, value in form.items()}
        who, asked = self._codes.pop(given["code"])
        told = request.headers.get("authorization", "").removeprefix("Basic ")
        right = (
            base64.b64decode(told).decode() == f"{CLIENT}:{CLIENT_SECRET}"
            and given["redirect_uri"] == asked["redirect_uri"]
            and _challenge(given["code_verifier"]) == asked["code_challenge"]
        )
        if not right:
            return JSONResponse({"error": "invalid_grant"}, 400)
        made = int(time.time()) - self.age_s
        token = jwt.encode(
            {"alg": "RS256", "kid": "1"},
            {
                "iss": self.address,
                "aud": CLIENT,
                "sub": who,
                "iat": made,
                "exp": made + self.age_s + LIFE_S,
                "nonce": asked["nonce"],
                **self.people[who],
            },
            self._key,
        )
        access = secrets.token_urlsafe()
        self.tokens += [token, access]
        answer = {"id_token": token, "access_token": access, "token_type": "Bearer"}
        return JSONResponse(answer | {"expires_in": LIFE_S}, headers={"Cache-Control": "no-store"})

    def _end(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.signed_out.append(asked)
        return RedirectResponse(asked["post_logout_redirect_uri"], 303)


@contextmanager
def providing(people: Mapping[str, Mapping[str, object]]) -> Iterator[Provider]:
    """Run a provider on a free port of this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        provider = Provider(f"http://localhost:{listening.getsockname()[1]}", people)
        config = uvicorn.Config(provider.app, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield provider
        finally:
            server.should_exit = True
            thread.join()


def _challenge(verifier: str) -> str:
    """Give the challenge of a verifier (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
