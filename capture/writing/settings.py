"""Figures of writing: how much is held back, and how the sound is coded."""

from __future__ import annotations

KEY_SECONDS = 2.0
"""Seconds between key frames: a recording that was cut off can be read up to the last fragment, and where little
changes, little is coded anew.
"""

HOLD_SECONDS = 0.1
"""Most seconds that the muxer holds back one stream while it waits for the other: masked pictures come later than the
sound, and on a busy machine much later.
"""

WAITING_BLOCKS = 64
"""Blocks of sound that may wait for the encoder."""

REMUX_SECONDS = 3600.0
"""Seconds that copying the packets of a recording may take."""

MP3_KBPS = 96
"""kbit/s for each channel of an MP3."""

SILENCE_SAMPLES = 48000
"""Samples of silence that are written at once."""

CHUNK_SECONDS = 0.1
"""Seconds of sound that are collected before they are sealed and handed to the system: what a crash loses at most."""
ENCODER_TICK = 0.2
"""Seconds between two looks at whether the encoder still runs, while its queue is full."""
ID_BYTES = 16
"""Bytes of the random id of a sealed recording."""
AVX512F = 13
"""OpenCV's number of the processor feature AVX-512F (``CV_CPU_AVX_512F``), whose name its Python module lacks."""
X264_INSTRUCTIONS = "AVX2"
"""The most that x264 may use on a machine with AVX-512; every one of them has AVX2. It costs nothing measurable."""

# encoder.py
QUICK_PRESET = "veryfast"
"""x264's preset of which ``quick`` is a variant."""
QUICK = {"bframes": "0", "subme": "1", "weightp": "0"}
"""Where ``quick`` differs. On two meetings of 1280 x 720, it takes about half the CPU time (9 instead of 17 ms a
picture), and a tenth and two fifths more bytes; PSNR falls from 50 dB by .6 and .3. Superfast at that PSNR takes as
long and makes larger files.
"""
HD_LINES = 720
"""Lines from which a picture has the colours of HD (BT.709 instead of BT.601)."""

# picture_splice.py
MOST_SHARE = 0.6
"""Share of pictures above which the whole recording is coded anew: that is as fast, and makes a smaller file."""
LONGEST_GROUP = 500
"""Pictures after which a piece ends at the next key frame, so that memory does not grow with it."""

# encrypted_sidecar.py
MOST_SEALED = 1 << 26
"""Most bytes of one sealed block; a longer one is damage."""

# sound_splice.py
AROUND_PACKETS = 16
"""Frames coded before and after a piece, so that the encoder has settled and borders can be chosen."""
