"""Guard: what stands before every request: size, host, origin, token; and the headers that go with every reply."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
OWN_SITE = frozenset({"", "same-origin", "none"})
"""Values of Sec-Fetch-Site that no other page can cause."""
LARGEST_BODY = 100_000
LARGEST_QUERY = 8_000
COOKIE = "sarai_token"
TOO_LARGE = "The request is too large."


class TooLarge(HTTPException):
    """A body that goes on past the bound."""

    def __init__(self) -> None:
        super().__init__(413, TOO_LARGE)


class Guard:
    """An ASGI application in front of another one. With a token every request must carry it; without, only names of
    this machine are answered, so that no foreign page can reach the lab through a name of its own."""

    def __init__(self, app: App, token: str | None = None) -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with a bounded body and the headers added to the reply."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self.refuse(headers, scope["query_string"])
        if refused:
            await reply(with_headers(send, None), *refused)
            return
        fresh = self.token if self.token and _query_token(scope["query_string"]) else None
        await self.app(scope, bounded(receive), with_headers(send, fresh))

    def refuse(self, headers: dict[str, str], query: bytes) -> tuple[int, str] | None:
        """Status and sentence of a refusal; None where the request may pass."""
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length[:12]) > LARGEST_BODY or len(query) > LARGEST_QUERY:
            return 413, TOO_LARGE
        if headers.get("sec-fetch-site", "") not in OWN_SITE:
            return 403, "Another page asked for this; the lab answers its own page only."
        if self.token is None:
            host = headers.get("host", "").rsplit(":", 1)[0].lower()
            return None if host in LOCAL_HOSTS else (421, "This is not a name of this machine.")
        given = _query_token(query) or _bearer(headers) or _cookie(headers)
        if hmac.compare_digest(given.encode(), self.token.encode()):
            return None
        return 401, "The token is missing or wrong. Open the address that sarai serve printed."


def _query_token(query: bytes) -> str:
    return parse_qs(query.decode("latin-1")).get("token", [""])[0]


def _bearer(headers: dict[str, str]) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def _cookie(headers: dict[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def bounded(receive: Receive) -> Receive:
    """The same messages, as long as their bodies together stay within the bound."""
    total = 0

    async def count() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > LARGEST_BODY:
            raise TooLarge
        return message

    return count


def with_headers(send: Send, fresh_token: str | None) -> Send:
    """The same reply with the lab's headers; a token that came in the address is kept as a cookie of this site only."""

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name.encode(): value.encode() for name, value in HEADERS.items()}
            kept = [pair for pair in message.get("headers", []) if pair[0] not in own]
            if fresh_token:
                kept.append((b"set-cookie", f"{COOKIE}={fresh_token}; HttpOnly; SameSite=Strict; Path=/".encode()))
            message = {**message, "headers": [*kept, *own.items()]}
        await send(message)

    return add


async def reply(send: Send, status: int, sentence: str) -> None:
    """A refusal in the form that every refusal of the API has."""
    body = json.dumps({"faults": [sentence]}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
