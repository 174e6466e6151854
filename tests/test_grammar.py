"""Exact understanding: an utterance that is one of the samples."""

import pytest

from skill.simulator.grammar import LONGEST_OPEN, Grammar, Parse
from skill.simulator.lexicon import Lexicon, Match
from skill.simulator.model import Intent, Model, Value
from skill.simulator.words import tokens

MODEL = Model(
    "a shop",
    (
        Intent("Buy", ("buy {item}", "buy {colour} {item}", "{item}", "a {item} for {name}"),
               {"item": "Thing", "colour": "Colour", "name": "AMAZON.FirstName"}),
        Intent("BuyPaint", ("buy paint", "buy {item}", "buy red paint now"), {"item": "Colour"}),
        Intent("Spell", ("spell {word}", "{word} letter by letter", "spell"), {"word": "Thing"}),
        Intent("Stop", ("stop", "That's all."), {}),
    ),
    {
        "Thing": (Value("paint", ("paint", "red paint")), Value("brush", ("brush", "a brush"))),
        "Colour": (Value("red", ("red",)), Value("blue", ("blue",))),
    },
    "0",
)  # fmt: skip
GRAMMAR = Grammar(MODEL, Lexicon(MODEL))


def parsed(said: str) -> list[tuple[str, str, dict[str, str]]]:
    return [
        (parse.intent, parse.sample, {slot: match.id for slot, match in parse.slots.items()})
        for parse in GRAMMAR.parse(tokens(said))
    ]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("stop", [("Stop", "stop", {})]),
        ("that’s all", [("Stop", "That's all.", {})]),
        ("a brush", [("Buy", "{item}", {"item": "brush"})]),
        ("brush letter by letter", [("Spell", "{word} letter by letter", {"word": "brush"})]),
        ("spell a brush", [("Spell", "spell {word}", {"word": "brush"})]),
        # each intent by its own slot type, though both name the slot "item"
        ("buy red", [("BuyPaint", "buy {item}", {"item": "red"})]),
        ("buy a brush", [("Buy", "buy {item}", {"item": "brush"})]),
        # no sample
        ("buy", []),
        ("buy green", []),
        ("buy blue blue", []),
        ("please stop", []),
        ("a brush for anna", []),
        ("", []),
    ],
)
def test_parse(said: str, wanted: list[tuple[str, str, dict[str, str]]]) -> None:
    assert parsed(said) == wanted


def test_words_of_the_samples_own_are_preferred() -> None:
    assert parsed("buy paint") == [("BuyPaint", "buy paint", {}), ("Buy", "buy {item}", {"item": "paint"})]
    red_paint = parsed("buy red paint")
    assert ("Buy", "buy {item}", {"item": "paint"}) in red_paint
    assert ("Buy", "buy {colour} {item}", {"colour": "red", "item": "paint"}) in red_paint
    assert len(red_paint) == 2


def test_where_a_slot_was_filled() -> None:
    assert GRAMMAR.parse(("spell", "a", "brush")) == [
        Parse("Spell", "spell {word}", {"word": Match(1, 3, "Thing", "brush", "exact")})
    ]


def test_any_words_in_a_slots_place() -> None:
    assert GRAMMAR.open(("spell", "rumpel", "stilz"), "Spell") == Parse(
        "Spell", "spell {word}", {"word": Match(1, 3, "", "", "open")}
    )
    assert GRAMMAR.open(("buy", "green"), "BuyPaint") == Parse(
        "BuyPaint", "buy {item}", {"item": Match(1, 2, "", "", "open")}
    )


def test_a_sample_without_slots_is_better_than_an_open_one() -> None:
    assert GRAMMAR.open(("buy", "paint"), "BuyPaint") == Parse("BuyPaint", "buy paint", {})


def test_an_open_slot_has_bounds() -> None:
    assert GRAMMAR.open(("spell", *["so"] * LONGEST_OPEN), "Spell") is not None
    assert GRAMMAR.open(("spell", *["so"] * (LONGEST_OPEN + 1)), "Spell") is None
    assert GRAMMAR.open(("green", "letter", "by", "letter"), "Spell") is None, "never the first word"
    assert GRAMMAR.open(("spell", "green"), "Stop") is None, "only of the intent that is asked for"
    assert GRAMMAR.open((), "Spell") is None
