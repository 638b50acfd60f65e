"""Figures of the recognisers of private words: how long a name is, how many digits a number of each kind has."""

from __future__ import annotations

LEAST_SCORE = 0.35
"""Score below which presidio reports nothing; what happens to the rest is decided by the policy."""
SHORTEST_NAME = 3
"""Letters of a word that may be a name by its shape, or a family name behind a given name."""
LONGEST_ACRONYM = 5
"""Letters up to which a word in capitals is an acronym rather than a name."""
LEAST_DIGITS = 4
"""Digits from which a number may be private: three are house numbers, hours and amounts."""
QUANTITY_DIGITS = 7
"""Digits from which a number is private although a unit follows it."""
CODE_LETTERS, CODE_DIGITS, WORD_DIGITS = 4, 4, 7
"""A token with at most so many letters is a code from so many digits on ("MRN-104233"); one with more letters from the
last number on: "covid19" is a word.
"""
BLOCK, REST = 4, 3
"""Digits before and behind a short word between which it was a misheard digit: groups of a card or phone number."""
LEAST_SPOKEN = 4
"""Words that say a number of four digits digit by digit; "nineteen ninety" says a year or an amount."""
PHONE_DIGITS = 7, 13
"""Fewest and most digits of a telephone number, from local ones without area code on. ITU-T E.164 allows 15; without an
announcement, 15 and 16 digits count as a card.
"""
CARD_DIGITS = 12
"""Digits from which a number announced as a card is one, even if some of its 12 to 19 digits were not heard."""
