"""Matching announcements in a text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from redaction.recognizers.announcements.grammar import LANGUAGES, Announcement, Language, language
from redaction.recognizers.announcements.shapes import Line
from redaction.recognizers.announcements.tokens import tokens
from redaction.recognizers.settings import FAR_REACH
from redaction.text.entity import Entity
from redaction.text.utterance import Utterance


def announced(utterance: Utterance) -> list[Entity]:
    """What is private because of the words before or after it, or because of its shape alone."""
    out: list[Entity] = []
    for code in LANGUAGES:
        known = language(code)
        line = _line(utterance, known)
        if line.tokens:
            out += [find for rule in known.announcements for find in _found(rule, line)]
    return out


def _line(utterance: Utterance, known: Language) -> Line:
    text = utterance.text
    words = tokens(text)
    symbols = ["."] * len(words)
    for i, token in enumerate(words):
        symbols[i] = next((s for s, pattern in known.symbols if pattern.fullmatch(token.text)), ".")
    starts = [token.start for token in words]
    for symbol, pattern in known.phrases:
        for match in pattern.finditer(text):
            for i in range(bisect_left(starts, match.start()), bisect_left(starts, match.end())):
                symbols[i] = symbol
    asides = {
        bisect_left(starts, match.start()): bisect_left(starts, match.end()) for match in known.asides.finditer(text)
    }
    return Line(text, words, "".join(symbols), known.spelling, utterance.cased, known.leads, asides)


def _found(rule: Announcement, line: Line) -> Iterator[Entity]:
    if not (line.cased or rule.uncased):
        return
    text = line.text
    places = _behind(rule, line) if rule.before is not None else _anywhere(rule, line)
    for first, end in places:
        start = line.tokens[first].start
        if rule.leading and rule.before is not None:
            start = max((m.start() for m in rule.before.finditer(text) if m.end() <= start), default=start)
        yield Entity(start, line.tokens[end - 1].end, rule.entity, rule.score, rule.reason)


def _behind(rule: Announcement, line: Line) -> Iterator[tuple[int, int]]:
    """Values after what announces them."""
    assert rule.before is not None
    starts = [token.start for token in line.tokens]
    for match in rule.before.finditer(line.text):
        at = bisect_left(starts, match.end())
        crossed = bool(at) and line.tokens[at - 1].ends and match.end() > line.tokens[at - 1].start
        asked = bool(at) and line.tokens[at - 1].asks
        for step in range(rule.reach + 1):
            at = line.asides.get(at, at)  # "the code, let me look, is 4417"
            if at >= len(line.tokens) or (crossed and not (rule.sentences or asked)):
                break
            end = _longest(rule, line, at)
            if end is not None:
                yield at, end
                while (more := _listed(rule, line, end)) is not None:
                    yield more
                    end = more[1]
                break
            token = line.tokens[at]
            if rule.gap is not None and not (token.low in rule.gap or (rule.reach >= FAR_REACH and _lead(line, at))):
                break
            crossed = token.ends and step < rule.reach
            asked = token.asks
            at += 1


def _lead(line: Line, at: int) -> bool:
    """Whether a preposition leads to this word: "in Rotterdam", "for Thursday's call"."""
    return at > 0 and line.tokens[at - 1].low in line.leads


def _listed(rule: Announcement, line: Line, end: int) -> tuple[int, int] | None:
    """A value that follows another one of the same kind after "and" or "or"."""
    if end >= len(line.tokens) or line.tokens[end - 1].ends or line.tokens[end].low not in ("and", "or"):
        return None
    at = end + 1
    behind = _longest(rule, line, at) if at < len(line.tokens) else None
    return (at, behind) if behind is not None and line.symbols[end] == "&" else None


def _anywhere(rule: Announcement, line: Line) -> Iterator[tuple[int, int]]:
    """Values recognised by their shape, or by what follows them."""
    at = 0
    while at < len(line.tokens):
        begins = not rule.start or at == 0 or line.tokens[at - 1].parted
        end = _longest(rule, line, at) if begins else None
        if end is not None:
            yield at, end
        at = end or at + 1


def _longest(rule: Announcement, line: Line, at: int) -> int | None:
    ends = [end for shape in rule.shapes if (end := shape.match(line, at)) is not None]
    for end in sorted(ends, reverse=True):
        behind = line.tokens[end - 1].end
        if rule.after is not None and not rule.after.match(line.text, behind):
            continue
        if rule.unless is not None and not line.tokens[end - 1].ends and rule.unless.match(line.text, behind):
            continue
        return end
    return None
