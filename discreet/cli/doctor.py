"""What is installed, which models are there, which devices exist, and the command that mends what is missing.

What the settings in use need must be there; what other profiles and options would need is only told.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import psutil

from timeline import DiscreetError

if TYPE_CHECKING:
    from discreet.config.settings import Settings
    from weights import Store

State = Literal["ok", "warning", "missing", "option"]
"""``option``: not there, and not needed by the settings in use."""
CORE = ("av", "cv2", "onnxruntime", "filterpy", "faster_whisper", "spacy", "presidio_analyzer", "cryptography")
LAB = ("torch", "safetensors", "lightning", "onnx")
"""What training voices needs; their names only are looked for, for loading torch takes seconds."""
NEEDED_MB = 2_000
"""Free memory `process` is built to stay within."""
NEEDED_DISK_MB = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ``remedy`` is the command that mends it."""

    area: str
    name: str
    state: State
    detail: str
    remedy: str = ""


def examine(config: Path | None = None, options: Sequence[str] = ()) -> Iterator[Finding]:
    """Look at everything, cheapest first. What cannot be looked at is a finding, too.

    Args:
        config: a settings file; the user's own, if there is one, when None.
        options: settings as ``key.path=value`` above those of the file.

    Raises:
        SettingsError: the settings cannot be read.
    """
    from discreet.config.settings import load

    settings = load(config, options)
    yield from _machine()
    yield from _packages()
    yield _lab()
    yield from _models(settings, lambda more: load(config, [*options, *more]))
    yield from _people()
    yield from _devices()


def _machine() -> Iterator[Finding]:
    version = platform.python_version()
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    yield Finding(
        "machine", "Python", "ok" if fits else "missing", version, "" if fits else "./setup.sh with Python 3.11"
    )
    cores, memory = os.cpu_count() or 1, psutil.virtual_memory().available / 1e6
    yield Finding("machine", "cores", "ok" if cores >= 2 else "warning", str(cores))
    yield Finding(
        "machine",
        "free memory",
        "ok" if memory > NEEDED_MB else "warning",
        f"{memory:.0f} MB",
        "" if memory > NEEDED_MB else "close other programs",
    )
    free = shutil.disk_usage(Path.home()).free / 1e6 if Path.home().exists() else 0.0
    yield Finding(
        "machine",
        "free disk",
        "ok" if free > NEEDED_DISK_MB else "warning",
        f"{free:.0f} MB",
        "" if free > NEEDED_DISK_MB else "free some space",
    )


def _packages() -> Iterator[Finding]:
    # Reads every installed package's files: some seconds, so once.
    distributions = importlib.metadata.packages_distributions()
    for name in CORE:
        found = importlib.util.find_spec(name) is not None
        dists = distributions.get(name, []) if found else []
        detail = (
            f"{dists[0]} {importlib.metadata.version(dists[0])}" if dists else ("there" if found else "not installed")
        )
        yield Finding("packages", name, "ok" if found else "missing", detail, "" if found else "./setup.sh")


def _lab() -> Finding:
    """Whether voice converters can be trained; nothing else needs it."""
    lacking = [name for name in LAB if importlib.util.find_spec(name) is None]
    detail = "not installed; only `discreet lab` needs it: " + ", ".join(lacking) if lacking else "there"
    return Finding("packages", "voice lab", "ok", detail, "./setup.sh --with lab" if lacking else "")


def _models(settings: Settings, with_more: Callable[[Sequence[str]], Settings]) -> Iterator[Finding]:
    """What the settings in use need; and what every other profile and option would need beside."""
    from discreet.cli.requirements import OPTIONS, lacking, needs, remedies
    from weights import Store

    try:
        store = Store()
        found = needs(store, settings)
    except DiscreetError as error:
        yield Finding("models", "settings in use", "missing", str(error), error.remedy)
        return
    yield _store(store)
    for need in found:
        state: State = "ok" if need.here else ("warning" if need.instead else "missing")
        detail = need.detail + (f"; {need.instead}" if need.instead and not need.here else "")
        yield Finding("models", need.name, state, detail, need.remedy)
    told = {need.name for need in found}
    for option, chosen in OPTIONS.items():
        try:
            every = lacking(store, with_more(chosen))
        except DiscreetError as error:
            yield Finding("options", option, "option", str(error), error.remedy)
            continue
        missing = [need for need in every if need.name not in told]
        names = ", ".join(f"{need.name} ({need.detail})" for need in missing)
        if every and not missing:
            above = ", ".join(need.name for need in every)
            yield Finding("options", option, "option", f"missing, see above: {above}")
        elif missing:
            yield Finding("options", option, "option", f"missing: {names}", remedies(store, missing))
        else:
            yield Finding("options", option, "ok", "there")


def _store(store: Store) -> Finding:
    """Where models are looked for, and, when none is there, whether the user's usual store has them."""
    from weights import models_in, usual_root

    brought = "".join(f"; files to fetch from (DISCREET_WEIGHTS): {folder}" for folder in store.local)
    if models_in(store.root):
        return Finding("models", "store", "ok", f"{len(models_in(store.root))} models in {store.root}{brought}")
    detail, usual = f"{store.root} holds no models{brought}", usual_root()
    if usual == store.root or not models_in(usual):
        return Finding("models", "store", "warning", detail, "discreet weights fetch")
    count = len(models_in(usual))
    detail += f"; DISCREET_HOME moved the store there, and {usual} holds {count} models"
    copy = f'mkdir -p "{store.root}" && cp -a "{usual}/." "{store.root}/"'
    remedy = f"{copy}\nOr unset DISCREET_HOME, which moves the registry of people back as well."
    return Finding("models", "store", "warning", detail, remedy)


def _people() -> Iterator[Finding]:
    from registered import Registry

    try:
        registry = Registry.open()
        people, damaged = registry.people(), registry.damaged()
    except DiscreetError as error:
        yield Finding("people", "registry", "missing", str(error), error.remedy)
        return
    yield Finding("people", "registry", "ok", f"{len(people)} enrolled, in {registry.folder}")
    if damaged and damaged[0].everybody:
        yield Finding("people", "index", "missing", f"nobody is recognised: {damaged[0].reason}", damaged[0].remedy)
        return
    for broken in damaged:
        yield Finding(
            "people", broken.id, "missing", f"unreadable: {broken.reason}", f"discreet people forget {broken.id}"
        )


def _devices() -> Iterator[Finding]:
    cameras = sorted(Path("/dev").glob("video*")) if sys.platform == "linux" else []
    if sys.platform == "linux":
        yield Finding(
            "devices", "cameras", "ok" if cameras else "warning", ", ".join(c.name for c in cameras) or "none found"
        )
        sound = Path("/proc/asound/cards")
        cards = sound.read_text(encoding="utf-8", errors="replace").strip() if sound.exists() else ""
        none = not cards or "no soundcards" in cards
        yield Finding(
            "devices",
            "sound cards",
            "warning" if none else "ok",
            "none found" if none else cards.splitlines()[0].strip(),
        )
