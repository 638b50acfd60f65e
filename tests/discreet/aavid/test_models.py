"""AAVID's models where they are on the machine, else Discreet's own, in one line."""

from collections.abc import Sequence

from discreet.aavid.models import REFERENCE, best_models
from discreet.config import Settings, load
from weights import Store


class Holding:
    """A store that holds the named models and no others."""

    def __init__(self, *ids: str) -> None:
        self._store, self._ids = Store(), ids

    def __getattr__(self, name: str):
        return getattr(self._store, name)

    def has(self, id: str) -> bool:
        return id in self._ids


def with_options(more: Sequence[str]) -> Settings:
    return load(options=more)


def test_without_them_everything_is_as_usual() -> None:
    options, line = best_models(Holding(), with_options)
    assert options == []
    assert line == (
        "Models: Discreet's own for RetinaFace, ArcFace, TalkNet, Sortformer and TitaNet-S (not on this machine; how to"
        " get them: discreet doctor)."
    )


def test_those_that_are_here_are_used() -> None:
    options, line = best_models(Holding("retinaface-mnet", "arcface-mbf", "titanet-s"), with_options)
    assert options == [REFERENCE["RetinaFace"], REFERENCE["ArcFace"], REFERENCE["TitaNet-S"]]
    assert line.startswith("Models: RetinaFace, ArcFace and TitaNet-S as in AAVID; Discreet's own for TalkNet")


def test_all_of_them_are_the_reference_profile() -> None:
    options, line = best_models(
        Holding("retinaface-mnet", "arcface-mbf", "talknet", "sortformer-v2", "titanet-s"), with_options
    )
    assert options == list(REFERENCE.values())
    assert "own for" not in line
    chosen, profile = load(options=options), load(options=["profile=reference"])
    assert chosen.vision == profile.vision
    assert chosen.diarization.diarizer == profile.diarization.diarizer
