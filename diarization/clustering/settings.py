"""Figures of clustering: what counts as heard together, and where speech is cut."""

from __future__ import annotations

HEARD_TOGETHER = 0.01
"""Product of two pieces' activity in a window from which the segmentation model has heard both there."""
CHANGE_SMOOTHING = 5
"""Frames over which the probability of a change of speaker is averaged (85 ms)."""
CHANGES_APART = 12
"""Least frames between two changes of speaker (.2 s): nobody says anything in less."""
BATCHES_AHEAD = 4
"""Batches of pieces that are collected before they are embedded together."""
STUCK = 0.9
"""Share of groups left after joining them block by block from which joining has stopped helping ..."""
EASIER = 0.06
"""... and the similarity from which groups are joined is lowered by this much."""

# channel_mismatch.py
SURE_ONE_PERSON = 6.0
"""Log-likelihood ratio from which two groups are one person, whatever the windows say. For two people in one recording,
with 3 s of speech each, 999 of 1000 pairs of groups stay below it.
"""

# agglomerative.py
RELIABLE = 50
"""Frames (0.84 s) from which a piece's embedding may start or join a group; shorter ones are assigned later."""
AGAINST = 0.9
"""Weight of the windows' disagreement."""
HALF_NOISE = 60.0
"""Frames (1 s) of speech at which half of the embedding is noise."""
PRIOR = 40.0
"""Number of windows that count as prior doubt. Some ten windows contain the same pair, and judge it alike."""

# speaker_assignment.py
MINOR = 89
"""Frames (1.5 s) of clean speech from which a group is a speaker of its own, if there is any larger one."""
DISTINCT = 0.2
"""Similarity to every larger group below which a smaller group, of at least ``RELIABLE`` frames, is a speaker."""
SCARCE = 0.005
"""Share of the speech below which a group may consist of faulty pieces, if it sounds like a blend of others."""
SHARPNESS = 16.0
"""Factor that converts a cosine to log-odds."""
TRUST = 4.0
"""Weight of the windows' agreement relative to the voice."""
STRICTER_IN_BLOCKS = 0.18
"""Added to the threshold within a block of a long recording."""
LADDER = (0.18, 0.12, 0.08, 0.04, 0.02)
"""Steps above the threshold, taken one after the other, to go back to if a lower one leaves too few groups."""
STRICTER_STEPS = (0.40, 0.32, 0.24)
"""Additional steps above the ladder, used if more speakers are wanted than there seem to be."""
ROUNDS = 5
"""Rounds in which a piece's speaker follows from its own voice and from the pieces heard with it."""

# overlap_assignment.py
SURE_SPEECH = 0.5
"""Probability below which speech at a change of speaker is a pause."""
PAUSE = 14
"""Most frames (0.24 s) of such a pause on either side. That is no more than is silenced around a turn anyway, so
whatever somebody must not be quoted with stays silenced to the end of the original turn.
"""
TELLING_OVERLAP = 30
"""Frames (0.5 s) from which an overlap's embedding tells who is in it."""
OWN = 2.0
"""Weight of a frame's own pieces relative to what all windows say about their local speakers."""

# embedded_windows.py
LONGEST_PIECE = 95
"""Frames (1.6 s) of the longest piece; in longer stretches pieces overlap by half."""
SHORTEST_PIECE = 8
"""Frames (0.13 s) of the shortest piece."""
LONGEST_STRETCH = 1185
"""Frames (20 s) after which a stretch without end is cut."""
WAITING_JOBS = 2
"""Batches of pieces that may wait for their embeddings."""
CHANGE_PEAK = 0.3
"""Smoothed probability of a change of speaker from which speech is cut there."""
PAUSE_DIP = 0.25
"""How far speech must fall, and rise again, to split a stretch in two: a back-channel ends in such a pause."""

# calibration.py
NEAREST = 3
"""Nearest neighbours of a piece of speech that are compared with it."""

# embedded_windows.py
MARGIN = 30
"""Windows that are held back until those after them are known."""

# segmentation.py
FRAMES = 589
"""Output frames per window."""
