"""Figures that decide which sound of a recording is listened to, and so which is written."""

from __future__ import annotations

LISTENED_RATE = 16000
"""Hz. Recognisers and diarizers take 16 kHz, so nothing above 8 kHz is listened to."""
BAND = (60.0, 7600.0)
"""Hz. The band that is mixed from several channels: direct current and hum lie below it, and what is not listened to
above it.
"""
BAND_EDGE = 40.0, 400.0
"""Hz over which the band fades in and out; speech has no words there."""

FRAME = 1024
"""Samples of one short-time spectrum (64 ms): longer than the delay between two microphones in a room."""
SURVEY_SECONDS = 10.0
"""Channels are compared over stretches of this length, so that a remark of one second is not averaged away."""
NOTHING = 3e-5**2
"""Mean power below which a channel holds nothing but the quantisation steps of 16-bit samples (-90 dB)."""
ALIKE = 1e-4
"""Share of a channel's power that another channel may leave unexplained if both are the same sound (-40 dB).
Joint stereo of one microphone at 96 kbit/s leaves less than -60 dB, two microphones in a room more than -20 dB."""

MOST_GAIN = 20.0
"""Most dB by which a quieter channel with a voice of its own is amplified."""
BELOW_LOUDEST = 6.0
"""dB that an amplified channel stays below the loudest one, so that it does not cover it."""
OWN = 0.25
"""Share of a channel's power that the other channels must leave unexplained for it to have a sound of its own."""
SPEECH_SWING = 12.0
"""Least dB between the 10th and the 95th percentile of the level of a channel that may hold speech. Noise and hum swing
by less than 6 dB, speech with pauses by more than 20 dB.
"""

VIEW_OWN = 0.1
"""A channel is listened to alone where the mix leaves at least this share of a moment of it unexplained ..."""
VIEW_LOUD = 3e-3
"""... and that is at least this share of the mix's power around it (-25 dB). Fainter speech is not understood."""
VIEW_FRAMES = 8
"""Frames in a moment (a quarter of a second, a syllable)."""
VIEW_MARGIN = 1.0
"""Seconds around such moments that are listened to as well, so that no word is cut."""

TAPS = 1025
"""Length of the mix's filters at 16 kHz (64 ms)."""
SEGMENT = 4096
"""Samples that the mix's filters process at once; part of the result, since rounding depends on it."""
KNOT_HZ, KNOT_TURN = 300.0, 1.2
"""With three or more channels, phases differ by up to this much (radians) between points this far apart (Hz): a group
delay under 0.7 ms, which is inaudible.
"""
PEAK = 0.99
"""Peak level of the mix."""

AUDIO_CHUNK = 1.0
"""Seconds of sound that the decoding process sends at once."""

ROUNDING = 0.1
"""Seconds by which a codec's last frame may reach beyond the measured end."""

START_SECONDS = 30.0
"""Seconds that the decoding process has to start: a busy machine is slow, which says nothing about the file."""

SURVEY_BLOCK = 10.0
"""Seconds of sound that are read at once to compare channels."""

MOST_AHEAD = 8
"""Messages that are read ahead at most."""
DRAIN_TICK = 0.01
"""Seconds between two looks at whether the thread that reads ahead has ended."""

# probe.py
MAX_PIXELS = 8192 * 4320
"""Most pixels of a picture: the largest cinema format. Larger ones are refused, even in the middle of a recording."""

# read_ahead.py
AHEAD_BYTES = 24 << 20
"""Bytes of decoded pictures that may wait for whoever reads them."""
