"""Speaker verification: equal error rate and minimum detection cost by length of speech."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import soundfile

from diarization import DiarizationSettings, VoiceEmbedder
from evaluation.data.media import MEDIA, RATE
from timeline import FloatArray
from voice.attacks import eer, error_rates
from weights import Store

SECONDS = (1, 2, 4, 8)
DEFAULT = "ecapa+campplus"
PRIOR = 0.01
"""Share of pairs of one person assumed for the cost, as in NIST's evaluations; misses and false alarms have equal
weight.
"""

Scores = npt.NDArray[np.float64]
Same = npt.NDArray[np.bool_]


def min_dcf(scores: Scores, same: Same, prior: float = PRIOR) -> float:
    """Least detection cost over all thresholds; 1 is that of always saying no (NIST SRE's normalised cost)."""
    misses, alarms = error_rates(scores, same)
    return float((prior * misses + (1 - prior) * alarms).min() / min(prior, 1 - prior))


def pairs(vectors: FloatArray, who: Sequence[str], among: Sequence[str] | None = None) -> tuple[Scores, Same]:
    """Cosines of all pairs and whether they are one person's; with ``among`` only pairs with an equal value of it."""
    i, j = np.triu_indices(len(vectors), 1)
    names = np.array(who)
    keep = np.ones(len(i), np.bool_) if among is None else np.array(among)[i] == np.array(among)[j]
    return (vectors @ vectors.T)[i, j][keep].astype(np.float64), (names[i] == names[j])[keep]


def voiceprints(
    store: Store, alone: Callable[[], Iterator[tuple[FloatArray, str, str]]]
) -> dict[str, list[tuple[str, float, float]]]:
    """``(condition, EER, minDCF)`` of each voiceprint: read utterances cut to length, and far-field pieces.

    Args:
        store: has the models.
        alone: returns far-field pieces ``(samples, who, recording)``, compared within one recording.
    """
    names = DEFAULT.split("+")
    embedder = VoiceEmbedder.from_store(store, DiarizationSettings.model_validate({"voiceprint": DEFAULT}))
    out: dict[str, list[tuple[str, float, float]]] = {name: [] for name in (*names, DEFAULT)}

    def measure(condition: str, pieces: list[FloatArray], who: list[str], among: list[str] | None = None) -> None:
        if not pieces:
            return
        both = embedder.pieces(pieces)
        size = both.shape[1] // len(names)
        # The parts of the joint embedding are the single ones, scaled: every piece goes through each network once.
        parts = {name: both[:, i * size : (i + 1) * size] for i, name in enumerate(names)}
        for name, vectors in {**parts, DEFAULT: both}.items():
            scores, same = pairs(vectors, who, among)
            if same.any() and not same.all():
                out[name].append((condition, eer(scores, same), min_dcf(scores, same)))

    clips = [(p.parent.name, soundfile.read(p, dtype="float32")[0]) for p in sorted(MEDIA.glob("voices/*/*.flac"))]
    for seconds in SECONDS:
        size = seconds * RATE
        cut = [(who, clip[(len(clip) - size) // 2 :][:size]) for who, clip in clips if len(clip) >= size]
        measure(f"{seconds} s", [clip for _, clip in cut], [who for who, _ in cut])
    far = list(alone())
    measure("far-field", [p for p, _, _ in far], [who for _, who, _ in far], [recording for _, _, recording in far])
    return out
