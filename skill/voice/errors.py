"""What may go wrong between a recording and its words; drawn as a tree in the package's docstring."""


class HearingError(Exception):
    """The words can't be had. `str(error)` is one sentence that says what happened and what to try."""


class NoRecogniser(HearingError):
    """Not installed, or it did not start."""


class BadRecording(HearingError):
    """No sound that can be read, or more than a question."""


class TooBusy(HearingError):
    """Too many recordings wait already."""
