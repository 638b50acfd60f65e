"""People: enrolment, consent and encrypted templates.

The room does not know how a template is computed. The caller of enrolment provides three things, all described in
:mod:`registered.finder_protocols`:

* a ``FaceFinder``: takes a picture, uint8 ``[H, W, 3]`` BGR upright; returns its faces, each a ``FoundFace`` with its
  box (px ``x, y, w, h``), five landmarks ``[5, 2]`` (px; left and right eye, nose tip, left and right corner of the
  mouth, left and right as seen in the picture), a score 0..1, an embedding ``[D]`` float32 and its quality 0..1;
* a ``VoiceEmbedder``: takes 16 kHz speech, float32 ``[n]``; returns an embedding ``[D]`` float32;
* a ``SpeechFinder``: takes a ``timeline.Audio``; returns the ``timeline.Segment`` list of speech.

The first two have ``model`` (the id in the weights store, under which the templates are kept) and ``same``, the cosine
from which two embeddings count as the same person, and may have ``ratio``, a calibrated log-likelihood ratio.
"""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from registered.consent import (
        GIVEN,
        NOBODY,
        QUESTIONS,
        Agreement,
        Answers,
        Consent,
        parse_answers,
        parse_day,
        stranger,
    )
    from registered.enrol import Clip, Enroller, Enrolment, EnrolmentOptions, Video
    from registered.enrolment_problems import EnrolmentError, Problem
    from registered.face_checks import GoodFace, check_faces
    from registered.files import default_folder, private_folder, private_subfolder, shred, write_private
    from registered.finder_protocols import FaceFinder, FoundFace, SpeechFinder, VoiceEmbedder
    from registered.forget import Forgotten
    from registered.gallery import Gallery
    from registered.keys import get_secret, read_place, set_secret
    from registered.merge import merged
    from registered.people import ConsentChange, Enrolled, KeptSample, clean_name, name_key
    from registered.record_files import Damaged
    from registered.registry import Registry
    from registered.rollback_counter import state_folder
    from registered.settings import FaceQuality, KeyringMode, Settings, VoiceQuality
    from registered.vault import SealError, Vault
    from registered.voice_checks import greater_part, split_voices, voices_ratio
    from registered.withdrawal import withdraw
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "consent": [
                "Agreement",
                "Answers",
                "Consent",
                "GIVEN",
                "NOBODY",
                "QUESTIONS",
                "parse_answers",
                "parse_day",
                "stranger",
            ],
            "rollback_counter": ["state_folder"],
            "enrol": ["Clip", "Enroller", "Enrolment", "EnrolmentOptions", "Video"],
            "face_checks": ["GoodFace", "check_faces"],
            "files": ["default_folder", "private_folder", "private_subfolder", "shred", "write_private"],
            "finder_protocols": ["FaceFinder", "FoundFace", "SpeechFinder", "VoiceEmbedder"],
            "forget": ["Forgotten"],
            "gallery": ["Gallery"],
            "keys": ["get_secret", "read_place", "set_secret"],
            "merge": ["merged"],
            "people": ["ConsentChange", "Enrolled", "KeptSample", "clean_name", "name_key"],
            "enrolment_problems": ["EnrolmentError", "Problem"],
            "record_files": ["Damaged"],
            "registry": ["Registry"],
            "settings": ["FaceQuality", "KeyringMode", "Settings", "VoiceQuality"],
            "vault": ["SealError", "Vault"],
            "voice_checks": ["greater_part", "split_voices", "voices_ratio"],
            "withdrawal": ["withdraw"],
        },
    )

__all__ = [
    "GIVEN",
    "NOBODY",
    "QUESTIONS",
    "Agreement",
    "Answers",
    "Clip",
    "Consent",
    "ConsentChange",
    "Damaged",
    "Enrolled",
    "Enroller",
    "Enrolment",
    "EnrolmentError",
    "EnrolmentOptions",
    "FaceFinder",
    "FaceQuality",
    "Forgotten",
    "FoundFace",
    "Gallery",
    "GoodFace",
    "KeptSample",
    "KeyringMode",
    "Problem",
    "Registry",
    "SealError",
    "Settings",
    "SpeechFinder",
    "Vault",
    "Video",
    "VoiceEmbedder",
    "VoiceQuality",
    "check_faces",
    "clean_name",
    "default_folder",
    "get_secret",
    "greater_part",
    "merged",
    "name_key",
    "parse_answers",
    "parse_day",
    "private_folder",
    "private_subfolder",
    "read_place",
    "set_secret",
    "shred",
    "split_voices",
    "state_folder",
    "stranger",
    "voices_ratio",
    "withdraw",
    "write_private",
]
