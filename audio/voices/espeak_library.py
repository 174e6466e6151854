"""Run as a program: the library of `espeakng-loader` behind the few options of `espeak-ng` that are used here.

In: `--version`, or `--stdin --stdout -v VOICE -s WORDS` and a text. Out: the version, or WAV as espeak-ng writes it.
It imports nothing of this package, so that starting it for each sentence costs little.
"""

import argparse
import ctypes
import struct
import sys

_SYNCHRONOUS, _BY_CHARACTER, _UTF8, _RATE = 2, 1, 1, 1
"""From espeak-ng's speak_lib.h."""

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def main() -> int:
    """Speaks standard input to standard output; gives 0, or 1 when it can't."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", action="store_true")
    parser.add_argument("--stdin", action="store_true")
    parser.add_argument("--stdout", action="store_true")
    parser.add_argument("-v", dest="voice", default="en-us")
    parser.add_argument("-s", dest="rate", type=int, default=175)
    options = parser.parse_args()
    try:
        import espeakng_loader
    except ImportError:
        return 1
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    samples_a_second = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    if samples_a_second <= 0:
        return 1
    if options.version:
        library.espeak_Info.restype = ctypes.c_char_p
        sys.stdout.write(f"eSpeak NG text-to-speech: {library.espeak_Info(None).decode()}\n")
        return 0
    sound = bytearray()

    def take(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _: int | None) -> int:
        if samples and count:
            sound.extend(ctypes.string_at(samples, count * 2))
        return 0

    callback = _Callback(take)  # held, or the library would call what is gone
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(options.voice.encode()) or library.espeak_SetParameter(_RATE, options.rate, 0):
        return 1
    text = sys.stdin.buffer.read() + b"\0"
    if library.espeak_Synth(text, ctypes.c_size_t(len(text)), 0, _BY_CHARACTER, 0, _UTF8, None, None):
        return 1
    library.espeak_Synchronize()
    sys.stdout.buffer.write(wav(bytes(sound), samples_a_second))
    return 0


def wav(sound: bytes, rate: int) -> bytes:
    """16-bit mono samples as a WAV file."""
    layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
    head = struct.pack("<4sI4s", b"RIFF", 36 + len(sound), b"WAVE")
    return head + layout + struct.pack("<4sI", b"data", len(sound)) + sound


if __name__ == "__main__":
    sys.exit(main())
