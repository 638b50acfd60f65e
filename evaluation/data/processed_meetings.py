"""Results of ``discreet process`` on the composed meetings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from discreet.config import load
from discreet.pipeline import EnrolmentFiles, enroll
from evaluation.data import composed
from evaluation.data.planted_recordings import RATE, sound_of
from registered import Answers, Consent, EnrolmentError, Registry
from timeline import FloatArray
from weights import Store


def enrolled_registry(folder: Path, meeting: composed.Composed, store: Store) -> Registry:
    """A new registry in ``folder`` in which half of the people of ``meeting`` give full consent.

    If a person's photos or voice are refused, that person is enrolled with fewer of them, as the refusal advises, and a
    line says so.
    """
    shutil.rmtree(folder, ignore_errors=True)
    settings = load()
    registry = Registry.open(folder, "file", settings.registered)
    consent = Consent.granting(Answers(True, True, True, True), purpose="benchmark")
    for person in meeting.registered():
        source = composed.person_folder(person)
        photos = sorted(source.glob("face*.jpg"))
        clips = [source / "voice.wav"]
        for faces, voices in ((photos, clips), (photos[:1], clips), (photos[:1], []), ([], clips)):
            try:
                enroll(registry, store, settings, person, EnrolmentFiles(faces, voices), consent)
                break
            except EnrolmentError:
                print(f"{person}: refused with {len(faces)} photos and {len(voices)} voice clips")
    return registry


OWN_VOICE = 8.0
"""Seconds of somebody's own voice that an attacker knows."""


def known_voices(meeting: composed.Composed) -> dict[str, FloatArray]:
    """The voice of each person of ``meeting`` from another recording, mono ``[n]`` at 16 kHz."""
    length = round(OWN_VOICE * RATE)
    return {person: sound_of(composed.person_folder(person) / "voice.wav")[:length] for person in meeting.people}


REPEATABLE = """
import sys
import numpy as np
make = np.random.default_rng
np.random.default_rng = lambda seed=None: make(0 if seed is None else seed)
from discreet.cli import main
sys.argv[0] = "discreet"
main()
"""
"""Runs ``discreet`` with repeatable noise. In use the noise of mosaics must not repeat, but comparisons need it."""


def run_discreet(*arguments: str, registry: Path | None = None, repeatable: bool = False) -> None:
    """Run ``discreet`` in its own process. Raises subprocess.CalledProcessError if it fails.

    ``registry``: the folder of enrolled people that the ``arguments`` name, if they name one.
    """
    program = ["-c", REPEATABLE] if repeatable else ["-m", "discreet"]
    with tempfile.TemporaryDirectory() as state:
        env = {**os.environ, "DISCREET_KEYRING": "file", "XDG_STATE_HOME": state}

        def run(*command: str) -> None:
            subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, env=env)

        # Registries are copied and restored here, which is rightly refused until somebody accepts it.
        if registry is not None:
            run("-m", "discreet", "people", "accept-backup", "--yes", "--registered", str(registry))
        run(*program, *arguments)


def process_meeting(recording: Path, out: Path, registry: Path, *, repeatable: bool = False) -> None:
    """Write the results of ``recording`` to ``out``, with the people of the ``registry`` folder."""
    options = ("-o", str(out), "--registered", str(registry), "--overwrite", "--quiet", "--json")
    run_discreet("process", str(recording), *options, registry=registry, repeatable=repeatable)
