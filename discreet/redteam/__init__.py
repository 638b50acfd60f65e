"""Mock attacks on results and exports, as somebody would make them who has the folder and nothing of the sender's."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.redteam.known_people import Known
    from discreet.redteam.report import redteam_json, redteam_page, redteam_text
    from discreet.redteam.run import attack_all
    from discreet.redteam.target import targets_in
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "known_people": ["Known"],
            "report": ["redteam_json", "redteam_page", "redteam_text"],
            "run": ["attack_all"],
            "target": ["targets_in"],
        },
    )

__all__ = ["Known", "attack_all", "redteam_json", "redteam_page", "redteam_text", "targets_in"]
