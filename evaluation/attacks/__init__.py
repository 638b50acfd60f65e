"""Attackers and peers: programs that try to undo what Discreet did, or do the same job."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from evaluation.attacks.converted_corpus import (
        Spent,
        at_other_speeds,
        write_converted,
        write_originals,
        write_training,
    )
    from evaluation.attacks.converter_systems import SYSTEMS
    from evaluation.attacks.deface import compare_deface, line
    from evaluation.attacks.hostile_text import composed, mutated
    from evaluation.attacks.linkage import Linked, linked
    from evaluation.attacks.mel_inversion import mel, sound_from
    from evaluation.attacks.reidentify import SAME, ArcFace, Scrfd, known_templates
    from evaluation.attacks.resynthesis_systems import RESAID, Listener, resynthesised_systems
    from evaluation.attacks.safe_recording import UNCHANGED, SafePicture, reidentify_faces
    from evaluation.attacks.sound_features import CANDIDATES
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "converted_corpus": ["Spent", "at_other_speeds", "write_converted", "write_originals", "write_training"],
            "deface": ["compare_deface", "line"],
            "hostile_text": ["composed", "mutated"],
            "mel_inversion": ["mel", "sound_from"],
            "linkage": ["Linked", "linked"],
            "reidentify": ["ArcFace", "SAME", "Scrfd", "known_templates"],
            "resynthesis_systems": ["Listener", "RESAID", "resynthesised_systems"],
            "safe_recording": ["SafePicture", "UNCHANGED", "reidentify_faces"],
            "sound_features": ["CANDIDATES"],
            "converter_systems": ["SYSTEMS"],
        },
    )

__all__ = [
    "CANDIDATES",
    "RESAID",
    "SAME",
    "SYSTEMS",
    "UNCHANGED",
    "ArcFace",
    "Linked",
    "Listener",
    "SafePicture",
    "Scrfd",
    "Spent",
    "at_other_speeds",
    "compare_deface",
    "composed",
    "known_templates",
    "line",
    "linked",
    "mel",
    "mutated",
    "reidentify_faces",
    "resynthesised_systems",
    "sound_from",
    "write_converted",
    "write_originals",
    "write_training",
]
