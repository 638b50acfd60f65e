"""Labelled and synthetic media for the measurements."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from evaluation.data.aavid_project import Project, lay_out_project
    from evaluation.data.composed import MEETINGS, Composed, gallery, load
    from evaluation.data.composed_faces import FIRST, in_tile, on_screen_since
    from evaluation.data.espeak import VOICES, say
    from evaluation.data.face_crops import Crops, embed, identities, kept
    from evaluation.data.face_scan_cache import cached_scan, enrol_everyone, gallery_of
    from evaluation.data.face_scenes import HARDER, MIDDLE, SIZES, Marks, Scene, agreed, cached, mark, pictures, resized
    from evaluation.data.face_takes import FaceTakes
    from evaluation.data.hostile_clips import clip
    from evaluation.data.hostile_documents import DOCUMENTS
    from evaluation.data.hostile_seeds import READERS, Reader
    from evaluation.data.interviews import SPEAKER, exported, sessions
    from evaluation.data.media import MEDIA
    from evaluation.data.multichannel_mixes import random_mix
    from evaluation.data.pii_sentences import HALVES, NOT_PRIVATE, Said, audible, lost, regions, secrets
    from evaluation.data.planted_recordings import bare_face, own_voice, sound_of, write_cut
    from evaluation.data.planted_words import ENCODINGS, NAME, PLANTS, clean_gate, second_track, write_clean
    from evaluation.data.processed_meetings import REPEATABLE, enrolled_registry, process_meeting, run_discreet
    from evaluation.data.read_speech import TEST, TUNE, recording
    from evaluation.data.reading_passages import TEXTS
    from evaluation.data.recordings import TUNED, Recording, assembled_meeting, assembled_meetings, read_rttm
    from evaluation.data.review_page import (
        chromium,
        long_timeline,
        opened_page,
        served,
        until,
        violations,
        write_results,
    )
    from evaluation.data.same_text_speakers import Reading, made, readers
    from evaluation.data.share_project import SharedProject, shared_project
    from evaluation.data.synthetic_voices import Voices
    from evaluation.data.virtual_devices import environment, offset, sound_server, write_sound
    from evaluation.data.voice_takes import PIECE, Takes, takes
    from evaluation.data.voices import Recorded, recorded_speakers
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "aavid_project": ["Project", "lay_out_project"],
            "composed": ["Composed", "MEETINGS", "gallery", "load"],
            "composed_faces": ["FIRST", "in_tile", "on_screen_since"],
            "virtual_devices": ["environment", "offset", "sound_server", "write_sound"],
            "espeak": ["VOICES", "say"],
            "face_crops": ["Crops", "embed", "identities", "kept"],
            "face_scenes": [
                "HARDER",
                "MIDDLE",
                "Marks",
                "SIZES",
                "Scene",
                "agreed",
                "cached",
                "mark",
                "pictures",
                "resized",
            ],
            "face_takes": ["FaceTakes"],
            "hostile_clips": ["clip"],
            "hostile_documents": ["DOCUMENTS"],
            "hostile_seeds": ["READERS", "Reader"],
            "interviews": ["SPEAKER", "exported", "sessions"],
            "planted_recordings": ["bare_face", "own_voice", "sound_of", "write_cut"],
            "media": ["MEDIA"],
            "multichannel_mixes": ["random_mix"],
            "reading_passages": ["TEXTS"],
            "face_scan_cache": ["cached_scan", "enrol_everyone", "gallery_of"],
            "planted_words": ["ENCODINGS", "NAME", "PLANTS", "clean_gate", "second_track", "write_clean"],
            "processed_meetings": ["REPEATABLE", "enrolled_registry", "process_meeting", "run_discreet"],
            "read_speech": ["TEST", "TUNE", "recording"],
            "recordings": ["Recording", "TUNED", "assembled_meeting", "assembled_meetings", "read_rttm"],
            "review_page": [
                "chromium",
                "long_timeline",
                "opened_page",
                "served",
                "until",
                "violations",
                "write_results",
            ],
            "same_text_speakers": ["Reading", "made", "readers"],
            "pii_sentences": ["HALVES", "NOT_PRIVATE", "Said", "audible", "lost", "regions", "secrets"],
            "share_project": ["SharedProject", "shared_project"],
            "synthetic_voices": ["Voices"],
            "voice_takes": ["PIECE", "Takes", "takes"],
            "voices": ["Recorded", "recorded_speakers"],
        },
    )

__all__ = [
    "DOCUMENTS",
    "ENCODINGS",
    "FIRST",
    "HALVES",
    "HARDER",
    "MEDIA",
    "MEETINGS",
    "MIDDLE",
    "NAME",
    "NOT_PRIVATE",
    "PIECE",
    "PLANTS",
    "READERS",
    "REPEATABLE",
    "SIZES",
    "SPEAKER",
    "TEST",
    "TEXTS",
    "TUNE",
    "TUNED",
    "VOICES",
    "Composed",
    "Crops",
    "FaceTakes",
    "Marks",
    "Project",
    "Reader",
    "Reading",
    "Recorded",
    "Recording",
    "Said",
    "Scene",
    "SharedProject",
    "Takes",
    "Voices",
    "agreed",
    "assembled_meeting",
    "assembled_meetings",
    "audible",
    "bare_face",
    "cached",
    "cached_scan",
    "chromium",
    "clean_gate",
    "clip",
    "embed",
    "enrol_everyone",
    "enrolled_registry",
    "environment",
    "exported",
    "gallery",
    "gallery_of",
    "identities",
    "in_tile",
    "kept",
    "lay_out_project",
    "load",
    "long_timeline",
    "lost",
    "made",
    "mark",
    "offset",
    "on_screen_since",
    "opened_page",
    "own_voice",
    "pictures",
    "process_meeting",
    "random_mix",
    "read_rttm",
    "readers",
    "recorded_speakers",
    "recording",
    "regions",
    "resized",
    "run_discreet",
    "say",
    "second_track",
    "secrets",
    "served",
    "sessions",
    "shared_project",
    "sound_of",
    "sound_server",
    "takes",
    "until",
    "violations",
    "write_clean",
    "write_cut",
    "write_results",
    "write_sound",
]
