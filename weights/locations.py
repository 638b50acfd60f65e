"""Where this machine's models are."""

import os
from pathlib import Path

import platformdirs

RECEIPT = ".discreet.json"
"""The record written beside the files of every model in a store."""


def default_root() -> Path:
    """``$DISCREET_HOME/weights``, else :func:`usual_root`."""
    home = os.environ.get("DISCREET_HOME")
    return Path(home) / "weights" if home else usual_root()


def usual_root() -> Path:
    """The store in the user's cache folder, used unless DISCREET_HOME is set."""
    return platformdirs.user_cache_path("discreet") / "weights"


def default_local() -> list[Path]:
    """The folders named in DISCREET_WEIGHTS."""
    return [Path(part) for part in os.environ.get("DISCREET_WEIGHTS", "").split(os.pathsep) if part]


def models_in(root: Path) -> list[str]:
    """Ids of the models that were fetched into a store, complete or not; empty if there is no such folder."""
    return sorted(receipt.parent.name for receipt in root.glob(f"*/{RECEIPT}"))


def moved_store(root: Path) -> str:
    """A line that says that DISCREET_HOME moved the store away from the user's models; empty if it did not."""
    usual = usual_root()
    if root == usual or root != default_root() or models_in(root) or not models_in(usual):
        return ""
    return f"DISCREET_HOME moved the store to {root}, but {usual} holds models; see: discreet doctor\n"
