"""Kokoro-82M (hexgrad, Apache-2.0; StyleTTS 2 with an iSTFT decoder), split where its prosody can be changed.

The network first decides how long each phoneme lasts, then how pitch and loudness move, then makes the sound. Between
these steps durations and pitch can be set. This gives speech somebody else's timing and melody without a second
vocoder and without warping any sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

if TYPE_CHECKING:
    from weights import Store, Tensor

MODEL = "kokoro"
FILE = "kokoro-v1.0.int8.onnx"
STYLES = (
    "af_alloy", "af_aoede", "af_bella", "af_heart", "af_jessica", "af_kore", "af_nova", "af_river", "af_sarah",
    "af_sky", "am_adam", "am_echo", "am_eric", "am_fenrir", "am_liam", "am_michael", "am_onyx", "am_puck", "am_santa",
    "bf_alice", "bf_emma", "bf_isabella", "bf_lily", "bm_daniel", "bm_fable", "bm_george", "bm_lewis",
)  # fmt: skip
"""The model's English voices: the second letter says whether it is a woman's (f) or a man's (m)."""
SPACE, STOP = " ", "."
_DURATIONS, _LENGTHS = "/encoder/Gather_output_0", "/encoder/Div_output_0"
_PROSODY = "/encoder/predictor/text_encoder/Concat_4_output_0"
SOUND = "audio"
"""The model's output."""
PITCH, _ENERGY, _CONTENT = "/encoder/Reshape_output_0", "/encoder/Reshape_1_output_0", "/encoder/MatMul_1_output_0"
_ALPHABET = {
    ",": 3, ".": 4, "!": 5, "?": 6, " ": 16, "A": 24, "I": 25, "O": 31, "Q": 33, "W": 39, "Y": 41, "ᵊ": 42, "b": 44,
    "d": 46, "f": 48, "h": 50, "i": 51, "j": 52, "k": 53, "l": 54, "m": 55, "n": 56, "p": 58, "s": 61, "t": 62,
    "u": 63, "v": 64, "w": 65, "z": 68, "ɑ": 69, "ɐ": 70, "æ": 72, "ɔ": 76, "ð": 81, "ʤ": 82, "ə": 83, "ɛ": 86,
    "ɜ": 87, "ɡ": 92, "ɪ": 102, "ŋ": 112, "θ": 119, "ɹ": 123, "ɾ": 125, "ʃ": 131, "ʧ": 133, "ʊ": 135, "ʌ": 138,
    "ʒ": 147, "ʔ": 148, "ˈ": 156, "ˌ": 157, "ᵻ": 177,
}  # fmt: skip
"""The part of the model's alphabet that English needs."""


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """What the network decides before it makes a sound.

    Attributes:
        style: ``[1, 256]``, the style.
        pitch: ``[1, 2 F]``, Hz; values below :data:`voice.resynthesis.settings.VOICED` mean no pitch.
        energy: ``[1, 2 F]``.
        content: ``[1, 512, F]``, which sounds are made.
    """

    style: FloatArray
    pitch: FloatArray
    energy: FloatArray
    content: FloatArray

    def without(self, first: int, last: int) -> Utterance:
        """Without its ``first`` and its ``last`` frames."""
        frames = slice(first, self.content.shape[2] - last)
        values = slice(2 * frames.start, 2 * frames.stop)
        return Utterance(self.style, self.pitch[:, values], self.energy[:, values], self.content[:, :, frames])


def load_styles(store: Store) -> dict[str, FloatArray]:
    """The styles from the store, name -> ``[510, 256]``. Raises ModelError if they are missing or damaged."""
    folder = Path(store.path(MODEL))
    return {name: np.fromfile(folder / f"{name}.bin", np.float32).reshape(-1, 256) for name in STYLES}


def tokens_of(phonemes: str) -> list[int]:
    """The model's token numbers of ``phonemes``; unknown letters are left out."""
    return [_ALPHABET[letter] for letter in phonemes if letter in _ALPHABET]


def decoder_inputs() -> dict[str, Tensor]:
    """What the second half of the model, which makes the sound, is given."""
    from weights import FLOAT, Tensor

    curve = Tensor(FLOAT, ("one", "values"))
    content = Tensor(FLOAT, ("one", "sounds", "frames"))
    return {"style": Tensor(FLOAT, ("one", "style")), PITCH: curve, _ENERGY: curve, _CONTENT: content}


