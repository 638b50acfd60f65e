"""Discreet: an audio-visual meeting recorder that harms nobody."""

import os
from typing import TYPE_CHECKING

from discreet.version import __version__
from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.progress import Quiet, Ui
    from discreet.redact import RedactionRun, listen, write_safe
else:
    __getattr__ = lazy_exports(
        __name__, {"progress": ["Quiet", "Ui"], "redact": ["RedactionRun", "listen", "write_safe"]}
    )


__all__ = ["Quiet", "RedactionRun", "Ui", "__version__", "listen", "write_safe"]

# Before numpy is loaded. Stages run side by side as it is, and a second thread for products of small matrices spins
# while it waits for the next one: without it, telling speakers apart takes a fifth less of the processor.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
