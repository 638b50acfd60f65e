"""Checking that a cluster named by voice holds that voice alone, piece by piece.

The embedding of a cluster is a mean: with one minute of somebody enrolled and twenty seconds of somebody else, it still
matches the enrolled person. That happens where a setting says that there are fewer speakers than there are, or joins
unlike voices. So before a cluster gets its name, its pieces are compared with the template; if some seconds of them are
another voice, they become a cluster of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diarization.base import Diarization, Subsegments
from diarization.fusion.clean_speech import clean_seconds, turns_by_label
from diarization.fusion.identification import VoiceGallery, identify
from diarization.fusion.settings import ANOTHER_VOICE, ANOTHER_VOICE_SECONDS, NEAR_PIECES, SPLIT_ROUNDS
from diarization.fusion.split import Indices, centroid_of, pieces_of, relabelled, seconds_of
from diarization.settings import FusionSettings
from timeline import FloatArray

MIXED = (
    "What was told apart as an enrolled person's voice held other voices; they were not given the name. If you set the"
    " number of speakers, diarization.same_voice or strictness, check them."
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A diarization whose clusters were compared with the templates.

    Attributes:
        diarization: no cluster of it that is named by voice holds seconds of another voice.
        unlike: labels of clusters that match a template although none of their pieces does: the mean of several
            strangers can. Nobody's name may be given to them by voice.
        mixed: whether any cluster held other voices than the one that it matches.
    """

    diarization: Diarization
    unlike: frozenset[str] = frozenset()
    mixed: bool = False


def split_by_template(diarization: Diarization, gallery: VoiceGallery | None, rules: FusionSettings) -> Checked:
    """Compare every cluster that would be named by voice with the template, piece by piece.

    Args:
        diarization: who speaks when.
        gallery: templates of enrolled people; None: no cluster is named by voice.
        rules: which cluster is named.
    """
    pieces = diarization.pieces
    if pieces is None or gallery is None:
        return Checked(diarization)
    out, labels = diarization, list(diarization.embeddings)
    seconds = clean_seconds(turns_by_label(diarization))
    unlike: set[str] = set()
    for label in labels:  # what was taken out of a cluster is looked at, too
        turns = [turn for turn in out.turns if turn.person == label]
        person = identify(out.embeddings[label], seconds.get(label, 0.0), gallery, rules).match
        if person is None or not turns:
            continue
        mine = pieces_of(pieces, turns)
        own = _likeness(pieces, mine, gallery, person) >= ANOTHER_VOICE
        if not own.any():
            unlike.add(label)
            continue
        if seconds_of(pieces, mine[~own]) < ANOTHER_VOICE_SECONDS:
            continue
        voices = np.where(own, 0, 1)
        for _ in range(SPLIT_ROUNDS):
            centroids = np.stack([centroid_of(pieces, mine[voices == k]) for k in (0, 1)])
            # The mean of several strangers may be far from each of them: what is unlike the template stays out.
            nearest = np.where(own, (pieces.vectors[mine] @ centroids.T).argmax(axis=1), 1)
            if nearest.all():
                break
            voices = nearest
        out = relabelled(out, label, mine, voices, centroids)
        labels += [added for added in out.embeddings if added not in labels]
        parts = zip((label, labels[-1]), (mine[voices == k] for k in (0, 1)), strict=True)
        seconds |= {each: seconds_of(pieces, part) for each, part in parts}
    return Checked(out, frozenset(unlike), out is not diarization or bool(unlike))


def _likeness(pieces: Subsegments, mine: Indices, gallery: VoiceGallery, person: str) -> FloatArray:
    """``[N]`` cosine of each piece, with those around it, to the person's template; higher for short ones."""
    column = list(gallery.ids).index(person)
    spans, vectors = pieces.spans[mine], pieces.vectors[mine]
    middles, lengths = spans.mean(axis=1), spans[:, 1] - spans[:, 0]
    out = np.zeros(len(mine), np.float32)
    for i, middle in enumerate(middles.tolist()):
        near = np.abs(middles - middle) <= NEAR_PIECES
        mean = (vectors[near] * lengths[near, None]).sum(axis=0)
        mean = mean / max(float(np.linalg.norm(mean)), 1e-9)
        out[i] = gallery.similarity(np.asarray(mean, np.float32))[column]
    return out
