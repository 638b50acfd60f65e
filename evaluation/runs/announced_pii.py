"""Private words that are announced ("my password is"): how many are found whole, and how many as the right kind.

``python -m evaluation.runs.announced_pii [--half developed|held] [--missed]`` reads ``evaluation/data/announced.txt``
and the ordinary sentences of ``unannounced.txt``; ``--file`` reads another list with private words in braces.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from redaction import Entity

DATA = Path(__file__).parents[1] / "data"
_BRACES = re.compile(r"\{(.*?)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a list. ``spans``: its private parts; ``types``: the entities they may be found as."""

    kind: str
    types: frozenset[str]
    text: str
    spans: tuple[range, ...]
    held: bool = False


def sentences(path: Path = DATA / "announced.txt") -> Iterator[Sentence]:
    """The sentences of a list; ``## kind TYPE ...`` starts a kind. Every other sentence of a kind is held out."""
    kind, types, held = path.stem, frozenset[str](), True
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            if line.startswith("## "):
                kind, *named = line[3:].split()
                types, held = frozenset(named), True
            else:
                kind = line[1:].strip() if kind == path.stem or path.stem.startswith("text_") else kind
            continue
        parts, spans = _BRACES.split(line), []
        for i in range(1, len(parts), 2):
            start = sum(map(len, parts[:i]))
            spans.append(range(start, start + len(parts[i])))
        held = not held
        yield Sentence(kind, types, "".join(parts), tuple(spans), held)


def missed(finds: Sequence[Entity], sentence: Sentence) -> list[range]:
    """The spans of which a letter or digit was not found."""
    gone = {i for f in finds for i in range(f.start, f.end)}
    return [s for s in sentence.spans if any(i not in gone for i in s if sentence.text[i].isalnum())]


def mistyped(finds: Sequence[Entity], sentence: Sentence) -> list[tuple[range, str]]:
    """The spans that were mostly found as something else, and as what."""
    out = []
    for span in sentence.spans:
        shares = [(len(range(max(f.start, span.start), min(f.end, span.stop))), f.entity) for f in finds]
        share, entity = max(shares, default=(0, ""))
        if share and sentence.types and entity not in sentence.types:
            out.append((span, entity))
    return out


def announced(find: Callable[[str], Sequence[Entity]], chosen: Sequence[Sentence], *, show: bool = False) -> None:
    """Print the recall of each kind, whole and typed, and the share of sentences in which anything else is found."""
    total, found, right, extra = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for sentence in chosen:
        finds = find(sentence.text)
        lost, wrong = missed(finds, sentence), mistyped(finds, sentence)
        private = {i for span in sentence.spans for i in span}
        more = [f for f in finds if not private & set(range(f.start, f.end))]
        total[sentence.kind] += len(sentence.spans)
        found[sentence.kind] += len(sentence.spans) - len(lost)
        right[sentence.kind] += sum(s not in lost and s not in [w for w, _ in wrong] for s in sentence.spans)
        extra[sentence.kind] += bool(more)
        if show:
            for span in lost:
                print(f"    missed {sentence.kind}: {sentence.text[span.start : span.stop]!r} in {sentence.text!r}", [
                    (sentence.text[f.start : f.end], f.entity, f.score) for f in finds])  # fmt: skip
            for span, entity in wrong:
                print(f"    {entity} {sentence.kind}: {sentence.text[span.start : span.stop]!r} in {sentence.text!r}")
            for f in more:
                print(f"    taken: {sentence.text[f.start : f.end]!r} {f.entity} {f.reason} in {sentence.text!r}")
    for kind in dict.fromkeys(s.kind for s in chosen):
        n = max(1, total[kind])
        print(
            f"announced {kind:12} {total[kind]:4} parts, found {found[kind] / n:.3f}, "
            f"as what they are {right[kind] / n:.3f}, sentences with another find {extra[kind]}"
        )
    n = max(1, total.total())
    print(
        f"announced {'all':12} {total.total():4} parts, found {found.total() / n:.3f}, "
        f"as what they are {right.total() / n:.3f}, sentences with another find {extra.total()} of {len(chosen)}"
    )


def main() -> None:
    """Print the measures of the default lists, or of another one."""
    from redaction import PiiFinder, RedactionSettings
    from weights import Store

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("developed", "held"), help="one half of the list alone")
    parser.add_argument("--kind", help="one kind alone")
    parser.add_argument("--lower", action="store_true", help="in lower case and without punctuation")
    parser.add_argument("--missed", action="store_true", help="show what is missed; the lists hold nobody's words")
    parser.add_argument("--file", type=Path, help="another list with braces")
    args = parser.parse_args()
    finder = PiiFinder.from_store(Store(), RedactionSettings())
    lists = [args.file] if args.file else [DATA / "announced.txt", DATA / "unannounced.txt"]
    for path in lists:
        chosen = [s for s in sentences(path) if args.half is None or not s.spans or s.held == (args.half == "held")]
        chosen = [s for s in chosen if args.kind is None or s.kind == args.kind]
        announced(_lower(finder.find) if args.lower else finder.find, chosen, show=args.missed)


def _lower(find: Callable[[str], Sequence[Entity]]) -> Callable[[str], Sequence[Entity]]:
    from evaluation.runs.ordinary_talk import as_heard

    return lambda text: find(as_heard(text))


if __name__ == "__main__":
    main()
