"""The stages of a run: what each takes and returns, and how its result is stored for the next run."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.pipeline.amplify import Normalised
    from discreet.pipeline.cache import SUFFIX
    from discreet.pipeline.channel_transcripts import with_placeholders
    from discreet.pipeline.context import RunContext
    from discreet.pipeline.enrolment import EnrolmentFiles, enroll, require_enrolment_models
    from discreet.pipeline.privacy import UNCHECKED, RedactionPlan, find_private
    from discreet.pipeline.recording_id import comment
    from discreet.pipeline.render_again import RenderTarget
    from discreet.pipeline.runner import StageRunner
    from discreet.pipeline.serialise import Faces, decode_tracks, encode_tracks
    from discreet.pipeline.sidecars import write_faces
    from discreet.pipeline.source import Source, open_source
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "render_again": ["RenderTarget"],
            "channel_transcripts": ["with_placeholders"],
            "cache": ["SUFFIX"],
            "serialise": ["Faces", "decode_tracks", "encode_tracks"],
            "context": ["RunContext"],
            "enrolment": ["EnrolmentFiles", "enroll", "require_enrolment_models"],
            "amplify": ["Normalised"],
            "privacy": ["RedactionPlan", "UNCHECKED", "find_private"],
            "runner": ["StageRunner"],
            "recording_id": ["comment"],
            "sidecars": ["write_faces"],
            "source": ["Source", "open_source"],
        },
    )

__all__ = [
    "SUFFIX",
    "UNCHECKED",
    "EnrolmentFiles",
    "Faces",
    "Normalised",
    "RedactionPlan",
    "RenderTarget",
    "RunContext",
    "Source",
    "StageRunner",
    "comment",
    "decode_tracks",
    "encode_tracks",
    "enroll",
    "find_private",
    "open_source",
    "require_enrolment_models",
    "with_placeholders",
    "write_faces",
]
