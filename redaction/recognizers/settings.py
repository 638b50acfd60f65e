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

# spoken_numbers.py
MOST_MISSING = 5
"""Digits of a number announced as one of fixed length that may have been heard as words."""
CONTEXT_LETTERS = 70
"""Characters before a number in which it may be announced."""
NEAR_LETTERS = 30
"""A year counts as a number of another kind only if something announces it within this many characters before it."""
LONG_NUMBER = 8
"""Digits from which letters before a number belong to it, as in an IBAN ..."""
LONGEST_CODE = 14
"""... and how many words of letters and digits may stand before it."""

# announced_addresses.py
TO_ADDRESS = 3
"""Words between the announcement of an address and its house number."""
ADDRESS_GAP = 4
"""Words between two numbers of one address."""
LONGEST_ADDRESS = 24
"""Words from the house number within which an address ends."""
LONGEST_EMAIL = 10
"""Words behind its announcement within which an e-mail address ends."""

# known_names.py
NEAR_LESS = 0.2
"""How much lower the score of a word is that only sounds like a name."""
LEAST_NAME = 3
"""Letters from which a single word of a known name is looked for; more, where it need only sound alike."""
LEAST_SPLIT_NAME = 5
"""Letters of a known name from which it may have been heard as two words."""

# capitalised.py
SURE_ENTITY = 0.7
"""Score of a given name in text without capitals from which the word behind it may be the family name."""

# unannounced_addresses.py
LEAST_STREET = 5
"""Letters of an unknown word that may be the name of a street."""
BETWEEN_NUMBERS = 3
"""Words between the house number and the unknown word of a street's name."""

# dates.py
BIRTH_REACH = 45
"""Characters behind "born on" and the like within which the date is said."""

# places.py
LONGEST_PLACE = 3
"""Words of the name of a place."""

# spelled.py
LEAST_SPELLED = 4
"""Letters said one by one from which they spell something private, unless it is announced."""

# introduced_names.py
LONGEST_NAME = 4
"""Words of an introduced name."""

# address_extension.py
ADDRESS_TAIL = 3
"""Words behind an address that may be the town, even if it was misheard."""

# grammar.py
ANNOUNCED_SCORE = 0.95
"""Default score of an announcement: higher than any shape or model, which only judge how words look."""

# matching.py
FAR_REACH = 6
"""Reach from which a preposition and its word may stand between the announcement and the value."""

# shapes.py
SPELLING_TOKENS = 4
"""Most tokens that spell one character: "A as in apple"."""

# tokens.py
CODE_CAPITALS = 5
"""Most consecutive capitals that are letters of a code rather than a word."""
NUMBER_WORDS = 4
"""Most words of a number: "quatre vingt dix neuf"."""

# capitalised.py
SURE_PLACE = 0.86
"""Score of a town behind "in": a little more than that of a person by the named-entity model, which knows few towns."""
