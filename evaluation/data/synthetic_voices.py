"""Synthetic voices that say any text: Kokoro if its weights are in the store, otherwise espeak-ng.

Kokoro (hexgrad, Apache-2.0) takes phonemes. The command espeak-ng makes them; it is run, not linked. A voice is a
linear mix of the two style vectors in the store. The speech can be stored for another run.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.data.espeak import say
from timeline import FloatArray
from weights import Store

KOKORO = ("kokoro 0.0", "kokoro 0.35", "kokoro 0.7", "kokoro 1.0")
"""The share of the low voice in each; the rest is the high one."""
ESPEAK = ("en-us+m3", "en-gb+f3", "en-us+f4", "en-gb-scotland+m7")
RATE = 16000
_LEVEL = 0.05
"""RMS of the speech (-26 dB)."""
_FOLDED = {
    "aɪ": "I", "aʊ": "W", "eɪ": "A", "oʊ": "O", "ɔɪ": "Y", "dʒ": "ʤ", "tʃ": "ʧ", "əl": "ᵊl", "oːɹ": "ɔɹ", "ɔːɹ": "ɔɹ",
    "ɑːɹ": "ɑɹ", "ɪɹ": "ɪɹ", "ɛɹ": "ɛɹ", "ʊɹ": "ʊɹ",
}  # fmt: skip
_SINGLE = {
    "ɚ": "əɹ", "ɜː": "ɜɹ", "ɐ": "ə", "r": "ɹ", "x": "k", "ç": "k", "ɬ": "l", "ʔ": "t", "ɾ": "T", "ᵻ": "ɪ", "e": "A",
    "o": "ɔ", "a": "æ", "y": "i", "ø": "ə", "œ": "ɜ", "g": "ɡ", "ɣ": "ɡ", "ʁ": "ɹ", "β": "v", "ɲ": "nj",
    "ʎ": "lj",
}  # fmt: skip
_IDS = {
    ",": 3, ".": 4, " ": 16, "A": 24, "I": 25, "O": 31, "T": 36, "W": 39, "Y": 41, "ᵊ": 42, "b": 44, "d": 46, "f": 48,
    "h": 50, "i": 51, "j": 52, "k": 53, "l": 54, "m": 55, "n": 56, "p": 58, "s": 61, "t": 62, "u": 63, "v": 64, "w": 65,
    "z": 68, "ɑ": 69, "æ": 72, "ɔ": 76, "ð": 81, "ʤ": 82, "ə": 83, "ɛ": 86, "ɜ": 87, "ɡ": 92, "ɪ": 102, "ŋ": 112,
    "θ": 119, "ɹ": 123, "ʃ": 131, "ʧ": 133, "ʊ": 135, "ʌ": 138, "ʒ": 147, "ˈ": 156, "ˌ": 157,
}  # fmt: skip
"""Kokoro's alphabet, as far as English needs it."""


def phonemes(ipa: str) -> str:
    """The output of espeak-ng (IPA, ties between the letters of one sound) in Kokoro's alphabet."""
    text = re.sub(r"\([a-z-]+\)", "", ipa).strip().replace("\n", ", ")
    for said, letter in _FOLDED.items():
        text = text.replace("͡".join(_sounds(said)), letter)
    text = text.replace("͡", "")
    for said, letter in _SINGLE.items():
        text = text.replace(said, letter)
    text = "".join(c for c in text if c in _IDS)
    return re.sub(r"ɹɹ+", "ɹ", text).strip(" ,") + "."


def _sounds(said: str) -> list[str]:
    return re.findall(r".ː?", said)


class Voices:
    """Says text in one of :attr:`names`.

    Args:
        store: may hold Kokoro.
        kept: a folder in which speech is stored, so that a second run need not make it again; None: nowhere.
        espeak: use espeak-ng's own voices in any case.
    """

    def __init__(self, store: Store, kept: Path | None = None, *, espeak: bool = False) -> None:
        self._store, self._kept = store, kept
        self.names = KOKORO if store.has("kokoro") and not espeak else ESPEAK
        self._loaded: tuple[Any, FloatArray, FloatArray] | None = None

    def __call__(self, text: str, voice: str) -> FloatArray:
        """``text`` spoken: float32 ``[n]``, 16 kHz, with hardly any silence at its ends."""
        name = hashlib.sha256(f"{voice}\0{text}".encode()).hexdigest()[:24]
        path = self._kept / f"{name}.npy" if self._kept else None
        if path is not None and path.is_file():
            return np.asarray(np.load(path), np.float32)
        samples: FloatArray = say(text, voice).samples if voice in ESPEAK else self._kokoro(text, voice)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, samples)
        return samples

    def _kokoro(self, text: str, voice: str) -> FloatArray:
        from scipy.signal import resample_poly

        command = ["espeak-ng", "-v", "en-us", "-q", "--ipa", "--tie=͡", "--", text]
        ipa = subprocess.run(command, check=True, timeout=30, capture_output=True, text=True).stdout
        ids = [_IDS[letter] for letter in phonemes(ipa)][:508]
        session, high, deep = self._models()
        low = float(voice.split()[1])
        style = (1 - low) * high[len(ids)] + low * deep[len(ids)]
        given = {
            "tokens": np.array([[0, *ids, 0]], np.int64),
            "style": style.astype(np.float32),
            "speed": np.array([1.0], np.float32),
        }
        (samples,) = session.run(None, given)
        out = resample_poly(np.asarray(samples, np.float32).reshape(-1), 2, 3).astype(np.float32)
        power = float(np.sqrt(np.square(out, dtype=np.float64).mean()))
        return np.asarray(np.clip(out * (_LEVEL / max(power, 1e-6)), -1.0, 1.0), np.float32)

    def _models(self) -> tuple[Any, FloatArray, FloatArray]:
        if self._loaded is None:
            import onnxruntime

            folder = Path(self._store.path("kokoro"))
            styles = [
                np.fromfile(folder / f"{name}.bin", np.float32).reshape(-1, 1, 256)
                for name in ("af_heart", "am_michael")
            ]
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            path = str(folder / "kokoro-v1.0.int8.onnx")
            session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            self._loaded = session, styles[0], styles[1]
        return self._loaded
