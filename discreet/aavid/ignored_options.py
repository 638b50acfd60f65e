"""Options of AAVID's script for stage 2 that tune its own models: taken, so that no line must change, and said."""

from __future__ import annotations

from collections.abc import Sequence

from timeline import InputError

TUNING = (
    "--pretrainModel",
    "--nDataLoaderThread",
    "--facedetScale",
    "--minTrack",
    "--numFailedDet",
    "--minFaceSize",
    "--cropScale",
)


def without_effect(words: Sequence[str]) -> str:
    """A line about the tuning options in ``words``; empty where there are none.

    Args:
        words: what stands on the command line beside Discreet's own options.

    Raises:
        InputError: one of them is no such option.
    """
    found: list[str] = []
    value = False
    for word in words:
        name, equals, _ = word.partition("=")
        if name in TUNING:
            found.append(name)
            value = not equals
        elif value and not word.startswith("--"):
            value = False
        else:
            raise InputError(f"there is no option {name}", "see: discreet aavid speakers --help")
    if not found:
        return ""
    return f"Without effect, because Discreet has settings of its own (discreet config show): {', '.join(found)}."
