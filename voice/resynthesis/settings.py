"""Constants that determine how speech is resynthesised, and how well its speaker is hidden."""

from __future__ import annotations

SAID_RATE = 24000
"""Sample rate of Kokoro's output."""
SAID_FRAME = 600
"""Samples per frame of Kokoro's durations: 25 ms."""
MOST_TOKENS = 240
"""Most phonemes said at once: the model takes 510, but longer phrases take more memory."""

CUT_EDGE = 0.05
"""Seconds from either end of a recording within which a word is probably cut off."""
CUT_CONFIDENCE = 0.5
"""Least confidence of such a word: Whisper base's median is .57 for words that begin with a take cut in mid-speech, and
.96 for words inside.
"""
PAUSE = 0.25
"""Seconds between two words that separate two phrases."""
LONGEST_PHRASE = 6.0
"""Longest phrase, in seconds: it limits the memory that synthesis takes."""
FASTEST, SLOWEST = 1.9, 0.5
"""Fastest and slowest rate of a word, relative to the synthesiser's own: beyond that it is hard to understand."""
LEAD = 10
"""Frames of silence with which the synthesiser begins: with fewer it swallows the first sound."""
HEARD_LEAD = 4
"""Frames of that silence of which sound is made, which takes longest: the others only matter to what comes before."""
TRAIL = 3
"""Frames of each of the two tokens after the last sound."""
HEARD_TRAIL = 1
"""Frames after the last sound of which sound is made: it is over by then, see :data:`EARLY`."""
EARLY = 0.06
"""Seconds by which a sound is heard before the frames that the synthesiser gives it, chosen so that words come at their
times on average (python -m evaluation.runs.resynthesis).
"""
LAST_SOUND = 8.0
"""Frames of a phrase's last sound that are speech: the synthesiser includes the silence after it."""

VOICED = 60.0
"""Hz below which a value of Kokoro's pitch curve means no pitch."""
REACH = 2.5
"""Largest distance of a pitch from its voice's median, in standard deviations: anything beyond is an error, or reveals
who spoke.
"""
PITCHES = 60.0, 420.0
"""Range in Hz in which a speaker's pitch is looked for."""
LOW_BELOW = 165.0
"""Hz; a speaker with a lower median pitch gets a low voice, unless any voice will do."""

SHARES = 0.3, 0.7
"""Least and greatest share of a style in a mix of two; in a mix of three the least is half of that."""
APART = 0.4
"""Least distance between the styles of two people in a meeting, see :meth:`MixedVoice.distance`."""
OWN_SOUND = 0.25
"""Least distance of a mix from each single style."""
DRAWS = 64
"""Mixes tried for a person until one is far enough from all others; if none is, the farthest is taken."""
PITCH_SHIFT = 1.5
"""Semitones by which a voice's median pitch may differ from that of its styles, either way."""

FLATTER = 0.4
"""Share of a speaker's own pitch movement that ``flat`` keeps; the rest is the synthesiser's."""
EVENED = 0.7
"""Share of a speaker's deviations in rate and pauses that ``flat`` removes."""

TONE_BANDS = (60, 120, 200, 300, 450, 700, 1000, 1500, 2200, 3200, 4600, 6400, 8000)
"""Edges in Hz of the bands in which a room's noise is measured. They are too coarse to hold a voice."""
TONE_SHARE = 0.1
"""A band's noise is its level at this quantile of all frames, at which nobody speaks."""
LEAST_SPEECH = 0.004
"""RMS of the quietest synthesised speech (-48 dB)."""
MOST_SPEECH = 0.2
"""RMS of the loudest."""
LEVEL_STEP = 1.0
"""Step in dB to which a phrase's level is rounded: nothing else of its loudness is taken over."""
MOST_TONE = 0.01
"""Greatest RMS of a room's noise (-40 dB): anything louder is music or speech."""
EDGE = 0.006
"""Seconds in which a phrase fades in and out."""
LEAST_FRAMES = 3
"""Frames from which sound has a pitch contour."""
LEAST_STYLES = 3
"""Styles that must be there for a voice to be mixed from two or three of them."""
QUIETEST_TENTH = 2.0
"""dB by which the mean power of noise lies above that of its quietest tenth of frames."""

# contour.py
EVEN_CORRELATION = 0.6
"""Correlation at which a frame has as likely a pitch as none."""
QUIET_SHARE = 0.03
"""Share of the loudest frames' level below which a frame has no pitch."""
PITCH_CANDIDATES = 8
"""Likeliest pitches of each frame that are kept."""
PITCH_CHANGE_COST = 1.5
"""Cost of a pitch change, per neper."""
ONSET_COST = 0.3
"""Cost of beginning or ending a voiced stretch."""
LONG_LAG_COST = 0.05
"""Cost of a lag, per octave above the shortest: the correlation at two periods is as high as at one."""
MEDIAN_FRAMES = 10
"""Voiced frames needed to know a speaker's median."""
CONTOUR_SMOOTHING = 3
"""Values over which a contour is averaged: finer detail is a trait of the voice, not of what is said."""

# numbers.py
LONGEST_NUMBER = 9
"""A figure with more digits than this is read digit by digit."""

# phrases.py
EVENING_STEPS = 20
"""Number of steps in mixing the words' own times with those of an even rate."""

# pronunciation.py
LONGEST_ABBREVIATION = 5
"""Longest word in capitals, in letters, that is taken for an abbreviation."""
MOST_PHONES = 20
"""Phones of one word at most: the network need not end by itself."""
OUTPUT_MARKS = 4
"""Entries of the network's output before the first phone: padding, unknown, start and end."""

# room_tone.py
LEVELS_ABOVE = 60
"""dB above full scale up to which levels are counted."""
ROOM_FLOOR = 120
"""dB below full scale at which a band counts as empty."""
