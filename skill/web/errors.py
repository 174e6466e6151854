"""Every fault that the web service names itself.

Exception
├── WebError                   the service cannot be set up; its message is one sentence for the operator
│   ├── UnsafeSettings         (also a ValueError) settings that would open a door nobody may open
│   └── CannotListen           the address is taken, not ours, or needs more rights
└── AskSdkException            (Amazon's)
    └── VerificationException  (Amazon's) what `SkillAdapter` answers 400 to
        └── Refused            a request that Amazon did not send for this skill, now; carries a category only
"""

from skill.web.sdk import VerificationException


class WebError(Exception):
    """The service cannot be set up. `str(error)` is one sentence that says what happened and what to try."""


class UnsafeSettings(WebError, ValueError):
    """Settings that contradict each other or would switch a protection off where others can reach it."""


class CannotListen(WebError):
    """The address cannot be listened on."""


class Refused(VerificationException):
    """A request that did not pass.

    `category` is a fixed phrase ("signature", "timestamp", …), never anything taken from the request: it is the only
    part of a refusal that is logged, and a request may hold words about somebody's health.
    """

    def __init__(self, category: str) -> None:
        super().__init__(category)
        self.category = category
