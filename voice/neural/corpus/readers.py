"""Speech corpora as they lie on disk after unpacking: LibriSpeech, VCTK, VoxCeleb, Common Voice, and those made here.

Each reader takes the folder and gives utterances whose ``sound`` is a path below it. No sound is opened here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from timeline import InputError
from voice.neural.corpus.manifest import SYNTHETIC, Utterance

Reader = Callable[[Path], Iterator[Utterance]]
SOUNDS = frozenset((".flac", ".wav", ".m4a", ".mp3", ".ogg", ".opus"))
_SEX = {"f": "f", "female": "f", "female_feminine": "f", "m": "m", "male": "m", "male_masculine": "m"}


def librispeech(root: Path) -> Iterator[Utterance]:
    """``[SUBSET/]SPEAKER/CHAPTER/SPEAKER-CHAPTER-NUMBER.flac``, with ``*.trans.txt`` and ``SPEAKERS.TXT``."""
    sexes: dict[str, str] = {}
    for table in root.glob("SPEAKERS.TXT"):
        for line in _lines(table):
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) > 2 and not line.startswith(";"):
                sexes[cells[0]] = _SEX.get(cells[1].lower(), "")
    for script in sorted(root.rglob("*.trans.txt")):
        for line in _lines(script):
            name, _, text = line.partition(" ")
            sound = script.parent / f"{name}.flac"
            speaker = name.partition("-")[0]
            if sound.is_file():
                yield Utterance(
                    f"libri-{name}", f"libri-{speaker}", _below(sound, root), text=text,
                    sex=sexes.get(speaker, ""), language="en", source="librispeech",
                )  # fmt: skip


def vctk(root: Path) -> Iterator[Utterance]:
    """``wav48[_silence_trimmed]/SPEAKER/SPEAKER_NUMBER[_mic1].flac``, with ``txt/`` and ``speaker-info.txt``."""
    people: dict[str, list[str]] = {}
    for table in root.glob("speaker-info.txt"):
        for line in _lines(table)[1:]:
            cells = line.split()
            if len(cells) >= 4:
                people[cells[0].lower().removeprefix("p")] = cells
    for sound in sorted(path for path in root.glob("wav48*/*/*") if path.suffix in SOUNDS):
        stem = sound.stem.removesuffix("_mic1")
        if stem.endswith("_mic2"):
            continue
        speaker = sound.parent.name
        script = root / "txt" / speaker / f"{stem}.txt"
        cells = people.get(speaker.lower().removeprefix("p"), ["", "", "", ""])
        yield Utterance(
            f"vctk-{stem}", f"vctk-{speaker}", _below(sound, root),
            text=" ".join(_lines(script)).strip() if script.is_file() else "",
            sex=_SEX.get(cells[2].lower(), ""), accent=cells[3], age=cells[1], language="en", source="vctk",
        )  # fmt: skip


def voxceleb(root: Path) -> Iterator[Utterance]:
    """``[.../](wav|aac)/SPEAKER/VIDEO/NUMBER.(wav|m4a)``, with ``vox*_meta.csv``; nothing says what is said."""
    people: dict[str, tuple[str, str]] = {}
    for table in sorted(root.glob("vox*_meta.csv")):
        for row in csv.DictReader(_lines(table), delimiter="\t"):
            cells = {str(key).strip().lower(): str(value).strip() for key, value in row.items()}
            name = next((value for key, value in cells.items() if key.startswith("voxceleb")), "")
            people[name] = (_SEX.get(cells.get("gender", "").lower(), ""), cells.get("nationality", ""))
    for sound in sorted(path for path in root.rglob("id*/*/*") if path.suffix in SOUNDS):
        speaker, video = sound.parts[-3], sound.parts[-2]
        sex, accent = people.get(speaker, ("", ""))
        name = f"vox-{speaker}-{video}-{sound.stem}"
        yield Utterance(name, f"vox-{speaker}", _below(sound, root), sex=sex, accent=accent, source="voxceleb")


def common_voice(root: Path) -> Iterator[Utterance]:
    """``[LANGUAGE/]clips/*.mp3`` with ``validated.tsv``, or ``train.tsv``, ``dev.tsv`` and ``test.tsv``."""
    for clips in sorted(root.rglob("clips")):
        tables = [path for path in [clips.parent / "validated.tsv"] if path.is_file()]
        for table in tables or sorted(clips.parent.glob("*.tsv")):
            for row in csv.DictReader(_lines(table), delimiter="\t", quoting=csv.QUOTE_NONE):
                sound = clips / (row.get("path") or "")
                if not row.get("client_id") or not sound.is_file():
                    continue
                yield Utterance(
                    f"cv-{sound.stem}", f"cv-{row['client_id'][:16]}", _below(sound, root),
                    text=row.get("sentence") or "", sex=_SEX.get((row.get("gender") or "").lower(), ""),
                    accent=row.get("accents") or row.get("accent") or "", age=row.get("age") or "",
                    language=row.get("locale") or clips.parent.name, source="common-voice",
                )  # fmt: skip


def folders(root: Path) -> Iterator[Utterance]:
    """Anything else: ``SPEAKER/TAKE.wav``, with ``TAKE.txt`` beside it where somebody wrote down what is said."""
    for sound in sorted(path for path in root.glob("*/*") if path.suffix.lower() in SOUNDS):
        speaker, script = sound.parent.name, sound.with_suffix(".txt")
        text = " ".join(_lines(script)).strip() if script.is_file() else ""
        yield Utterance(f"{speaker}-{sound.stem}", speaker, _below(sound, root), text=text, source="folders")


def parallel(root: Path) -> Iterator[Utterance]:
    """What :func:`voice.neural.corpus.write_takes` writes: ``made-NN/TAKE.wav``, equal takes in step word for word."""
    for each in folders(root):
        if each.speaker.startswith("made-"):
            yield replace(each, language="en", source=SYNTHETIC, aligned=Path(each.sound).stem)


READERS: dict[str, Reader] = {
    "librispeech": librispeech,
    "vctk": vctk,
    "voxceleb": voxceleb,
    "common-voice": common_voice,
    "folders": folders,
    "parallel": parallel,
}


def read_corpus(name: str, root: Path) -> list[Utterance]:
    """The utterances of the corpus ``name`` of :data:`READERS`.

    Raises:
        InputError: the folder is not there, holds none, or a table is not text.
    """
    if not root.is_dir():
        raise InputError(f"{root} is not a folder", "give the folder that the corpus was unpacked into")
    found = {each.id: each for each in READERS[name](root)}
    if not found:
        raise InputError(f"{root} holds no {name} corpus", (READERS[name].__doc__ or "").strip())
    return list(found.values())


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read", "it must be text in UTF-8") from error


def _below(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
