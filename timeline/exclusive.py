"""One speaker at a time, for readers and tools that cannot show two people talking at once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from timeline.document import Turn


def exclusive(turns: Iterable[Turn]) -> list[Turn]:
    """Turns that do not overlap and cover the same time as ``turns``.

    Where several people talk, the time goes to the turn with the highest confidence (on a tie, the one that began
    first); the others keep the rest of theirs, split if necessary.
    """
    left = sorted(turns, key=lambda turn: (turn.start, turn.end, turn.person))
    edges = sorted({edge for turn in left for edge in (turn.start, turn.end)})
    out: list[Turn] = []
    owners: list[int] = []  # index of the turn that each piece of ``out`` was cut from
    talking: list[int] = []
    coming = 0
    for start, end in pairwise(edges):
        while coming < len(left) and left[coming].start <= start:
            talking.append(coming)
            coming += 1
        talking = [i for i in talking if left[i].end > start]
        if not talking:
            continue
        owner = max(talking, key=lambda i: (left[i].confidence, -i))
        if owners and owners[-1] == owner and out[-1].end == start:
            out[-1] = out[-1].model_copy(update={"end": end})
        else:
            out.append(left[owner].model_copy(update={"start": start, "end": end, "overlap": False}))
            owners.append(owner)
    return out
