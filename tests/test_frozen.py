"""Frozen data is made whole and stays as it is."""

import pytest

from skill.frozen import Frozen


class Pair(Frozen):
    one: int
    other: str


def test_it_holds_its_fields_and_they_stay() -> None:
    pair = Pair(one=1, other="2")
    assert (pair.one, pair.other) == (1, "2")
    with pytest.raises(AttributeError, match="Pair is frozen"):
        pair.one = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Pair is frozen"):
        del pair.one


def test_a_copy_may_differ() -> None:
    pair = Pair(one=1, other="2")
    copy = pair.replaced(other="3")
    assert (copy.one, copy.other, pair.other) == (1, "3", "2")


@pytest.mark.parametrize("fields", [{"one": 1}, {"one": 1, "other": "2", "more": 3}, {}])
def test_it_is_made_whole(fields: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="exactly its fields"):
        Pair(**fields)  # type: ignore[arg-type]