class Front:
    """What decides durations, pitch and loudness.

    Args:
        head: decides durations.
        rest: decides pitch and loudness.
    """

    def __init__(self, head: Any, rest: Any) -> None:
        self._head, self._rest = head, rest
        self._last: tuple[bytes, Any, Any] = (b"", None, None)

    def durations(self, tokens: Sequence[int], style: FloatArray) -> npt.NDArray[np.float64]:
        """See :meth:`Kokoro.durations`."""
        return np.asarray(self._decided(tokens, style)[0], np.float64).reshape(-1)

    def utterance(self, tokens: Sequence[int], style: FloatArray, frames: npt.NDArray[np.int64]) -> Utterance:
        """See :meth:`Kokoro.utterance`."""
        given = {"tokens": np.array([tokens], np.int64), "style": style, _DURATIONS: frames}
        given[_PROSODY] = self._decided(tokens, style)[1]
        pitch, energy, content = self._rest.run([PITCH, _ENERGY, _CONTENT], given)
        return Utterance(style, pitch, energy, content)

    def _decided(self, tokens: Sequence[int], style: FloatArray) -> tuple[Any, Any]:
        """What the head decides. The last decision is kept, because pitch is asked for after durations."""
        row = np.array([tokens], np.int64)
        key = row.tobytes() + style.tobytes()
        if self._last[0] != key:
            given = {"tokens": row, "style": style, "speed": np.ones(1, np.float32)}
            self._last = (key, *self._head.run([_LENGTHS, _PROSODY], given))
        return self._last[1:]


class Kokoro:
    """The Kokoro model.

    Args:
        front: decides durations, pitch and loudness.
        back: makes the sound.
        styles: name -> ``[510, 256]``, one style for each number of phonemes.
    """

    def __init__(self, front: Front, back: Any, styles: dict[str, FloatArray]) -> None:
        self._front, self._back, self.styles = front, back, styles

    @classmethod
    def from_store(cls, store: Store, threads: int = 1) -> Kokoro:
        """Load the model and its voices, in about 3 s. Raises ModelError if they are missing or damaged."""
        from weights import FLOAT, INT64, Tensor, open_part

        folder = Path(store.path(MODEL))
        model = (folder / FILE).read_bytes()
        style = Tensor(FLOAT, ("one", "style"))
        # The largest part comes first, because loading it takes most memory.
        back = open_part(model, decoder_inputs(), [SOUND], threads)
        given = {"tokens": Tensor(INT64, ("one", "tokens")), "style": style, "speed": Tensor(FLOAT, ("one",))}
        head = open_part(model, given, [_LENGTHS, _PROSODY], threads)
        del given["speed"]
        given |= {_DURATIONS: Tensor(INT64, ("tokens",)), _PROSODY: Tensor(FLOAT, ("one", "tokens", "features"))}
        front = Front(head, open_part(model, given, [PITCH, _ENERGY, _CONTENT], threads))
        return cls(front, back, load_styles(store))

    @property
    def front(self) -> Front:
        """What decides durations, pitch and loudness."""
        return self._front

    def durations(self, tokens: Sequence[int], style: FloatArray) -> npt.NDArray[np.float64]:
        """The number of frames, not rounded, that the network itself gives each token.

        Args:
            tokens: ``[T]``, see :func:`tokens_of`; they begin and end with 0.
            style: ``[1, 256]``.
        """
        return self._front.durations(tokens, style)

    def utterance(self, tokens: Sequence[int], style: FloatArray, frames: npt.NDArray[np.int64]) -> Utterance:
        """Pitch and loudness of ``tokens`` with the durations ``frames`` ``[T]``, each at least 1."""
        return self._front.utterance(tokens, style, frames)

    def sound(self, utterance: Utterance) -> FloatArray:
        """Speech ``[600 F]`` at 24 kHz in -1..1."""
        given = {
            "style": utterance.style,
            PITCH: utterance.pitch,
            _ENERGY: utterance.energy,
            _CONTENT: utterance.content,
        }
        (samples,) = self._back.run(None, given)
        return np.asarray(np.clip(np.nan_to_num(samples.reshape(-1)), -1.0, 1.0), np.float32)
