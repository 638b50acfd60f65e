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

# transcriber.py
SILENT = 3e-4
"""RMS below which a chunk holds no speech (-70 dB)."""
FAINT_WORD = 0.02
"""A word this much fainter than its chunk (-34 dB) was invented."""
LEAST_UNHEARD = 0.3
"""Seconds of speech without words from which it is reported: long enough for a name."""
AROUND_WORD, BETWEEN_WORDS = 0.15, 0.25
"""Seconds around a word that belong to it, and gaps between such words that belong to nobody: words are not timed more
accurately.
"""
SKIPPED = 1.0
"""Seconds of a chunk without words from which that part is transcribed again on its own ..."""
SKIPPED_LOUD = 0.2
"""... unless it is fainter than this share of the chunk's level (-14 dB)."""
MOST_SKIPPED = 3
"""Most such parts of a chunk, the longest ones: each costs as much as a chunk."""
SKIPPED_CONTEXT = 0.2
"""Seconds of sound added to them on both sides."""
SURE_AGAIN = 0.6
"""Least mean probability of the words of such a part; below it, the part stays without words. What is neither
understood at once nor clearly the second time must not count as heard.
"""

# forced_alignment.py
ROW_GAP = 0.5
"""Words further apart than this (s) are aligned separately ..."""
BEFORE_ROW, BEHIND_ROW = 0.4, 0.6
"""... with this much sound (s) before and after them: words begin and end later than the recogniser says."""
INTO_NEXT = 0.3
"""Seconds of the sound after them that may reach into the next words, which begin later than stated, too."""
EARLIER, LATER = 0.15, 0.3
"""Seconds before and after its heard place that a word of arbitrary phones may reach."""
APART, FAR = 0.15, 0.6
"""A word found this far from where it was heard (s; between the two places, or between their middles) has no reliable
place: it takes both places and everything between them.
"""
DOUBTS = (0.3, 0.8)
"""Words heard with less probability may be any phones; the second value is used if the first gives no result."""
LEAST_SPLIT = 4
"""From this many words, a row that cannot be aligned is tried in two halves."""
LETTERS_A_PHONE = 3
"""A word of arbitrary phones has at least one phone per this many letters."""
DIGIT_LETTERS, ZERO_LETTERS = 9, 3
"""Letters that a digit counts as: "seven" has five phones, "eight" two; zeros are often not said ("twenty")."""
PHONE_PROBABILITY = 0.02
"""Probability of each phone of a word of arbitrary phones."""

# spoken_language.py
SETTLED = 0.8
"""Probability from which a language is taken as the recording's."""
CLEAR_LANGUAGE = 0.9
"""Probability below which a chunk is transcribed in other languages as well."""
LIKELY_LANGUAGE = 0.01
"""Least probability of a language in which a chunk is worth transcribing."""
MOST_LANGUAGES = 3
"""Most languages in which a chunk is transcribed."""
LANGUAGE_CHUNKS = 3
"""Number of chunks after which the language is settled in any case."""
LEAST_LANGUAGE = 0.5
"""Below this probability the language is unknown: most of the evidence speaks against it."""
WORDS_FIT = 0.5
"""Geometric mean of the words' probabilities from which they count as evidence for a language. English in noise and in
rooms reached .64 to .79; German, Dutch, Spanish and French transcribed as English reached .19 to .37 (Whisper base).
"""
WORD_FLOOR = 1e-3
"""Least probability of a word, so that one word that does not fit cannot outweigh all others."""

# word_timing.py
LEAST_PAUSE, WORD_TAIL, SOFT_ONSET = 12, 15, 0.06
"""Frames (10 ms) that a pause lasts at least; frames of the word before that may come first; seconds of a soft onset
before the loud part of a word.
"""
HISS, FAINT_FRAME = 2.0, 0.1
"""Level of a frame of 10 ms, over that of the quietest tenth and over the mean, below which it is a pause."""

# vosk.py
LONGEST_UTTERANCE = 10.0
"""Seconds after which a stream's utterance is ended, so that no word waits longer."""
LONGEST_PAUSE = 1.5
"""Seconds of silence after which Kaldi ends an utterance at the latest."""

# whisper.py
TEMPERATURES = (0.0, 0.3, 0.6)
"""Temperatures that Whisper tries one after the other while its text loops or is unlikely."""
LOOPING = 2.4
"""Compression ratio of a text from which it loops (faster-whisper's default)."""
NO_SPEECH = 0.6
"""Probability of no speech above which doubtful text is dropped (faster-whisper's default)."""
TOKENS_A_SECOND = 16
"""More than anybody says: fast English takes some 8 a second, times included."""
TOKENS_AT_LEAST = 24
"""However short the sound is, since the first and last word may be cut."""
MOST_TOKENS = 400
"""A whole window of 30 s is bounded by the model itself (448 with its prompt)."""

# chunking.py
SPEECH_PAD = 0.25
"""Seconds kept before and after each stretch of speech."""
CHUNK_OVERLAP = 1.0
"""Seconds that two chunks share where speech had to be cut."""
CUT_SEARCH = 0.4
"""Share of a chunk, at its end, that is searched for the quietest place."""
