"""Discreet: an audio-visual meeting recorder that harms nobody."""

import os

__version__ = "0.1.0"

# Before numpy is loaded. Stages run side by side as it is, and a second thread for products of small matrices spins
# while it waits for the next one: without it, telling speakers apart takes a fifth less of the processor.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
