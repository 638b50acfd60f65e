"""The models of the three stages: those that AAVID names, where they are on this machine, else Discreet's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from timeline import ModelError

if TYPE_CHECKING:
    from discreet.config import Settings
    from weights import Store

REFERENCE = {
    "RetinaFace": "vision.detect.detector=retinaface-mnet+yunet",
    "ArcFace": "vision.recognise.recogniser=arcface-mbf",
    "TalkNet": "vision.speaker.scorer=talknet",
    "Sortformer": "diarization.diarizer=sortformer",
    "TitaNet-S": "diarization.voiceprint=titanet-s",
}
"""The model that AAVID uses -> the setting that chooses it here. SORT tracks faces in any case."""


def best_models(store: Store, load: Callable[[Sequence[str]], Settings]) -> tuple[list[str], str]:
    """The settings that choose AAVID's models where they are here, and a line that says which are used.

    Args:
        store: where models are looked for.
        load: gives the settings with more options.
    """
    from discreet.config import model_ids

    usual = set(model_ids(store, load(())))
    here: list[str] = []
    away: list[str] = []
    options: list[str] = []
    for name, option in REFERENCE.items():
        try:
            needed = set(model_ids(store, load([option]))) - usual
            there = bool(needed) and all(store.has(id) for id in needed)
        except ModelError:
            there = False
        (here if there else away).append(name)
        options += [option] if there else []
    parts = [f"{_listed(here)} as in AAVID"] if here else []
    parts += [f"Discreet's own for {_listed(away)}"] if away else []
    how = " (not on this machine; how to get them: discreet doctor)" if away else ""
    return options, f"Models: {'; '.join(parts)}{how}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
