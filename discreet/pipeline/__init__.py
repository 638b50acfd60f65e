"""The stages of a run: what each takes and returns, and how its result is stored for the next run."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.pipeline.amplify import Normalised
    from discreet.pipeline.cache import (
        SUFFIX,
        StageCache,
        run_key,
    )
    from discreet.pipeline.channel_transcripts import with_placeholders
    from discreet.pipeline.context import RunContext
    from discreet.pipeline.enrolment import EnrolmentFiles, enroll, require_enrolment_models
    from discreet.pipeline.privacy import (
        UNCHECKED,
        RedactionPlan,
        find_private,
        voice_redactions,
    )
    from discreet.pipeline.recording_id import comment
    from discreet.pipeline.render_again import RenderTarget
    from discreet.pipeline.runner import StageRunner
    from discreet.pipeline.serialise import Faces, decode_tracks, encode_tracks
    from discreet.pipeline.sidecars import write_faces
    from discreet.pipeline.source import Source, open_source
    from discreet.pipeline.stages import Stages, parallel
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "render_again": ["RenderTarget"],
            "channel_transcripts": ["with_placeholders"],
            "cache": ["SUFFIX", "StageCache", "run_key"],
            "serialise": ["Faces", "decode_tracks", "encode_tracks"],
            "context": ["RunContext"],
            "enrolment": ["EnrolmentFiles", "enroll", "require_enrolment_models"],
            "amplify": ["Normalised"],
            "privacy": ["RedactionPlan", "UNCHECKED", "find_private", "voice_redactions"],
            "runner": ["StageRunner"],
            "recording_id": ["comment"],
            "sidecars": ["write_faces"],
            "source": ["Source", "open_source"],
            "stages": ["Stages", "parallel"],
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
    "StageCache",
    "StageRunner",
    "Stages",
    "comment",
    "decode_tracks",
    "encode_tracks",
    "enroll",
    "find_private",
    "open_source",
    "parallel",
    "require_enrolment_models",
    "run_key",
    "voice_redactions",
    "with_placeholders",
    "write_faces",
]
