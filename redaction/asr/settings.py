"""Figures of speech recognition: which words a recogniser has invented, repeated or left out."""

from __future__ import annotations

LONGEST_CHUNK = 28.0
"""Seconds of speech given to a recogniser at once: Whisper takes 30 s, and the overlap needs room."""
INVENTED_SILENCE = 0.3
"""Probability of no speech from which a closing phrase of Whisper's training videos counts as invented ..."""
GUESSED = -0.7
"""... or mean log probability of its tokens below which Whisper has guessed."""
NO_REPEATED_WORDS = 4
"""Once Whisper has looped, no run of so many tokens may come twice in a segment ..."""
REPETITION_PENALTY = 1.1
"""... and each token that it has written counts as this much less likely (1: no penalty)."""
SAME_WORD = 0.15
"""Seconds between the middles of two equal words of overlapping chunks up to which they are one word."""
LOOPS = 3
"""Times that a phrase must follow itself to count as a loop, if nobody could say it that fast ..."""
SHORT_PHRASE, LOOPS_SHORT, LOOPS_LONG = 3, 6, 4
"""... and otherwise: phrases of fewer words than the first number so many times, others so many times. People do say
"no no no no".
"""
TOUCHING = 0.02
"""Seconds between two words up to which they touch."""
SURE = 0.7
"""Probability from which a word was heard for certain."""
LONGEST_WORD, LONGEST_UNSURE_WORD = 0.8, 0.5
"""Seconds, besides those for its letters, that a word lasts at most if it was heard for certain, and if not."""
