"""MP3 frames. In: samples. Out: frames that Alexa, the cheapest player and the oldest DAISY device take.

Each is 144 bytes and 24 ms, so that times are exact sums of frames.
"""

import lameenc
import numpy as np
from numpy.typing import NDArray

from audio.edition import RATE

BIT_RATE = 48
"""Kilobits a second, constant: what Alexa takes; 24 is no longer intelligible."""

FRAME_SAMPLES = 576
"""Samples in one frame of MPEG-2 layer III."""

FRAME_BYTES = FRAME_SAMPLES // 8 * BIT_RATE * 1000 // RATE
"""Bytes of one frame; at 48 kbit/s and 24 kHz no frame is ever padded."""

FRAME_SECONDS = FRAME_SAMPLES / RATE


LAME_SCALE = 0.95
"""What LAME multiplies every sample by at this bit rate, measured; undone, or all would be 0.45 dB too soft."""


def encode(samples: NDArray[np.float32]) -> bytes:
    """`samples` as MPEG-2 layer III frames: 48 kbit/s in every one, 24 kHz, mono, no Xing frame and no tag.

    lameenc, not PyAV: ffmpeg's first frame says 64 kbit/s whatever it is told, which Alexa refuses.
    """
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(BIT_RATE)
    encoder.set_in_sample_rate(RATE)
    encoder.set_out_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(2)  # 2 is LAME's best; the page takes a second or two
    pcm = (np.clip(samples / LAME_SCALE, -1, 1) * 32767).round().astype("<i2").tobytes()
    return bytes(encoder.encode(pcm)) + bytes(encoder.flush())
