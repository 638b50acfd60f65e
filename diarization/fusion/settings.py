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

# own_voice_check.py
ANOTHER_VOICE = 0.25
"""Cosine to a template below which some seconds of speech are another voice. In the composed meetings, 0.5 % of own
pieces (with those around them) are below it, and 99 % of other people's.
"""
NEAR_PIECES = 1.5
"""Seconds around a piece within which others are heard with it: a single piece of a second and a half is noisy."""
ANOTHER_VOICE_SECONDS = 1.5
"""Seconds of a cluster in another voice from which that voice is taken out of it."""

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
"""Share of the lips' log-odds that counts beside the turns: of .2, .3, .5 and 1, none gave a better F1 on the
development meetings.
"""
VOICE_MOST = 3.0
"""Largest log-odds that a turn adds to its person's face, or takes from it if the turn is doubtful."""
SILENT_FACE = -4.0
"""Log-odds that somebody speaks while they have no turn."""
VOICELESS_FACE = -2.0
"""Log-odds that a face speaks to which no voice belongs."""

# assignment.py
MATCH_ODDS = 2.0
"""Log-odds of a pairing that is just good enough: lips with the least lead, a voice with the least similarity."""
APART_ODDS = -4.0
"""Strongest log-odds against one person, unless it is impossible."""
UNLIKE_ODDS = -0.5
"""Log-odds of two voices, or two faces, that are similar enough for one person but were not joined."""
ELSEWHERE_ODDS = -8.0
"""Log-odds of a voice and lips that clearly speak at different times."""
SAME_CLUSTER = 0.15
"""Least cosine of two clusters of one person."""
SAME_VOICE = 0.37
"""Cosine of two voices from which they may be one person's, where no model says otherwise."""
ON_SCREEN = 0.5
"""Share of a voice's speech in which a face must be in sight to be its own by exclusion."""
BOTH_AT_ONCE = 0.2
"""Largest share of the shorter one's time by which two clusters of one person may overlap."""

# correlation_clustering.py
BEAM = 2048
"""Groupings kept while they are built."""

# identification.py
STEEPNESS = 18.0
"""Slope of the logistic function from cosine to probability; even odds at the match threshold."""

# lip_sync.py
SEEN_TOGETHER = 0.3
"""Seconds that two tracks must share the screen to be two people (less can be one track replacing another)."""
DOUBT_SECONDS = 1.0
"""Seconds of an average, undecided face that are added to the evidence, so that little evidence gives little lead."""
USUAL_LIPS = 0.25
"""Speaking score of that average face."""
TURN_EDGE = 0.25
"""Seconds around a turn that count as neither inside nor outside: scores are smoothed, and lips open before speech."""
PARTLY_FITS = 0.2
"""Lead from which on lips fit a voice a little. If lips tell who speaks, a face fits one voice well and no other."""
CHANCE_SHIFT = 2.0
"""Smallest shift, s, at which a fit is chance."""
CLEAR_FIT = 2.5
"""Standard deviations above chance from which a fit counts fully."""

# synchrony.py
OTHER_SPREAD = 0.04
"""How much the mean over a whole voice differs from 0 if it is somebody else's."""
CROP_VARIANCE = 0.5
"""Variance of the mean of one crop's synchrony; neighbouring crops are not independent."""
LEAST_VALUES = 25
"""Crops below which lips tell nothing."""
SURE_SYNCHRONY = 3.0
"""Ratio (20 to 1) below which lips tell nothing. A face that listened reached 1.3, and no stranger's voice may be taken
for that of somebody who agreed to be heard.
"""
MOST_EVIDENCE = 6.0
"""Largest ratio: lips alone never decide more surely than 400 to 1."""

# reassignment.py
GRID_STEP = 0.04
"""Seconds per frame."""
