"""A student that ships with the program: network, voices and card, and a converter made of them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from timeline import FloatArray, ModelError
from voice.live.student.converter import StudentConverter
from voice.live.student.network import Student, StudentVoice
from voice.pseudo_voice import PseudoVoice
from voice.resynthesis import Fargan, VoiceRange

if TYPE_CHECKING:
    from weights import Store

FOLDER = Path(__file__).parent
NETWORK, VOICES, CARD = "student.onnx", "voices.npz", "student.json"
_SHARE = 0.6
"""Least share of the first of the two voices that are mixed."""


@dataclass(frozen=True, slots=True, eq=False)
class StudentVoices:
    """Voices of the corpus that the student learned from.

    Attributes:
        codes: ``[N, 36]``, see :class:`StudentVoice`.
        pitch: ``[N, 2]``, median and deviation of each, in nepers.
    """

    codes: FloatArray
    pitch: FloatArray

    def drawn(self, voice: PseudoVoice) -> StudentVoice:
        """A mix of two of them, which follows from ``voice``, and so from its key and its person, alone."""
        numbers = np.frombuffer(hashlib.sha256(repr(voice).encode()).digest()[:12], ">u4").astype(np.float64) / 2**32
        first = int(numbers[0] * len(self.codes))
        other = (first + 1 + int(numbers[1] * (len(self.codes) - 1))) % len(self.codes)
        share = _SHARE + (1.0 - _SHARE) * float(numbers[2])
        code, pitch = (share * each[first] + (1.0 - share) * each[other] for each in (self.codes, self.pitch))
        return StudentVoice(np.asarray(code, np.float32), VoiceRange(float(pitch[0]), float(pitch[1])))


def shipped_converter(voice: PseudoVoice, rate: int, store: Store, folder: Path = FOLDER) -> StudentConverter:
    """The converter at ``rate`` samples per second, a multiple of 16000.

    Raises:
        ModelError: the student is not as its card says, or FARGAN is missing.
        ValueError: the student does not work at that rate.
    """
    network, voices = _loaded(folder)
    fargan = Fargan.from_store(store)
    return StudentConverter(Student(_session(network)), fargan, voices.drawn(voice), rate)


def ships() -> bool:
    """Whether a student is part of this installation. None is yet: none trained so far is understood."""
    return (FOLDER / CARD).is_file()


def card(folder: Path = FOLDER) -> dict[str, Any]:
    """What is known of it: data, seeds, hash and figures. Raises ModelError if there is none."""
    try:
        found: dict[str, Any] = json.loads((folder / CARD).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError("the live student is not part of this installation", "use voice.converter=warp") from error
    return found


@cache
def _loaded(folder: Path) -> tuple[bytes, StudentVoices]:
    wanted, remedy = card(folder)["sha256"], "install Discreet again, or use voice.converter=warp"
    try:
        network = (folder / NETWORK).read_bytes()
        with np.load(folder / VOICES, allow_pickle=False) as arrays:
            voices = StudentVoices(arrays["codes"].astype(np.float32), arrays["pitch"].astype(np.float32))
    except (OSError, ValueError, KeyError) as error:
        raise ModelError("the live student cannot be read", remedy) from error
    if hashlib.sha256(network).hexdigest() != wanted:
        raise ModelError("the live student is not the one that its card describes", remedy)
    return network, voices


def _session(network: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
