"""The three names of flask-ask-sdk that we use, imported in a way that works on every OpenSSL.

Out: `SkillAdapter`, `AbstractVerifier`, `VerificationException`. Import them from here and nowhere else.

`flask_ask_sdk` imports Amazon's signature verifier, which imports certvalidator, which imports oscrypto; oscrypto 1.3.0
(its newest) cannot read a two-digit OpenSSL patch number, so the import fails on OpenSSL 3.0.10 and later 3.0.x.
We use none of that verifier (`signature.py` says why), so while the adapter is imported a stand-in answers to the name
certvalidator.

- The stand-in is used always, not only where the real import fails: one path on every machine, and no half-imported
  oscrypto left behind by a failed attempt.
- It is there only during that import. Afterwards `sys.modules` is as it was, so whoever needs the real certvalidator
  still gets it.
- Its `CertificateValidator` refuses to be built: should anybody switch Amazon's signature verifier on again, it fails
  closed and loudly; it never calls a chain valid.
- Refused: forks of oscrypto from unknown publishers, and patching the installed file.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_STANDS_IN_FOR = ("certvalidator", "certvalidator.errors")


class _CertificateValidator:
    """Answers to certvalidator's name and refuses to be built."""

    def __init__(self, *_: object, **__: object) -> None:
        raise RuntimeError("the stand-in for certvalidator verifies nothing: use skill.web.signature")


class _PathError(Exception):
    """Never raised; Amazon's module only wants the name."""


class _ValidationError(Exception):
    """Never raised; Amazon's module only wants the name."""


@contextmanager
def _stand_in() -> Iterator[None]:
    """Put the stand-in into `sys.modules`; on leaving, put back what was there, or nothing."""
    package, errors = (ModuleType(name) for name in _STANDS_IN_FOR)
    vars(package).update(CertificateValidator=_CertificateValidator, errors=errors)
    vars(errors).update(PathError=_PathError, ValidationError=_ValidationError)
    before = {name: sys.modules.get(name) for name in _STANDS_IN_FOR}
    sys.modules.update(zip(_STANDS_IN_FOR, (package, errors), strict=True))
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module


with _stand_in():
    from ask_sdk_webservice_support.verifier import AbstractVerifier, VerificationException
    from flask_ask_sdk.skill_adapter import SkillAdapter

__all__ = ["AbstractVerifier", "SkillAdapter", "VerificationException"]
