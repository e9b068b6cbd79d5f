"""A textual-serve server that requires a key and loads nothing from other servers."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler
from textual_serve.server import Server

HOST = "127.0.0.1"

COOKIE = "asterism-key"
"""The cookie with the key, set when the address with the key was opened; other sites cannot use it."""

POLICY = "default-src 'self' 'unsafe-inline' data: blob:; connect-src 'self' ws://{host}; frame-ancestors 'none'"
"""Forbids fonts, scripts and frames of other servers; the page of textual-serve loads a font from Google."""


class PrivateServer(Server):
    """Serves a command, on this machine only."""

    def __init__(self, command: str, port: int, key: str) -> None:
        """Create the server.

        Args:
            command: a shell command for each page.
            port: the port on 127.0.0.1.
            key: the key that the address must contain.
        """
        super().__init__(command, host=HOST, port=port, title="Asterism")
        self._key = key

    @property
    def address(self) -> str:
        """The address to open, with the key."""
        return f"{self.public_url}/?key={self._key}"

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard())
        return app

    def _guard(self) -> Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]:
        place = f"{HOST}:{self.port}"

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            response: web.StreamResponse
            if not self._may(request, place):
                raise web.HTTPForbidden(text="Open the address that 'asterism select --web' has printed.\n")
            response = await handler(request)
            if not response.prepared:
                response.headers["Content-Security-Policy"] = POLICY.format(host=place)
                response.headers["Referrer-Policy"] = "no-referrer"
                response.set_cookie(COOKIE, self._key, httponly=True, samesite="Strict")
            return response

        found: Callable[[web.Request, Handler], Awaitable[web.StreamResponse]] = guard
        return found

    def _may(self, request: web.Request, place: str) -> bool:
        """Whether a request has our host, our origin and the key."""
        origin = request.headers.get("Origin", f"http://{place}")
        given = request.query.get("key") or request.cookies.get(COOKIE, "")
        right = hmac.compare_digest(given.encode(), self._key.encode())
        return right and request.host == place and origin == f"http://{place}"

    async def on_startup(self, app: web.Application) -> None:  # noqa: ARG002
        """Print the address; aiohttp calls this with its application."""
        print(f"The menu is at {self.address}\nCtrl-C stops it.", flush=True)

    def initialize_logging(self) -> None:
        """Do not log requests."""
