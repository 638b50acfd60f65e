"""Finds private terms in bytes: as plain text, in other encodings, and inside packed or encoded data.

Somebody who hides a name need not write it plainly. Text is searched in UTF-8 and both kinds of UTF-16, ignoring case,
accents and spacing; runs that look like base64 or hex, and streams that deflate can open, are decoded and searched
again, a few layers deep.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from functools import cached_property

LAYERS = 3
"""How many nested encodings are opened."""
MOST_BYTES = 16 << 20
"""Most bytes that one stream may unpack to, which stops decompression bombs."""
SHORTEST = 3
"""Least letters and digits of a term: shorter ones occur in any text by chance."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){6,}")
_DEFLATE = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")


def folded(text: str) -> str:
    """The letters and digits of ``text``, without case and accents, with single spaces between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


class Terms:
    """Words that must not appear anywhere: names, numbers and the entries of a deny list.

    Args:
        terms: in any spelling. Terms of fewer than three letters and digits are ignored.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = {term for term in map(folded, terms) if len(term.replace(" ", "")) >= SHORTEST}

    def __len__(self) -> int:
        return len(self._terms)

    def __repr__(self) -> str:
        return f"Terms({len(self)})"

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self._terms:
            return None
        each = (r" ?".join(map(re.escape, term.split())) for term in sorted(self._terms, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)")

    def in_text(self, text: str) -> bool:
        """Whether a term occurs in ``text`` as a separate word or words."""
        return self._pattern is not None and self._pattern.search(folded(text)) is not None

    def in_bytes(self, data: bytes) -> str | None:
        """How a term is written in ``data``, such as "UTF-16" or "base64, deflate"; None if no term is found."""
        for how, layer in _layers(data, ()):
            for encoding, text in _texts(layer):
                if self.in_text(text):
                    return ", ".join((*how, encoding))
        return None


def _texts(data: bytes) -> Iterator[tuple[str, str]]:
    yield "plain", data.decode("utf-8", "replace")
    if b"\0" in data:
        for offset in (0, 1):  # the text may begin at an odd byte
            for encoding in ("utf-16-le", "utf-16-be"):
                yield "UTF-16", data[offset:].decode(encoding, "replace")


def _layers(data: bytes, how: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bytes]]:
    yield how, data
    if len(how) < LAYERS:
        for name, inner in _decoded(data):
            yield from _layers(inner, (*how, name))


def _decoded(data: bytes) -> Iterator[tuple[str, bytes]]:
    for run in _BASE64.finditer(data):
        text = run[0].rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        for cut in range(min(4, len(text))):  # text directly before a run shifts it
            part = text[cut : cut + (len(text) - cut) // 4 * 4] if cut else text
            try:
                yield "base64", base64.b64decode(part + b"=" * (-len(part) % 4))
            except binascii.Error:
                continue
    for run in _HEX.finditer(data):
        yield "hex", bytes.fromhex(run[0].decode())
    for start in _DEFLATE.finditer(data):
        try:
            yield "deflate", zlib.decompressobj(47).decompress(data[start.start() :], MOST_BYTES)
        except zlib.error:
            continue
