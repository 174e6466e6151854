"""The skill on one's own machine: typed words → understanding → the request JSON of a device → the skill → its reply.

Nothing here is loaded by Lambda. The stages, in order: `model` (what may be said), `words` (an utterance as tokens),
`lexicon` (words that fill slots), `grammar` (exact samples), `hearing` (misheard words), `guess` (learned from the
samples), `sense` (an extra: what whole lines are about), `resolver` (all of these together), `device` (an Echo:
sessions, requests, replies) and `terminal` (what is printed).
"""
