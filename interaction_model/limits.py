"""Alexa's limits on one interaction model. In: a model as JSON. Out: nothing, or a `PhrasesError` that says what to do.

Amazon refuses a model past them only when it is built there, minutes after `ask deploy`, and without naming the cause.
"""

import json
from typing import Any

from interaction_model.phrases import PhrasesError

LARGEST = 1_500_000
"""Bytes of the model. Amazon's service counts them without the indentation; in 2017 it refused a million characters
("Member must have length less than or equal to 1000000", github.com/alexa/ask-cli/issues/9), since then 1.5 MB."""

MOST_VALUES = 50_000
"""Values of all custom slot types together (Amazon's interaction model reference: "a skill can have a total of 50,000
custom slot values"). Synonyms are counted in, to be sure."""


def size(model: dict[str, Any]) -> int:
    """The model's bytes as Amazon counts them."""
    return len(json.dumps(model, ensure_ascii=False, separators=(",", ":")).encode())


def values(model: dict[str, Any]) -> int:
    """How many values and synonyms its slot types have."""
    types = model["interactionModel"]["languageModel"]["types"]
    return sum(1 + len(each["name"]["synonyms"]) for kind in types for each in kind["values"])


def check(model: dict[str, Any], file: str) -> None:
    """Raises `PhrasesError`, naming `file`, if Alexa would refuse the model for its size."""
    if (count := values(model)) > MOST_VALUES:
        fault = f"there are {count:,} slot values, and Alexa takes {MOST_VALUES:,}: cut synonyms, or make two skills"
        raise PhrasesError(file, "types", fault)
    if (bytes_ := size(model)) > LARGEST:
        fault = f"the model has {bytes_:,} bytes, and Alexa takes {LARGEST:,}: cut samples, or use a slot for topics"
        raise PhrasesError(file, "the whole model", fault)
