"""Moonshine, a small recogniser of English whose model is inside its package (moonshine-voice 0.1.0, tiny-en).

Later versions of the package hold no model and would download one, so that one version is asked for.
"""

import numpy as np
from moonshine_voice import ModelArch, get_model_path
from moonshine_voice.errors import MoonshineError
from moonshine_voice.transcriber import Transcriber

from skill.voice import HOW_TO_ADD, RATE, HearingError, NoRecogniser, Samples

_SILENCE = [0.0] * RATE
"""A second of nothing."""

_MARGIN = RATE // 2
"""Samples of silence around a recording: its first word is often the moment when the button went down."""

_OPTIONS = {"identify_speakers": "false", "return_audio_data": "false"}


class Moonshine:
    """Hears with moonshine-voice. Raises `NoRecogniser` when it does not start."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        try:
            model = get_model_path("tiny-en")
            self._transcriber = Transcriber(model, ModelArch.TINY, options=_OPTIONS)
        except (MoonshineError, OSError) as error:
            raise NoRecogniser(
                f"The recogniser did not start, or its model is not in its package: run {HOW_TO_ADD} again."
            ) from error

    def hear(self, samples: Samples) -> str:
        try:
            lines = self._lines(np.pad(samples, _MARGIN).tolist())
        except MoonshineError as error:
            raise HearingError("The recogniser failed on this recording: record your question again.") from error
        finally:
            self._forget()
        return " ".join(filter(None, (line.strip() for line in lines)))

    def _forget(self) -> None:
        """It keeps the end of what it heard for the next call, where it was heard as a "you"; and nothing that somebody
        said is to be kept. Silence takes its place; where even that fails, a new transcriber does."""
        try:
            self._lines(_SILENCE)
        except MoonshineError:
            self._start()

    def _lines(self, samples: list[float]) -> list[str]:
        return [line.text for line in self._transcriber.transcribe_without_streaming(samples, RATE).lines]
