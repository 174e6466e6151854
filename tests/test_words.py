"""What the words say: every fact, in short sentences of our own, in each country's spelling and with its numbers."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from lambda_client import LOCALES, Device

import skill
from skill import page, reader
from skill.page import Page
from skill.prompts import Prompt, Prompts

HERE = Path(__file__).parent
FACTS = yaml.safe_load((HERE / "facts.yaml").read_text(encoding="utf-8"))
SOURCE = FACTS.pop("page")
TOPICS = (
    "overview", "local", "local.surgery", "local.radiation", "distant", "distant.chemotherapy", "distant.surgery",
    "distant.radiation", "no_treatment", "clinical_trials",
)  # fmt: skip
NUMBERS = {
    "en-CA": ("911", "988", "9-8-8 Suicide Crisis Helpline", True),
    "en-US": ("911", "988", "988 Suicide and Crisis Lifeline", True),
    "en-GB": ("999", "116 123", "Samaritans", False),
    "en-AU": ("000", "13 11 14", "Lifeline", False),
    "en-IN": ("112", "14416", "Tele MANAS", False),
}
TERMS = [
    "recurrent", "primary tumour", "local recurrence", "distant recurrence", "metastatic",
    "palliative radiation therapy", "clinical trial",
]  # fmt: skip


def own_text(here: Page, topic_id: str) -> str:
    """All parts of a topic joined, with neither label nor question."""
    topic = here.topic(topic_id)
    assert topic is not None
    return " ".join(sentence for part in topic.parts for sentence in part)


def every_text(here: Page) -> list[str]:
    """Every text of a page that is spoken or shown, prompts filled in with the longest values that they can get."""
    longest = max((topic.name for topic in here.topics), key=lambda name: len(name.split()))
    values = {
        "next": longest, "offered": longest, "name": longest, "topic": longest, "parent": "distant recurrence",
        "treatment": here.treatments["radiation"], "recurrence": "a distant recurrence",
        "elsewhere": "a local recurrence", "instead": f"chemotherapy, surgery and {here.treatments['radiation']}",
        "number": "ten", "count": "ten", "total": "ten",
        "sentence": "24", "sentences": "31", "word": "Sarcoma", "letters": "S, A, R, C, O, M, A",
        "address": "https://audio.example.org/03%20Local%20recurrence.mp3",
    }  # fmt: skip
    texts = [topic.label for topic in here.topics]
    texts += [sentence for topic in here.topics for part in topic.parts for sentence in part]
    texts += [term.meaning for term in here.terms.values()]
    for prompt in vars(here.prompts).values():
        assert isinstance(prompt, Prompt)
        texts += prompt.say(**values)
    return texts


def test_the_topics_are_the_page_s_in_its_order() -> None:
    assert tuple(topic.id for topic in page.load().topics) == TOPICS
    assert set(FACTS) == set(TOPICS)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("topic_id", TOPICS)
def test_every_fact_is_in_its_topic(topic_id: str, locale: str) -> None:
    text = own_text(page.load(locale), topic_id)
    missing = [
        f"{fact}: {term}"
        for fact, told in FACTS[topic_id]["facts"].items()
        for term in told["terms"]
        if not re.search(term, text, re.IGNORECASE)
    ]
    assert not missing


@pytest.mark.parametrize("locale", LOCALES)
def test_every_fact_is_heard(locale: str) -> None:
    device = Device(locale)
    device.ask("LaunchRequest")
    heard = {}
    for _ in TOPICS:
        turn = device.ask("AMAZON.NextIntent")
        heard[turn.topic] = turn.speech
    assert tuple(heard) == TOPICS
    for topic_id, speech in heard.items():
        for told in FACTS[str(topic_id)]["facts"].values():
            assert all(re.search(term, speech, re.IGNORECASE) for term in told["terms"])


def test_whose_page_it_is_and_when_it_was_read() -> None:
    words = reader.read(page.WORDS)["page"]
    assert words["publisher"] == SOURCE["publisher"]
    assert words["url"] == SOURCE["url"]
    assert words["read"] == SOURCE["read"] == date(2026, 11, 23)
    assert page.load("en-US").read == "November 23, 2026"
    assert page.load("en-AU").read == "23 November 2026"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_is_longer_than_twenty_words(locale: str) -> None:
    long = [
        sentence
        for text in every_text(page.load(locale))
        for sentence in re.split(r"(?<=[.?!:])\s+", text)
        if len(sentence.split()) > 20 and "http" not in sentence
    ]
    assert not long


@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_of_the_page_is_copied(locale: str) -> None:
    def bare(text: str) -> str:
        return " ".join(re.findall(r"[\w']+", text.lower().replace("’", "'")))

    lines = (HERE / "data" / "page_sentences.txt").read_text(encoding="utf-8").splitlines()
    theirs = [bare(line) for line in lines if not line.startswith("#")]
    assert len(theirs) == 29
    here = page.load(locale)
    ours = bare(" ".join((*every_text(here), *here.further_reading))).replace("tumor", "tumour")
    assert not [sentence for sentence in theirs if sentence in ours]


@pytest.mark.parametrize("locale", LOCALES)
def test_each_country_s_spelling(locale: str) -> None:
    text = " ".join(every_text(page.load(locale))).lower()
    assert ("tumor " in text) is (locale == "en-US")
    assert ("tumour" in text) is (locale != "en-US")
    assert ("radiotherapy" in text) is (locale in ("en-GB", "en-IN"))
    assert ("radiation therapy" in text) is (locale not in ("en-GB", "en-IN"))


def test_a_respelled_word_keeps_its_capital() -> None:
    topic = page.load("en-GB").topic("local.radiation")
    assert topic is not None
    assert topic.label == "Radiotherapy, for a local recurrence."
    assert topic.name == "radiotherapy for a local recurrence"


@pytest.mark.parametrize("locale", LOCALES)
def test_each_country_s_numbers(locale: str) -> None:
    emergency, crisis, name, texts = NUMBERS[locale]
    country = page.load(locale).country
    assert (country.emergency, country.crisis, country.call_or_text) == (emergency, crisis, texts)
    assert country.crisis_name.removeprefix("The ") == name
    foreign = {number for each in NUMBERS.values() for number in each[:2]} - {emergency, crisis}
    prompts = page.load(locale).prompts
    told = " ".join((*prompts.emergency.say(), *prompts.crisis.say(), *prompts.card_disclaimer.say()))
    assert not [number for number in foreign if re.search(rf"\b{number}\b", told)]


def test_a_country_that_is_not_known_is_given_no_number() -> None:
    here = page.load_nearest("en-NZ")
    told = " ".join((*here.prompts.emergency.say(), *here.prompts.crisis.say(), *here.prompts.card_disclaimer.say()))
    assert not re.search(r"\d", told)
    assert page.load_nearest(None) == page.load_nearest("") == page.load_nearest("xx") == here


def test_a_french_device_gets_its_country_s_numbers() -> None:
    assert page.load_nearest("fr-CA").locale == "en-CA"
    assert page.load_nearest("es-US").country.crisis == "988"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_emergency_is_one_short_sentence(locale: str) -> None:
    (sentence,) = page.load(locale).prompts.emergency.say()
    assert len(sentence.split()) <= 15
    assert len(re.findall(r"[.?!]", sentence)) == 1
    assert sentence.split()[:2] == ["Call", NUMBERS[locale][0]]


def test_the_terms_are_those_that_the_page_explains() -> None:
    assert [term.name for term in page.load().terms.values()] == TERMS


@pytest.mark.parametrize("locale", LOCALES)
def test_questions_end_in_a_question_mark(locale: str) -> None:
    prompts = page.load(locale).prompts
    asking = [name for name in Prompts.__annotations__ if name.endswith(("_question", "_reprompt"))]
    assert asking
    for name in asking:
        assert getattr(prompts, name).lines[-1].endswith("?"), name
        if name.endswith("_question"):
            assert len(getattr(prompts, name).lines) == 1, name


def test_curly_quotes_mark_phrases_and_are_not_spoken() -> None:
    here = page.load()
    assert "list the topics" in here.phrases
    assert not [text for text in every_text(here) if "“" in text or "”" in text]


def test_every_prompt_is_used() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in Path(skill.__file__).parent.rglob("*.py"))
    unused = [name for name in Prompts.__annotations__ if not re.search(rf"(?<!\w)prompts?\.{name}\b", code)]
    assert not unused


def _sentences_in_code(tree: ast.AST) -> list[str]:
    """String constants of four words or more that are neither a docstring, a log message nor an exception's."""
    excused: set[ast.AST] = set()
    texts: list[tuple[ast.AST, str]] = []
    for node in ast.walk(tree):
        logs = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log.")
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            excused.add(node.value)
        elif logs or isinstance(node, ast.Raise):
            excused.update(ast.walk(node))
        elif isinstance(node, ast.JoinedStr):
            texts.append((node, " ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append((node, node.value))
    several = re.compile(r"(?:[A-Za-z'][A-Za-z',;]* +){3,}[A-Za-z']+")
    return [text for node, text in texts if node not in excused and several.search(text)]


def test_the_scan_finds_a_sentence() -> None:
    assert _sentences_in_code(
        ast.parse("def f():\n 'A docstring of many words.'\n return f'Please call {x} right now.'")
    )


@pytest.mark.parametrize("where", ["dialogue", "handlers.py", "session.py"])
def test_python_holds_no_spoken_sentence(where: str) -> None:
    found = Path(skill.__file__).parent / where
    files = sorted(found.rglob("*.py")) if found.is_dir() else [found]
    assert files
    for file in files:
        assert not _sentences_in_code(ast.parse(file.read_text(encoding="utf-8"))), file.name
