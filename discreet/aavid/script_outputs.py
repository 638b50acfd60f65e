"""What AAVID's own scripts left, as a document: every export and every measure of Discreet reads that."""

from __future__ import annotations

from pathlib import Path

from timeline import InputError, Timeline, from_aavid

SCORES, LABELED = "label_scores.txt", "timeline_labeled.txt"


def read_earlier(folder: Path) -> Timeline:
    """The document of AAVID's text files in ``folder``, or below it in ``pywork`` and ``pyavi``.

    Raises:
        InputError: there are none, or they are damaged.
    """
    places = [folder, folder / "pywork", folder / "pyavi"]
    found = [next((p / name for p in places if (p / name).is_file()), None) for name in (SCORES, LABELED)]
    if not any(found):
        raise InputError(
            f"{folder} holds neither {SCORES} nor {LABELED}", "give the folder of a video, such as output/masked"
        )
    try:
        scores, labeled = (path.read_text("utf-8") if path is not None else "" for path in found)
        return from_aavid(scores, labeled)
    except OSError as error:
        raise InputError(f"{folder}: AAVID's files cannot be read: {error.strerror}", "make them readable") from None
    except ValueError as error:
        why = "they are not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise InputError(f"{folder}: AAVID's files cannot be read: {why}", "correct that line") from None
