"""Figures of joining voices and faces: how much of a mouth must be seen to say anything about it."""

from __future__ import annotations

LEAST_SCORES = 25
"""Scores of a mouth (one second) from which it has a scale of its own."""
LEAST_IN_PIECE = 5
"""Scores within a piece of speech (.2 s) from which they say whether the mouth moved in it."""

# people.py
OWN_LIPS = 2.0
"""Log-odds that a person's own lips add or subtract at full movement or none."""
RIVAL_LIPS = 3.0
"""Log-odds that livelier lips of another face subtract."""
BRIEF_OVERLAP = 0.5
"""Seconds of an overlap below which lips tell nothing about it."""

# reassignment.py
LIP_FRAMES = 9
"""Frames over which lips are averaged: syllables are longer than a picture."""
VOICE_WEIGHT = 16.0
"""Factor that converts a piece's cosine to a person's voice to log-odds."""
PIECE_NOISE = 1.0
"""Seconds of speech at which half of the embedding is noise."""
MOVING, RESTING = 3.0, -6.0
"""Log-odds of lips that move fully, or not at all, if they fit the person's voice perfectly: listeners may move their
lips, but nobody talks with lips at rest.
"""
GIVEN = 2.0
"""Log-odds of the diarizer's own decision."""
CHANGE_COST = 3.0
"""Cost of a change of speaker, in log-odds."""
INDEPENDENT_FRAMES = 6.25
"""Frames per second that count as independent evidence: one in four."""
CLEAR_GAIN = 1.0
"""Mean log-odds needed to move a stretch to somebody with more rights."""
STILL = 0.25
"""Level below which lips are at rest."""
FITS = 0.35
"""Lead from which resting lips show that a second voice is not theirs."""
LIP_BLUR = 12
"""Frames (0.5 s) within which lips do not tell exactly where somebody begins or ends: scores are smoothed, and lips
open before speech. This much beside the turn of somebody with more rights stays as the sound alone has it.
"""
EVEN = 0.5
"""Confidence below which a turn is more likely somebody else's."""
SLIVER = 0.1
"""Seconds up to which the rest of a turn beside a moved stretch is dropped."""

# split.py
LIP_CONTRAST = 0.25
"""Least difference between a mouth's high and low scores for it to be informative."""
SPEAKS, RESTS = 0.6, 0.4
"""Levels (0: a mouth's low scores, 1: its high ones) from which it speaks, and up to which it rests."""
LEAST_OWN_SPEECH = 2.5
"""Seconds of a cluster's speech that a mouth needs to have a voice of its own in it."""
SAME_PERSON = 0.55
"""Cosine of two such voices, if both were long, from which they are one person's."""
SPLIT_NOISE = 2.0
"""Seconds of speech at which half of the embedding is noise; more than elsewhere, because the diarizer took them for
one voice.
"""
INSIDE_TURNS = 0.8
"""Share of a piece that must lie in a cluster's turns for it to belong to the cluster."""
SPLIT_ROUNDS = 3
"""Rounds in which pieces go to the nearer of the two voices, and the voices follow."""

# speaking_faces.py
LIPS_SHARE = 0.3
"""Share of the lips' log-odds that counts beside the turns: of .2 to 1, .3 gave the best F1 on the development meetings
and the best calibration.
"""
VOICE_MOST = 3.0
"""Largest log-odds that a turn adds to its person's face, or takes from it if the turn is doubtful."""
SILENT_FACE = -4.0
"""Log-odds that somebody speaks while they have no turn."""
VOICELESS_FACE = -2.0
"""Log-odds that a face speaks to which no voice belongs."""
