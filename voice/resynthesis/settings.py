"""Figures that decide how speech is said again, and how well its speaker is hidden."""

from __future__ import annotations

SAID_RATE = 24000
"""Samples per second of what Kokoro says."""
SAID_FRAME = 600
"""Samples of one frame of Kokoro's durations: 25 ms."""
PITCH_FRAME = 300
"""Samples of one value of Kokoro's pitch curve: 12.5 ms."""
MOST_TOKENS = 240
"""Phonemes said at once: the model takes 510, and longer phrases take more memory."""

CUT_EDGE = 0.05
"""Seconds from either end of a recording within which a word is probably cut off."""
CUT_CONFIDENCE = 0.5
"""Confidence below which such a word is not believed: Whisper base's median is .57 for words that begin with a take cut
in mid-speech, and .96 for words inside."""
PAUSE = 0.25
"""Seconds between two words from which on they belong to two phrases."""
LONGEST_PHRASE = 6.0
"""Seconds of a phrase: it bounds the memory that saying it takes."""
FASTEST, SLOWEST = 1.9, 0.5
"""How much faster and slower than by itself the synthesiser may say a word: beyond that it is hard to understand."""
LEAD = 10
"""Frames of silence with which the synthesiser begins: with fewer it swallows the first sound."""
HEARD_LEAD = 4
"""Frames of that silence of which sound is made, which takes longest: the others only matter to what comes before."""
TRAIL = 3
"""Frames after the last sound."""
EARLY = 0.06
"""Seconds by which a sound is heard before the frames that the synthesiser gives it: found so that words come at their
times on the mean (python -m evaluation.runs.resynthesis)."""
LAST_SOUND = 8.0
"""Frames of a phrase's last sound that are speech: the synthesiser counts the silence after it in."""

VOICED = 60.0
"""Hz below which a value of Kokoro's pitch curve means: no pitch."""
REACH = 2.5
"""Standard deviations by which a pitch may lie off the median of its voice: what lies beyond is an error, or tells
who spoke."""
PITCHES = 60.0, 420.0
"""Hz between which a speaker's pitch is looked for."""
LOW_BELOW = 165.0
"""Hz; a speaker whose median pitch is lower is given a low voice, unless any voice will do."""

SHARES = 0.3, 0.7
"""Least and greatest share of a style in a mix of two; in a mix of three the least is half of that."""
APART = 0.4
"""Least distance between the styles of two people in a meeting, see :meth:`MixedVoice.distance`."""
OWN_SOUND = 0.25
"""Least distance of a mix from each single style."""
DRAWS = 64
"""Mixes drawn for a person until one is far enough from all others; then the farthest is taken."""
PITCH_SHIFT = 1.5
"""Semitones by which a voice's median pitch may lie off that of its styles, either way."""

FLATTER = 0.4
"""Share of a speaker's own deviations in pitch that ``flat`` leaves; the rest is the synthesiser's."""
EVENED = 0.7
"""Share of a speaker's deviations in rate and pauses that ``flat`` takes away."""

TONE_BANDS = (60, 120, 200, 300, 450, 700, 1000, 1500, 2200, 3200, 4600, 6400, 8000)
"""Hz; edges of the bands in which a room's noise is measured. Too coarse for a voice to stand in them."""
TONE_SHARE = 0.1
"""The noise of a band is what it has at this share of all times: there, nobody speaks."""
LEAST_SPEECH = 0.004
"""RMS of the quietest speech that is made (-48 dB)."""
MOST_SPEECH = 0.2
"""RMS of the loudest."""
LEVEL_STEP = 1.0
"""dB in which the level of a phrase is told: more of its loudness is not taken over."""
MOST_TONE = 0.01
"""RMS above which a room's noise is not made (-40 dB): louder, it is music or speech."""
EDGE = 0.006
"""Seconds in which a phrase fades in and out."""
