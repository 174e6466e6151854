"""Frozen data with many fields, for what Lambda loads: to mypy a frozen dataclass, to a cold start a tenth of its cost.

(A dataclass, or a NamedTuple of ninety fields, writes and compiles its methods anew at every start.)
"""

from typing import Any, NoReturn, Self, dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True, eq_default=False)
class Frozen:
    """Fields are the annotations of the class below; all are given by name, once."""

    def __init__(self, **fields: Any) -> None:
        if fields.keys() != self.__annotations__.keys():
            differing = sorted(fields.keys() ^ self.__annotations__.keys())
            raise TypeError(f"{type(self).__name__} is not made with exactly its fields: {', '.join(differing)}")
        self.__dict__.update(fields)

    def replaced(self, **fields: Any) -> Self:
        """A copy with some fields changed, without what was worked out from them (`functools.cached_property`)."""
        return type(self)(**{name: self.__dict__[name] for name in self.__annotations__} | fields)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")
