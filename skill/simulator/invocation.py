"""How a skill is opened by voice: wake word, launch words and one-shot requests, by Alexa's own grammar.

These are the platform's phrases, not ours: Amazon takes them off before a skill's own model is asked
(https://developer.amazon.com/docs/custom-skills/understanding-how-users-invoke-custom-skills.html).
"""

import re

WAKE = ("alexa", "amazon", "echo", "computer", "ziggy")
LAUNCH = (
    "open",
    "launch",
    "start",
    "run",
    "begin",
    "enable",
    "load",
    "play",
    "resume",
    "use",
    "talk to",
    "open up",
    "go to",
)
ASK = ("ask", "tell", "search", "use", "open", "launch", "start", "talk to")
CONNECTORS = (
    "to",
    "about",
    "for",
    "if",
    "whether",
    "that",
    "and",
    "and ask",
    "and ask about",
    "and tell me",
    "from",
    "with",
)

_FILLER = r"(?:please |hey |ok |okay |can you |could you )*"


def one_shot(words: tuple[str, ...], invocation: str) -> tuple[bool, tuple[str, ...]]:
    """Whether the skill was named, and the words that are left for its own model.

    ("ask", "sarcoma", "treatment", "guide", "about", "surgery") → (True, ("surgery",)); a plain launch leaves no words.
    """
    text = " ".join(words)
    name = re.escape(" ".join(invocation.split()))
    wake = rf"(?:(?:{'|'.join(WAKE)}) )?"
    launched = re.fullmatch(rf"{_FILLER}{wake}{_FILLER}(?:(?:{'|'.join(LAUNCH)}) )?(?:the )?{name}(?: please)?", text)
    if launched:
        return True, ()
    asked = re.fullmatch(
        rf"{_FILLER}{wake}{_FILLER}(?:{'|'.join(ASK)}) (?:the )?{name} (?:(?:{'|'.join(CONNECTORS)}) )?(.+)",
        text,
    )
    if asked:
        return True, tuple(asked[1].split())
    reversed_order = re.fullmatch(rf"{_FILLER}{wake}(.+?) (?:from|with|using|on|by asking|in) (?:the )?{name}", text)
    if reversed_order:
        return True, tuple(reversed_order[1].split())
    woken = re.fullmatch(rf"(?:hey )?(?:{'|'.join(WAKE)}) (.+)", text)
    return False, tuple(woken[1].split()) if woken else words
