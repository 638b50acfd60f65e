"""Number words, as tables and as patterns."""

from __future__ import annotations

UNITS = {
    word: str(i)
    for i, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
} | {"oh": "0"}
"""Word -> digit."""
TEENS = {
    word: str(i)
    for i, word in enumerate(
        ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
        10,
    )
}
"""Word -> its two digits."""
TENS = {
    word: str(i)
    for i, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
"""Word -> the first of its two digits."""
NUMBERS = frozenset([*UNITS, *TEENS, *TENS])
"""Words of the numbers 0 to 19 and of the tens."""
ONE_TO_NINE = "|".join(word for word in UNITS if word not in ("zero", "oh"))
"""Pattern: a digit word except zero."""
NUMBER = "|".join([*UNITS, *TEENS, *TENS])
"""Pattern: any word of :data:`NUMBERS`. Add what must follow: it also matches the "six" in "sixty"."""
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
"""Pattern: a month, in full or abbreviated."""
NATO = (
    r"(?:alfa|alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|november|oscar|papa|quebec|"
    r"romeo|sierra|tango|uniform|victor|whiskey|x-?ray|yankee|zulu)"
)
"""Pattern: a word of the radio spelling alphabet."""
