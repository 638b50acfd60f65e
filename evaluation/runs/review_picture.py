"""Make the README's picture of the review page: ``python -m evaluation.runs.review_picture demo-out TARGET.jpg``.

It shows the demo's result in headless chromium, with some words selected. Nothing is decided.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from evaluation.data.review_page import opened_page, served, until

SIZE = {"width": 1360, "height": 800}


def take(results: Path, target: Path) -> None:
    """Write a JPEG of the page with ``results`` into ``target``; the results themselves stay as they are."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(results, Path(temporary) / "results"))
        (folder / "decisions.json").unlink(missing_ok=True)
        with served(folder) as (_, once), opened_page(once) as (page, _):
            page.set_viewport_size(SIZE)
            until(page, "document.getElementById('video').readyState >= 2")
            page.keyboard.press("j")
            page.evaluate(
                "document.getElementById('video').currentTime = document.getElementById('video').duration / 2"
            )
            until(page, "!document.getElementById('video').seeking")
            for key in ("Escape", "w", "Shift+W", "Shift+W"):
                page.keyboard.press(key)
            page.wait_for_timeout(1500)  # until the outline of the sound is drawn
            page.screenshot(path=str(target), type="jpeg", quality=82)


def main() -> None:
    """Write the picture."""
    take(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
