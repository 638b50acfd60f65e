"""How words are pronounced, in the phonemes that Kokoro takes.

The dictionary comes first: misaki's American one (hexgrad, Apache-2.0), whose alphabet is Kokoro's, with its rules for
plurals, past tenses and participles. Words in no dictionary go through the network of g2p_en (Park, Apache-2.0), an
encoder and a decoder of gated recurrent units (Cho et al., 2014); short words in capitals are spelled. No GPL
phonemiser is needed. A word's part of speech is not known: of several pronunciations the usual one is taken.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from voice.resynthesis.numbers import in_words
from voice.resynthesis.settings import LONGEST_ABBREVIATION, MOST_PHONES, OUTPUT_MARKS

if TYPE_CHECKING:
    from weights import Store

DICTIONARIES, NETWORK = "misaki-en", "g2p-en"
MODELS = (DICTIONARIES, NETWORK)
"""Ids of the models that pronunciation needs."""
_VOWELS = frozenset("AIOQWYaiuæɑɔəɛɜɪʊʌᵻ")
_WEAK = {"a": "ɐ", "an": "ɐn", "and": "ænd", "i": "ˌI", "of": "ʌv", "for": "fɔɹ", "oh": "ˈO"}
_TAPPED = frozenset("AIOWYiuæɑəɛɪɹʊʌ")
_LETTERS = re.compile(r"[a-z']+|[.,!?]", re.IGNORECASE)
_START, _END = 2, 3
_ARPABET = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "B": "b", "CH": "ʧ", "D": "d", "DH": "ð",
    "EH": "ɛ", "ER": "ɜɹ", "EY": "A", "F": "f", "G": "ɡ", "HH": "h", "IH": "ɪ", "IY": "i", "JH": "ʤ", "K": "k",
    "L": "l", "M": "m", "N": "n", "NG": "ŋ", "OW": "O", "OY": "Y", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t",
    "TH": "θ", "UH": "ʊ", "UW": "u", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
_PHONES = (
    "AA0", "AA1", "AA2", "AE0", "AE1", "AE2", "AH0", "AH1", "AH2", "AO0", "AO1", "AO2", "AW0", "AW1", "AW2",
    "AY0", "AY1", "AY2", "B", "CH", "D", "DH", "EH0", "EH1", "EH2", "ER0", "ER1", "ER2", "EY0", "EY1", "EY2", "F",
    "G", "HH", "IH0", "IH1", "IH2", "IY0", "IY1", "IY2", "JH", "K", "L", "M", "N", "NG", "OW0", "OW1", "OW2",
    "OY0", "OY1", "OY2", "P", "R", "S", "SH", "T", "TH", "UH0", "UH1", "UH2", "UW", "UW0", "UW1", "UW2", "V", "W",
    "Y", "Z", "ZH",
)  # fmt: skip
"""The phones of the network's outputs, from the fifth on."""

Entry = str | Mapping[str, str | None]


