"""Attackers and peers: programs that try to undo what Discreet did, or do the same job."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from evaluation.attacks.converted import Spent, at_other_speeds, write_converted, write_originals, write_training
    from evaluation.attacks.deface import compare_deface, line
    from evaluation.attacks.hostile_text import composed, mutated
    from evaluation.attacks.inversion import mel, sound_from
    from evaluation.attacks.linking import Linked, linked
    from evaluation.attacks.reidentify import SAME, ArcFace, Scrfd, known_templates
    from evaluation.attacks.resaid import RESAID, Listener, resynthesised_systems
    from evaluation.attacks.safe import UNCHANGED, SafePicture, reidentify_faces
    from evaluation.attacks.sound_features import CANDIDATES
    from evaluation.attacks.systems import SYSTEMS
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "converted": ["Spent", "at_other_speeds", "write_converted", "write_originals", "write_training"],
            "deface": ["compare_deface", "line"],
            "hostile_text": ["composed", "mutated"],
            "inversion": ["mel", "sound_from"],
            "linking": ["Linked", "linked"],
            "reidentify": ["ArcFace", "SAME", "Scrfd", "known_templates"],
            "resaid": ["Listener", "RESAID", "resynthesised_systems"],
            "safe": ["SafePicture", "UNCHANGED", "reidentify_faces"],
            "sound_features": ["CANDIDATES"],
            "systems": ["SYSTEMS"],
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
