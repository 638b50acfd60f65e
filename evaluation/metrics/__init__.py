"""Error rates and intervals."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from evaluation.metrics.audible_leaks import heard_again, redacted
    from evaluation.metrics.diarization import GRID, Truth, der, grid, jer, own_voice, right_person
    from evaluation.metrics.differential_privacy import excess
    from evaluation.metrics.intervals import curve_svg, wilson
    from evaluation.metrics.likelihood import Flags, Floats, cllr, fit, reliability, reliability_svg
    from evaluation.metrics.plain_clustering import COSINE, plain
    from evaluation.metrics.verification import Same, Scores, voiceprints
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "diarization": ["GRID", "Truth", "der", "grid", "jer", "own_voice", "right_person"],
            "intervals": ["curve_svg", "wilson"],
            "audible_leaks": ["heard_again", "redacted"],
            "likelihood": ["Flags", "Floats", "cllr", "fit", "reliability", "reliability_svg"],
            "plain_clustering": ["COSINE", "plain"],
            "differential_privacy": ["excess"],
            "verification": ["Same", "Scores", "voiceprints"],
        },
    )

__all__ = [
    "COSINE",
    "GRID",
    "Flags",
    "Floats",
    "Same",
    "Scores",
    "Truth",
    "cllr",
    "curve_svg",
    "der",
    "excess",
    "fit",
    "grid",
    "heard_again",
    "jer",
    "own_voice",
    "plain",
    "redacted",
    "reliability",
    "reliability_svg",
    "right_person",
    "voiceprints",
    "wilson",
]
