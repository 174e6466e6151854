"""What other tools make of the same samples: each a function from filled samples to a function from text to a label."""

from collections.abc import Callable, Iterator
from importlib.metadata import version

from bench.judging import OUTSIDE, label_of
from skill.simulator import guess
from skill.simulator.model import Model
from skill.simulator.words import tokens

Understand = Callable[[str], str]


def filled(model: Model) -> tuple[list[str], list[str]]:
    """The filled samples, as every learning peer gets them, and their labels."""
    found = [example for example in guess.examples(model) if example.filled and example.words]
    return [" ".join(each.words) for each in found], [
        label_of(each.meaning.intent, dict(each.meaning.values)) for each in found
    ]


def hassil(model: Model) -> tuple[str, Understand]:
    """Exact templates, as Home Assistant understands; what no template matches falls back."""
    from hassil import Intents, recognize
    from hassil.intents import TextSlotList

    sentences = {intent.name: {"data": [{"sentences": list(intent.samples)}]} for intent in model.intents}
    intents = Intents.from_dict({"language": "en", "intents": sentences})
    forms = {
        name.lower(): TextSlotList.from_tuples((form, value.id) for value in values for form in value.forms)
        for name, values in model.types.items()
    }

    def understand(text: str) -> str:
        found = recognize(" ".join(tokens(text)), intents, slot_lists=forms)
        if found is None:
            return OUTSIDE
        return label_of(found.intent.name, {name: str(entity.value) for name, entity in found.entities.items()})

    return f"hassil {version('hassil')}, exact templates", understand


def rapidfuzz(model: Model) -> tuple[str, Understand]:
    """The filled sample that is spelled most alike."""
    from rapidfuzz import fuzz, process

    texts, labels = filled(model)

    def understand(text: str) -> str:
        found = process.extractOne(" ".join(tokens(text)), texts, scorer=fuzz.token_sort_ratio, score_cutoff=60)
        return labels[found[2]] if found else OUTSIDE

    return f"rapidfuzz {version('rapidfuzz')}, the most alike sample", understand


def scikit_learn(model: Model) -> tuple[str, Understand]:
    """Words and pieces of words, TF-IDF, logistic regression: the usual first choice."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    texts, labels = filled(model)
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    )
    learned = make_pipeline(features, LogisticRegression(C=20, max_iter=100, solver="saga", tol=0.01))
    learned.fit(texts, labels)
    return (
        f"scikit-learn {version('scikit-learn')}, TF-IDF and logistic regression",
        lambda text: str(learned.predict([" ".join(tokens(text))])[0]),
    )


def installed(model: Model) -> Iterator[tuple[str, Understand]]:
    """Every peer that is installed, ready to be asked."""
    for make in (hassil, rapidfuzz, scikit_learn):
        try:
            yield make(model)
        except ImportError:
            continue
