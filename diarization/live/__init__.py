"""Who speaks now, while a meeting is recorded."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from diarization.live.clustering import LATENCY, LiveActivity, LiveDiarizer
    from diarization.live.sortformer import LiveSortformer, unfit
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "clustering": ["LATENCY", "LiveActivity", "LiveDiarizer"],
            "sortformer": ["LiveSortformer", "unfit"],
        },
    )

__all__ = [
    "LATENCY",
    "LiveActivity",
    "LiveDiarizer",
    "LiveSortformer",
    "unfit",
]
