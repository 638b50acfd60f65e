"""Common English words, and what a name sounds like.

``common.txt`` holds the most frequent whole words of the Whisper vocabulary (MIT), so it is speech, not prose,
that they are frequent in. A word in the list is not taken for a name on weak evidence.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

_EDGES = re.compile(r"^[^\w]+|[^\w]+$")


@cache
def common() -> frozenset[str]:
    """Common English words, lower case."""
    return frozenset((files("redaction") / "common.txt").read_text("utf-8").split())


def bare(word: str) -> str:
    """The word without punctuation at its ends and without a possessive: ``"Anna's,"`` gives ``"Anna"``."""
    word = _EDGES.sub("", word)
    return word[:-2] if word[-2:] in ("'s", "’s", "'S") else word


_ENDINGS = (
    "s",
    "es",
    "ed",
    "ing",
    "ly",
    "ally",
    "ness",
    "able",
    "less",
    "ful",
    "ism",
    "'t",
    "'re",
    "'ve",
    "'ll",
    "'m",
    "'d",
)
_PREFIXES = ("un", "re", "inter", "over", "micro")


@lru_cache(maxsize=65536)
def is_common(word: str) -> bool:
    """Whether the word is a common English one, whatever its case; inflected and plainly derived forms count."""
    low = bare(word).lower().replace("’", "'")
    words = common()
    if low in words or not low:
        return True
    stems = [low[: -len(ending)] for ending in _ENDINGS if low.endswith(ending)]
    stems += [stem + "e" for stem in stems] + [low[len(prefix) :] for prefix in _PREFIXES if low.startswith(prefix)]
    return any(len(stem) > 2 and stem in words for stem in stems)


_SOUNDS: tuple[tuple[str, str], ...] = (
    (r"^(?:[kgp](?=n)|w(?=r))", ""),
    (r"^x", "s"),
    (r"qu(?!es?$)", "kw"),
    (r"^wh", "w"),
    (r"scz|sch|tch|tsch|ch|sh|cz|sz|ti(?=[oa])|ci(?=[oa])|si(?=[o])", "x"),
    (r"ph|v|w(?!$)|ff", "f"),
    (r"gh(?=[aeiou])", "k"),
    (r"gh", ""),
    (r"dg(?=[eiy])|j|g(?=[eiy])", "j"),
    (r"c(?=[eiy])|z|ss|ts", "s"),
    (r"ck|[cqgk]", "k"),
    (r"th|dt|d|t", "t"),
    (r"b|p", "p"),
    (r"x", "x"),
    (r"[mn]+(?=[pf])|[mn]", "n"),
    (r"h|w$", ""),
)
_RULES = tuple((re.compile(pattern), to) for pattern, to in _SOUNDS)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A rough key of how a word sounds in English; equal keys sound alike. Vowels count at the start only.

    In the manner of Metaphone (L. Philips, 1990), coarser: a recogniser that misspells a name confuses voiced with
    voiceless consonants and n with m, so those fall together.
    """
    low = "".join(c for c in _plain(bare(word).lower()) if c.isalpha())
    for rule, to in _RULES:
        low = rule.sub(to, low)
    low = re.sub(r"(.)\1+", r"\1", low)
    head = re.sub(r"^[aeiouy]+", "A", low)
    return head[:1] + re.sub(r"[aeiouy]", "", head[1:])


def _plain(word: str) -> str:
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def likeness(a: str, b: str) -> float:
    """How much two words are spelled alike, 0..1: one less the share of letters to edit (Levenshtein)."""
    a, b = _plain(bare(a).lower()), _plain(bare(b).lower())
    if not a or not b:
        return 0.0
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return 1.0 - row[-1] / max(len(a), len(b))
