"""A model that Alexa would refuse for its size is refused here, with what to do."""

from typing import Any

import pytest

from interaction_model import build, limits
from interaction_model.phrases import PhrasesError


def model(values: int = 1, synonyms: int = 0, sample: str = "x") -> dict[str, Any]:
    kept = [{"id": str(each), "name": {"value": "v", "synonyms": synonyms * ["s"]}} for each in range(values)]
    intents = [{"name": "AnIntent", "samples": [sample]}]
    return {"interactionModel": {"languageModel": {"intents": intents, "types": [{"name": "T", "values": kept}]}}}


def test_a_model_at_the_limit_is_taken_and_one_above_is_refused() -> None:
    room = limits.LARGEST - limits.size(model(sample=""))
    limits.check(model(sample=room * "x"), "en-US.json")
    with pytest.raises(PhrasesError, match=r"en-US\.json, at the whole model: .* 1,500,001 bytes.*: cut samples"):
        limits.check(model(sample=(room + 1) * "x"), "en-US.json")


def test_too_many_values_are_refused_synonyms_among_them() -> None:
    limits.check(model(values=5_000, synonyms=9), "en-US.json")
    with pytest.raises(PhrasesError, match=r"50,001 slot values.*: cut synonyms"):
        limits.check(model(values=limits.MOST_VALUES + 1), "en-US.json")


def test_letters_of_two_bytes_count_twice() -> None:
    assert limits.size(model(sample="é")) == limits.size(model(sample="e")) + 1


def test_building_checks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST", 1000)
    with pytest.raises(PhrasesError, match=r"en-CA\.json"):
        build.files()
