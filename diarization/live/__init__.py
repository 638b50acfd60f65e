"""Who speaks now, while a meeting is recorded."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from diarization.live.clustering import LATENCY, LiveActivity, LiveDiarizer
    from diarization.live.sortformer import LiveSortformer, why_not_live
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "clustering": ["LATENCY", "LiveActivity", "LiveDiarizer"],
            "sortformer": ["LiveSortformer", "why_not_live"],
        },
    )

__all__ = [
    "LATENCY",
    "LiveActivity",
    "LiveDiarizer",
    "LiveSortformer",
    "why_not_live",
]
