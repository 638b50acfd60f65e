"""Signed recordings under attack: bits that are flipped, credentials that are removed or replaced.

The recipient's command checks the hash of the file and the content credentials (C2PA); a flip has to be found by one of
them. C2PA alone leaves out some boxes of MP4.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

from discreet.share import export
from evaluation.data.planted_words import write_clean
from evaluation.data.share_project import shared_project
from sharing.exports import (
    Issuer,
    Signer,
    actions,
    add_credentials,
    credential_problems,
    verify_export,
)
from timeline import Timeline

FLIPS = 500
CLEAN = 20


def credentials() -> Iterator[tuple[str, str, str, bool]]:
    """Flips that are found, by which check; removed and forged credentials."""
    with shared_project() as shared:
        write_clean(shared.session.parent / "made")
        (shared.session / "safe.mp4").write_bytes((shared.session.parent / "made" / "safe.mp4").read_bytes())
        out = shared.home / "out"
        export(shared.project, shared.request(out, "deidentified"), shared.settings)
        signer = Signer(shared.project.signing_seed)
        key, now = signer.public_key(), dt.datetime.now(dt.UTC)
        name = next(path for path in out.rglob("safe.mp4")).relative_to(out).as_posix()
        clean = sum(not verify_export(out, key, (), now).problems for _ in range(CLEAN))
        by_c2pa, together = _flips(out, name, key, now)
        removed, forged = _removed(out, name, key, now), _forged(out, name, key, now)
    yield "credentials: untouched exports that verify", f"{clean} of {CLEAN}", "all", clean == CLEAN
    yield "credentials: bit flips found by C2PA alone", f"{by_c2pa} of {FLIPS}", "told", True
    yield "credentials: bit flips found by C2PA and hash", f"{together} of {FLIPS}", "all", together == FLIPS
    yield "credentials: stripped, refused", str(removed), "yes", removed
    yield "credentials: signed by somebody else, refused", str(forged), "yes", forged


def _flips(out: Path, name: str, key: bytes, now: dt.datetime) -> tuple[int, int]:
    whole, drawn = (out / name).read_bytes(), random.Random(1)
    by_c2pa = together = 0
    for _ in range(FLIPS):
        changed = bytearray(whole)
        changed[drawn.randrange(len(whole))] ^= 1 << drawn.randrange(8)
        (out / name).write_bytes(changed)
        by_c2pa += bool(credential_problems(out, [name]))
        together += bool(verify_export(out, key, (), now).problems)
    (out / name).write_bytes(whole)
    return by_c2pa, together


def _removed(out: Path, name: str, key: bytes, now: dt.datetime) -> bool:
    whole = (out / name).read_bytes()
    (out / name).write_bytes(whole.replace(b"uuid", b"free", 1))
    problems = verify_export(out, key, (), now).problems
    (out / name).write_bytes(whole)
    return any("removed" in problem for problem in problems)


def _forged(out: Path, name: str, key: bytes, now: dt.datetime) -> bool:
    whole, other = (out / name).read_bytes(), Signer(bytes(32))
    (out / name).write_bytes(whole.replace(b"uuid", b"free", 1))
    done = actions(Timeline.from_json((out / name).with_name("timeline.json").read_bytes()))
    add_credentials(out / name, done, "1", Issuer(other, now), other)
    problems = verify_export(out, key, (), now).problems
    (out / name).write_bytes(whole)
    return any("not the sender's" in problem for problem in problems)
