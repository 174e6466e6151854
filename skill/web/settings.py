"""What an operator can choose about the web service, checked once.

In: plain values (from the command line and the environment). Out: a frozen `Settings`, or `UnsafeSettings`.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from skill.web.errors import UnsafeSettings

ALEXA_BODY_LIMIT = 64 * 1024
"""Largest body of a POST /alexa, in bytes. Amazon's requests stay far below it (a few KiB)."""

_HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`. A name other than localhost is not
    looked up: what a name means can change after it was asked."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Settings:
    """The web service's settings. Raises `UnsafeSettings` when they contradict each other."""

    skill_id: str | None = None
    """The skill's application id (amzn1.ask.skill.…). Without it /alexa refuses everything."""
    verify: bool = True
    """Whether signature and timestamp are checked. The application id is compared either way: a developer can write
    it into a request, but nobody except Amazon can sign one."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = 8080
    """The port to listen on; 0 lets the system choose (the start line says which)."""
    public_host: str | None = None
    """The host name under which others reach this server, through its proxy: "skill.example.org"."""
    largest_upload: int = ALEXA_BODY_LIMIT
    """Largest request body, in bytes, that any route may take. A page that takes recordings raises it; /alexa keeps
    its own limit."""

    def __post_init__(self) -> None:
        if not self.verify and not is_loopback(self.host):
            raise UnsafeSettings(
                f"Verification can be switched off only on a loopback address such as 127.0.0.1, not on {self.host!r}."
            )
        if not 0 <= self.port <= 65535:
            raise UnsafeSettings(f"The port must be a number from 0 to 65535, not {self.port}.")
        # A scheme, a path or a leading dot (which Werkzeug reads as "and every subdomain") would trust the wrong hosts.
        if self.public_host is not None and not _HOST_NAME.fullmatch(self.public_host):
            raise UnsafeSettings(
                f"The public host must be a bare host name such as skill.example.org, not {self.public_host!r}."
            )
        if self.largest_upload < ALEXA_BODY_LIMIT:
            raise UnsafeSettings(f"The largest upload must be at least {ALEXA_BODY_LIMIT} bytes.")

    @property
    def trusted_hosts(self) -> list[str]:
        """The Host headers that are answered. A name that an attacker points at this machine (DNS rebinding) is not
        among them. With verification off the public name is not either: a tunnel must not open an unverified door."""
        names = [*_LOOPBACK_NAMES]
        if _HOST_NAME.fullmatch(self.host) and self.host != "0.0.0.0":  # noqa: S104 - compared, not listened on
            names.append(self.host)
        if self.public_host is not None and self.verify:
            names += [self.public_host, self.public_host.lower()]
        return list(dict.fromkeys(names))
