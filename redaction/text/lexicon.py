"""Common English words, names that are English words, and how names sound.

``common.txt`` holds the most frequent whole words of the Whisper vocabulary (MIT), so they are frequent in speech, not
prose. ``english.txt`` holds what else English dictionaries agree on (SCOWL, sizes 10 to 60, lower-case words), without
given names, frequent family names, and words whose stem it holds. Words in either are not taken for names on weak
evidence. ``names.txt`` holds names that are also English words ("Grace", "Baker"), each marked g(iven), f(amily), or
- if it is rare as either. Sources and licences: ``english-LICENSE.txt``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

_EDGES = re.compile(r"^[^\w]+|[^\w]+$")


@cache
def common() -> frozenset[str]:
    """Common English words, lower case."""
    return frozenset((files("redaction.text") / "common.txt").read_text("utf-8").split())


def bare_word(word: str) -> str:
    """The word without punctuation at its ends and without a possessive: ``"Anna's,"`` gives ``"Anna"``."""
    word = _EDGES.sub("", word)
    return word[:-2] if word[-2:] in ("'s", "’s", "'S") else word


FUNCTION = frozenset(
    """
    a an the and or but nor so yet if then than that this these those there here he she it we they i me him her us them
    my your his its our their mine yours hers ours theirs who whom whose which what when where why how whether am is are
    was were be been being do does did done doing has have had having can could shall should would must might ought not
    no yes on in at by for from of to with without within into onto over under about after before between during near
    off out up down again also always never ever else even just only really quite rather too very much many more most
    some any all both each every few less least other another such same own as because since while until though although
    now soon today tomorrow yesterday via per like well oh uh um okay ok bye hi hey please thanks thank
    """.split()  # noqa: SIM905 - so many words are easier read as a text
)
"""Function words: no name begins or ends with one, however it was misheard."""

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
    """Whether this is a common English word in any case; inflected and plainly derived forms count."""
    low = bare_word(word).lower().replace("’", "'")
    words = common()
    if low in words or not low:
        return True
    stems = [low[: -len(ending)] for ending in _ENDINGS if low.endswith(ending)]
    stems += [stem + "e" for stem in stems] + [low[len(prefix) :] for prefix in _PREFIXES if low.startswith(prefix)]
    return any(len(stem) > 2 and stem in words for stem in stems)


@lru_cache(maxsize=65536)
def is_word(word: str) -> bool:
    """Whether this is an English word and not a name: a common word, or one in a dictionary."""
    low = bare_word(word).lower().replace("’", "'")
    if is_common(low) or low in FUNCTION or _CONTRACTED.fullmatch(low):
        return True
    if low in _names():
        return False
    stems = [low[: -len(ending)] for ending in _ENDINGS if low.endswith(ending)]
    return any(len(stem) > 2 and stem in _english() for stem in [low, *stems, *(stem + "e" for stem in stems)])


_CONTRACTED = re.compile(r"(?:i|you|he|she|it|we|they|who|what|that|there|where|how|let)'(?:m|d|s|re|ve|ll)")


@cache
def _english() -> frozenset[str]:
    return frozenset((files("redaction.text") / "english.txt").read_text("utf-8").split())


@cache
def _names() -> dict[str, str]:
    lines = (files("redaction.text") / "names.txt").read_text("utf-8").splitlines()
    return dict(line.split() for line in lines)


def is_given(word: str) -> bool:
    """Whether this English word is also a given name."""
    return "g" in _names().get(bare_word(word).lower(), "")


def is_family(word: str) -> bool:
    """Whether this English word is also a frequent family name."""
    return "f" in _names().get(bare_word(word).lower(), "")


TITLES = frozenset(
    "mr mrs ms miss mister missus misses dr doctor prof professor sir madam father sister".split()  # noqa: SIM905
)
"""Titles before a name; "misses" is what a recogniser writes for "Mrs."."""
PARTICLES = frozenset(
    "van von der den ten ter zu dal della de la le du di da dos del bin al st".split()  # noqa: SIM905
)
"""Parts of family names that are written in lower case."""
MEANT = frozenset(["will", "may", "hope", "see", "drew", "love", "page", "dot", "sue", "so", "in", "my"])
"""Names that, in lower case, are more likely the word."""
_FAMILIAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|christmas|easter|thanksgiving|halloween|hanukkah|ramadan|covid|bible|god|jesus|christ|lord|internet|"
    r"thai|turkish|greek|polish|dutch|swedish|norwegian|danish|finnish|icelandic|portuguese|brazilian|indian|korean|"
    r"vietnamese|irish|scottish|welsh|arabic|hebrew|hindi|urdu|swiss|austrian|belgian|canadian|australian|ukrainian|"
    r"romanian|hungarian|czech|slovak|croatian|serbian|bulgarian|lithuanian|latvian|estonian|persian|iranian|iraqi|"
    r"syrian|afghan|pakistani|bengali|punjabi|tamil|somali|swahili|nigerian|kenyan|ethiopian|moroccan|algerian|tunisian|"
    r"egyptian|lebanese|israeli|filipino|indonesian|malaysian|cuban|colombian|peruvian|chilean|argentinian|jamaican|"
    r"caribbean|mediterranean|scandinavian|nordic|celtic|cantonese|mandarin|iban|bic|bravo|cvv|"
    r"english|spanish|french|german|italian|american|british|chinese|japanese|russian|mexican|european|african|asian|latin|"
    r"christian|catholic|jewish|muslim|buddhist|republican|democrat|google|facebook|instagram|twitter|youtube|netflix|amazon|"
    r"zoom|skype|reddit|snapchat|insta|discord|telegram|pinterest|tumblr|twitch|soundcloud|onlyfans|linkedin|github|gitlab|"
    r"wechat|viber|venmo|paypal|ebay|etsy|strava|duolingo|patreon|substack|bandcamp|xbox|playstation|nintendo|gmail|hotmail|"
    r"outlook|eircode|postleitzahl|mastercard|visa|skoda|corsa|fiesta|polo|astra|vauxhall|volkswagen|audi|bmw|nissan|hyundai|"
    r"mazda|volvo|fiat|peugeot|citroen|samsung|"
    r"whatsapp|tiktok|spotify|uber|lyft|airbnb|apple|microsoft|windows|android|iphone|ipad|excel|powerpoint|"
    r"prozac|zoloft|xanax|lexapro|ritalin|adderall|valium|lithium|tylenol|advil|starbucks|walmart|ikea|nike|tesla|ford|"
    r"toyota|honda|medicare|medicaid|olympics|disney|freudian|bluetooth|wifi|ok|okay|mum|mom|dad|grandma|grandpa|mommy|daddy|"
    r"ssn|asap|atm|usa|phd|adhd|ptsd|ocd|cbt|dbt|iep|gpa|pdf|faq|aka|diy|fbi|cia|nasa|dna|rsvp|cpr|icu|mri|ceo|gps|lgbtq|hiv|iud|ivf|sat|mba|usb|cpu|html|url|sql|api|plc|llc"
)
"""Words with a capital that are not names: days, languages, brands, abbreviations."""


def is_familiar(word: str) -> bool:
    """Whether the word has a capital but is not a name: a day, a language, a brand, an abbreviation."""
    return _FAMILIAR.fullmatch(word.lower()) is not None


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
    """A rough key of how a word sounds in English; words with equal keys sound alike. Only leading vowels count.

    Like Metaphone (L. Philips, 1990), but coarser: a recogniser that misspells a name confuses voiced with voiceless
    consonants and n with m, so those get the same key.
    """
    low = "".join(c for c in _plain(bare_word(word).lower()) if c.isalpha())
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
    """Similarity of two spellings, 0..1: one minus the share of letters to edit (Levenshtein)."""
    a, b = _plain(bare_word(a).lower()), _plain(bare_word(b).lower())
    if not a or not b:
        return 0.0
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return 1.0 - row[-1] / max(len(a), len(b))
