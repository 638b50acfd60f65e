"""Makes the document from what a run found; every text is made from it."""

from __future__ import annotations

from collections.abc import Sequence

from capture import MediaInfo
from diarization import Fusion, score_speaking_faces
from discreet.pipeline.privacy import RedactionPlan, voice_redactions
from redaction import cuts_of
from timeline import FaceTrack, Provenance, Recording, Redaction, Timeline, Word, shortened


def make_document(
    info: MediaInfo,
    tracks: Sequence[FaceTrack],
    fusion: Fusion,
    private: RedactionPlan,
    style: str,
    provenance: Provenance,
) -> Timeline:
    """The document of the safe recording, with the times after each cut moved forward.

    Args:
        info: what the recording holds.
        tracks: every face, with the speaking scores of its lips.
        fusion: the people and their turns.
        private: the words as they may be written, and the redactions.
        style: how faces were masked.
        provenance: how it was made.
    """
    redactions = _redactions(tracks, fusion, private, style)
    ids = _ids(redactions)
    whole = Timeline(
        recording=Recording(
            duration=info.duration,
            width=info.width,
            height=info.height,
            fps=round(info.fps, 3),
            sample_rate=info.sample_rate,
        ),
        people=fusion.people,
        tracks=[
            track.to_document(fusion.track_person.get(track.id))
            for track in score_speaking_faces(tracks, fusion.turns, fusion.track_person)
        ],
        turns=fusion.turns,
        words=[_renumbered(word, ids) for word in private.words],
        redactions=[_written(redaction, ids[redaction.id], provenance.mark) for redaction in redactions],
        provenance=provenance,
    )
    return shortened(whole, cuts_of(private.redactions))


def redaction_ids(tracks: Sequence[FaceTrack], fusion: Fusion, private: RedactionPlan, style: str) -> dict[str, str]:
    """Id of each redaction in the document -> its id in the plan, see :func:`make_document`."""
    return {number: id for id, number in _ids(_redactions(tracks, fusion, private, style)).items()}


def _redactions(tracks: Sequence[FaceTrack], fusion: Fusion, private: RedactionPlan, style: str) -> list[Redaction]:
    found = [
        *_faces(tracks, fusion, style),
        *voice_redactions(fusion.people, fusion.withheld),
        *private.redactions,
    ]
    return sorted(found, key=lambda redaction: (redaction.start, redaction.end))


def _written(redaction: Redaction, id: str, mark: str) -> Redaction:
    """The redaction under its id in the document. ``mark``: of speech that was made; a voice was then not converted."""
    made = {"operator": "resynthesise"} if redaction.kind == "voice" and mark else {}
    return redaction.model_copy(update={"id": id, **made})


def _ids(redactions: Sequence[Redaction]) -> dict[str, str]:
    return {redaction.id: f"r{number}" for number, redaction in enumerate(redactions, 1)}


def notes_on(info: MediaInfo, tracks: Sequence[FaceTrack], unseen: int) -> list[str]:
    """Notes on anything unusual about the recording and its pictures.

    Args:
        info: what the recording holds.
        tracks: every face, and where the whole picture is masked.
        unseen: how many pictures were not searched for faces.
    """
    notes = list(info.notes)
    if info.truncated:
        notes.append("The recording breaks off early: what could be read was made safe.")
    if not info.has_audio:
        notes.append("There is no sound: nobody was heard, and no words were transcribed.")
    if not info.has_video:
        notes.append("There is no picture: who speaks was told by voice alone.")
    if unseen:
        notes.append(f"{unseen} pictures were not searched for faces, so they are masked as a whole.")
    seconds: dict[str, float] = {}
    for track in tracks:
        if track.covers_picture:
            seconds[track.why] = seconds.get(track.why, 0.0) + track.end - track.start
    notes += [f"The whole picture is masked for {length:.1f} s: {why}." for why, length in seconds.items()]
    return notes


def _faces(tracks: Sequence[FaceTrack], fusion: Fusion, style: str) -> list[Redaction]:
    return [
        Redaction(
            id=f"face-{track.id}",
            kind="face",
            start=track.start,
            end=track.end,
            person=fusion.track_person.get(track.id),
            operator=style,
            reason=f"{track.reason}; masked only where that was in doubt" if track.ever_shown else track.reason,
        )
        for track in tracks
        if not track.shown.all() or not len(track.shown)
    ]


def _renumbered(word: Word, ids: dict[str, str]) -> Word:
    return word if word.redaction is None else word.model_copy(update={"redaction": ids[word.redaction]})
