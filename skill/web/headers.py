"""The headers that every answer carries.

Measured with the player page: no violation, offline use, the microphone and the screen reader all work with them.
"""

from flask import Response

_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types sw",
    )
)

HEADERS = {
    "Content-Security-Policy": _SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}


def add_headers(response: Response) -> Response:
    """For `Flask.after_request`. On every answer, errors too: a page that is forgotten would be one without. A page
    that needs another value sets it itself, and keeps it."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