class Pronunciation:
    """Turns text into phonemes.

    Args:
        dictionary: a word -> its phonemes, or its pronunciations by part of speech with ``DEFAULT``.
        network: the arrays of g2p_en, by name.
    """

    def __init__(self, dictionary: Mapping[str, Entry], network: Mapping[str, npt.NDArray[Any]]) -> None:
        self._dictionary = dictionary
        self._network = {name: np.asarray(value, np.float64) for name, value in network.items()}
        self._guessed: dict[str, str] = {}

    @classmethod
    def from_store(cls, store: Store) -> Pronunciation:
        """Load the dictionaries and the network from the store. Raises ModelError if they are missing or damaged."""
        folder = Path(store.path(DICTIONARIES))
        dictionary: dict[str, Entry] = json.loads((folder / "us_silver.json").read_text("utf-8"))
        dictionary |= json.loads((folder / "us_gold.json").read_text("utf-8"))
        with np.load(Path(store.path(NETWORK)), allow_pickle=False) as arrays:
            return cls(dictionary, {name: arrays[name] for name in arrays.files})

    def __call__(self, words: Sequence[str]) -> list[str]:
        """The phonemes of each word of a phrase, in context; empty if there is nothing to say."""
        parts = [_LETTERS.findall(_plain(word)) for word in words]
        follows: str | None = None
        out: list[str] = []
        for part in reversed(parts):
            said: list[str] = []
            for token in reversed(part):
                if not token[0].isalpha() and token[0] != "'":
                    follows = None
                    continue
                phones = self._in_context(token, follows)
                if phones:
                    said.append(phones)
                    follows = phones
            out.append(" ".join(reversed(said)))
        return out[::-1]

    def _in_context(self, token: str, follows: str | None) -> str:
        """The phonemes of ``token`` before a word with the phonemes ``follows``; None: before a pause."""
        lower = token.lower()
        vowel = follows is not None and next((p in _VOWELS for p in follows if p not in "ˈˌ"), False)
        if lower == "the":
            return "ði" if vowel else "ðə"
        if lower == "to":
            return "tu" if follows is None else "tʊ" if vowel else "tə"
        if lower in _WEAK and (token == lower or lower in ("i", "a") or not token.isupper()):
            return _WEAK[lower]
        return self.word(token)

    def word(self, word: str) -> str:
        """The phonemes of one word of letters and apostrophes."""
        lower = word.strip("'").lower()
        if word.isupper() and 1 < len(word) <= LONGEST_ABBREVIATION and (known := self._known(word)) is not None:
            return known
        for form in (lower, lower.capitalize(), word):
            known = self._known(form)
            if known is None:
                known = self._inflected(form)
            if known is not None:
                return known
        if not lower or (word.isupper() and len(word) <= LONGEST_ABBREVIATION) or not any(c in "aeiouy" for c in lower):
            return " ".join(filter(None, (self._known(c.upper()) for c in lower if c.isalpha())))
        if lower not in self._guessed:
            self._guessed[lower] = self._guess(lower)
        return self._guessed[lower]

    def _known(self, word: str) -> str | None:
        entry = self._dictionary.get(word)
        return entry.get("DEFAULT") if isinstance(entry, Mapping) else entry

    def _inflected(self, word: str) -> str | None:
        """The stem's pronunciation with the ending's, after misaki."""
        for ending, add in (("s", _plural), ("d", _past), ("ing", _participle)):
            if not word.endswith(ending) or len(word) < len(ending) + 2:
                continue
            for stem in _stems(word, ending):
                known = self._known(stem)
                if known:
                    return add(known)
        return None

    def _guess(self, word: str) -> str:
        """The network's pronunciation of a spelling."""
        net = self._network
        letters = [ord(c) - ord("a") + 3 if c.isalpha() else 1 for c in word]
        state = np.zeros(net["enc_w_hh"].shape[1])
        for letter in [*letters, 2]:
            state = self._step("enc", net["enc_emb"][letter], state)
        phone, phones = _START, []
        for _ in range(MOST_PHONES):
            state = self._step("dec", net["dec_emb"][phone], state)
            phone = int(np.argmax(net["fc_w"] @ state + net["fc_b"]))
            if phone == _END:
                break
            phones.append(_PHONES[phone - OUTPUT_MARKS] if phone >= OUTPUT_MARKS else "")
        return "".join(_from_arpabet(each) for each in phones if each)

    def _step(self, part: str, value: npt.NDArray[np.float64], state: npt.NDArray[np.float64]) -> Any:
        net, size = self._network, len(state)
        given = net[f"{part}_w_ih"] @ value + net[f"{part}_b_ih"]
        kept = net[f"{part}_w_hh"] @ state + net[f"{part}_b_hh"]
        reset, update = 1 / (1 + np.exp(-(given[: 2 * size] + kept[: 2 * size]).reshape(2, size)))
        new = np.tanh(given[2 * size :] + reset * kept[2 * size :])
        return (1 - update) * new + update * state


def _plain(word: str) -> str:
    text = in_words(word.replace("’", "'").replace("-", " "))
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


def _from_arpabet(phone: str) -> str:
    name, stress = (phone[:-1], phone[-1]) if phone[-1].isdigit() else (phone, "0")
    letters = {"AH": "ə", "ER": "əɹ"}.get(name, _ARPABET[name]) if stress == "0" else _ARPABET[name]
    return {"1": "ˈ", "2": "ˌ"}.get(stress, "") + letters


def _stems(word: str, ending: str) -> list[str]:
    if ending == "s":
        stems = [word[:-2]] if word.endswith("'s") else [] if word.endswith("ss") else [word[:-1]]
        return stems + ([word[:-3] + "y"] if word.endswith("ies") else [word[:-2]] if word.endswith("es") else [])
    if ending == "d":
        stems = [word[:-1]] if not word.endswith("dd") else []
        if word.endswith("ed") and not word.endswith("eed"):
            stems += [word[:-2], *([word[:-3]] if word[-4:-3] == word[-3:-2] else [])]
        return stems + ([word[:-3] + "y"] if word.endswith("ied") else [])
    stem = word[:-3]
    return [stem, stem + "e", *([stem[:-1]] if stem[-1:] == stem[-2:-1] else [])]


def _plural(stem: str) -> str:
    return stem + ("s" if stem[-1] in "ptkfθ" else "ᵻz" if stem[-1] in "szʃʒʧʤ" else "z")


def _past(stem: str) -> str:
    if stem[-1] in "pkfθʃsʧ":
        return stem + "t"
    if stem[-1] == "t" and len(stem) > 1 and stem[-2] in _TAPPED:
        return stem[:-1] + "ɾᵻd"
    return stem + ("ᵻd" if stem[-1] in "td" else "d")


def _participle(stem: str) -> str:
    if len(stem) > 1 and stem[-1] == "t" and stem[-2] in _TAPPED:
        return stem[:-1] + "ɾɪŋ"
    return stem + "ɪŋ"
