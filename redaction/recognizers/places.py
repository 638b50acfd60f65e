"""Places recognised by the words before them: "I grew up in ...", "we came here from ...", "she lives in ...".

A named-entity model knows towns that are written about. Small ones reveal most about who lives there, and speech
recognisers write common words for them: "my friend lives in foster bag".
"""

from __future__ import annotations

import re

from redaction.recognizers.address_extension import tail
from redaction.recognizers.settings import LONGEST_PLACE
from redaction.text.entity import Entity
from redaction.text.lexicon import FUNCTION, is_familiar, is_word
from redaction.text.utterance import Token, Utterance

_BEFORE = re.compile(
    r"\b(?:(?:live[sd]?|living|grew\s+up|grow(?:ing)?\s+up|born|raised|reside[sd]?|residing|stationed)\s+in|"
    r"(?:moved|came|come|comes|hails?|originally|i'm|i’m|i\s+am|she's|he's|they're|we're)\s+(?:here\s+|over\s+|down\s+|up\s+)?from)"
    r"\s+(?=\S)",
    re.I,
)
_NO_PLACE = frozenset(
    """
    fear pain poverty denial peace hope love silence shame isolation darkness chaos harmony sin misery luxury
    work school home class church town cities dorms apartments houses shelters hospital hospitals prison jail rehab
    therapy college university kindergarten bed care captivity wedlock person general part public private real different
    similar separate various several small big large extreme constant total complete good bad poor rich nice student
    behind nowhere somewhere everywhere anywhere outside inside abroad overseas people mom mum dad daddy mommy grandma
    grandpa scratch experience years months weeks days time times families foster-care rural urban suburban northern
    southern eastern western central downtown temporary shared assisted supported sheltered public social council
    january february march april may june july august september october november december spring summer autumn fall
    winter nineteen twenty two one three four five six seven eight nine ten eleven twelve late early mid harm
    """.split()  # noqa: SIM905 - so many words are easier read as a text
)
"""Where or when else people live, which identifies nobody."""


def places(utterance: Utterance) -> list[Entity]:
    """Words where a place is expected: with a capital or, in text without capitals, one or two unknown words."""
    find_end = _capitals if utterance.cased else _plain
    out = []
    for match in _BEFORE.finditer(utterance.text):
        end = find_end(utterance, match.end())
        if end is not None:
            out.append(Entity(match.end(), end, "LOCATION", 0.5, "a place by the words before it"))
    return out


def _capitals(utterance: Utterance, at: int) -> int | None:
    end = None
    for count, token in enumerate(utterance.within(at)):
        word = token.word
        if count == LONGEST_PLACE or not word or not word[0].isupper() or token.low in FUNCTION or is_familiar(word):
            break
        end = token.end
        if token.pauses:
            break
    return end


def _plain(utterance: Utterance, at: int) -> int | None:
    tokens: list[Token] = []
    for token in utterance.within(at):
        word = token.low
        other = word in FUNCTION or word in _NO_PLACE or is_familiar(word) or not word.isalpha()
        if len(tokens) == LONGEST_PLACE or other:
            break
        tokens.append(token)
        if token.pauses:
            break
    over = len(tokens) == LONGEST_PLACE or (bool(tokens) and not tokens[-1].pauses)
    while len(tokens) > 1 and over and is_word(tokens[-1].text):
        tokens.pop()
    return tail(utterance, tokens[-1].end, 2) if tokens else None
