"""The export folder: data under ``data/``, papers beside it, everything hashed, checked and signed."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sharing.exports import credentials, papers, recalls, statements
from sharing.exports.signing import Signer
from sharing.exports.statements import ExportFacts, FileOrigin
from sharing.gate import Checker, Finding, Gate, Terms, check_exact, check_media
from sharing.levels import Artefact, TextMaker
from sharing.policy import Governance
from timeline import UnsafeError, make_folder, replacing, write_error, write_file

DATA = "data"


@dataclass(frozen=True)
class Inspection:
    """How the gate checks an export.

    Attributes:
        texts: file name -> how its text is made from a session's document.
        terms: what must not appear anywhere.
        checkers: check the picture and sound of every media file.
        not_checked: what is not checked, for the report.
    """

    texts: Mapping[str, TextMaker]
    terms: Terms
    checkers: Sequence[Checker] = ()
    not_checked: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class ExportPapers:
    """The content of the papers: the facts, the rules, how each data file was made, and recalls so far."""

    facts: ExportFacts
    governance: Governance
    made: Mapping[str, FileOrigin]
    recalls: recalls.RecallList


class ExportFolder:
    """An export in the making, in a folder of its own.

    Args:
        folder: empty, and private until the export is handed out.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, artefact: Artefact) -> None:
        """Write the data. Raises OutputError if they cannot be written."""
        for name, text in artefact.texts.items():
            path = self._place(name)
            write_file(path, text)
        for name, source in artefact.recordings.items():
            path = self._place(name)
            try:
                with source.open("rb") as recording, replacing(path) as file:
                    shutil.copyfileobj(recording, file)
            except OSError as error:
                raise write_error(path, error) from None

    def _place(self, name: str) -> Path:
        path = self.folder / DATA / name
        make_folder(path.parent)
        return path

    def inspect(self, artefact: Artefact, how: Inspection) -> list[Finding]:
        """What must not leave of the data: sessions are checked against their document, the rest byte for byte."""
        found: list[Finding] = []
        data = self.folder / DATA
        for token in artefact.timelines:
            names = frozenset(Path(name).name for name in artefact.recordings if name.startswith(f"{token}/"))
            gate = Gate({name: how.texts[name] for name in how.texts}, names, how.terms, how.checkers)
            found += [f.model_copy(update={"file": f"{DATA}/{token}/{f.file}"}) for f in gate.check(data / token)]
        covered = {*artefact.timelines}
        expected = {
            name: hashlib.sha256(text.encode()).hexdigest()
            for name, text in artefact.texts.items()
            if name.partition("/")[0] not in covered
        }
        for name in [path.name for path in data.iterdir()] if data.is_dir() else []:
            if name not in covered and name not in {known.partition("/")[0] for known in expected}:
                found.append(Finding(kind="file", file=f"{DATA}/{name}", reason="a file that the export does not have"))
        for name, digest in expected.items():
            path = data / name
            found += [
                f.model_copy(update={"file": f"{DATA}/{f.file}"})
                for f in check_exact(path.parent, {path.name: digest}, how.terms)
                if f.file == path.name
            ]
        return found

    def finish(self, artefact: Artefact, how: Inspection, about: ExportPapers, signer: Signer) -> dict[str, str]:
        """Write the papers and sign everything; returns every file's SHA-256 by its path.

        Raises:
            OutputError: it cannot be written.
            UnsafeError: a recording cannot carry content credentials.
            MissingExtraError: the extra ``sharing`` is not installed.
        """
        facts, rules = about.facts, about.governance
        self._add_credentials(artefact, about, signer)
        texts = {
            papers.AGREEMENT: papers.agreement(facts, rules, artefact.notes, artefact.columns),
            papers.DICTIONARY: papers.dictionary(artefact.columns),
            papers.GATE: papers.gate_report([], how.not_checked),
            papers.GATE_PAGE: papers.gate_page([], how.not_checked),
        }
        for name, text in texts.items():
            write_file(self.folder / name, text)
        write_file(self.folder / papers.CRATE, papers.crate(facts, rules, hashes(self.folder)))
        files = hashes(self.folder)
        write_file(self.folder / statements.FILE, statements.statement_lines(facts, files, about.made, signer))
        write_file(self.folder / recalls.FILE, recalls.signed_recalls(about.recalls, signer))
        return hashes(self.folder)

    def _add_credentials(self, artefact: Artefact, about: ExportPapers, signer: Signer) -> None:
        """Sign each recording inside; what came in with the credentials is looked at, too."""
        if not artefact.recordings:
            return
        issuer = credentials.Issuer(signer, about.facts.issued)
        write_file(self.folder / credentials.AUTHORITY, issuer.authority())
        for name in artefact.recordings:
            path = self._place(name)
            done = credentials.actions(artefact.timelines[name.partition("/")[0]])
            credentials.add_credentials(path, done, about.made[f"{DATA}/{name}"].version, issuer, signer)
            found = check_media(path, name, credentials=True)
            if found:
                raise UnsafeError(f"content credentials changed the recording: {found[0]}", "report this as a fault")


def hashes(folder: Path) -> dict[str, str]:
    """Path -> SHA-256 in hex, of every file in a folder. Raises OSError if one cannot be read."""
    out = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        with path.open("rb") as file:
            out[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return out


def keep_until(issued: dt.datetime, days: int) -> dt.date:
    """The last day on which an export may be kept."""
    return (issued + dt.timedelta(days=days)).date()
