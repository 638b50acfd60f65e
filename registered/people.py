"""An enrolled person: a stable random id, a name, consent with its history, templates by model."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from registered.consent import Consent
from timeline import Document, FloatArray, PeopleError

ID = re.compile(r"^p-[0-9a-f]{16}$")
"""The format of an id. Ids are random and tell nothing about the person."""
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_JOINERS = {0x200C, 0x200D}
MAX_NAME = 200
_UNKNOWN = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def new_id() -> str:
    """A new random id."""
    return f"p-{secrets.token_hex(8)}"


def clean_name(name: str) -> str:
    """A name as it is stored: NFC, no space around, single spaces within.

    Raises:
        PeopleError: empty, over 200 characters, like an id, or with line breaks, controls or text-direction overrides,
            which could make one name look like another.
    """
    # Only spaces are joined: a tab or line break inside is a mistake, and rejected below.
    name = " ".join(part for part in unicodedata.normalize("NFC", name).strip().split(" ") if part)
    if not name:
        raise PeopleError("the name is empty", "give a name, in quotes if it has spaces")
    if len(name) > MAX_NAME:
        raise PeopleError(f"the name has {len(name)} characters", f"use at most {MAX_NAME}")
    if ID.match(name):
        raise PeopleError(f"{name} looks like an id, not a name", "choose another name")
    for letter in name:
        category = unicodedata.category(letter)
        if category in ("Cc", "Cs", "Zl", "Zp") or ord(letter) in _BIDI:
            raise PeopleError(f"the name has a character that cannot be printed (U+{ord(letter):04X})", "leave it out")
    if not any(unicodedata.category(letter)[0] in "LN" for letter in name):
        raise PeopleError("the name has no letter", "give a name with at least one letter or digit")
    return name


def name_key(name: str) -> str:
    """A key equal for all spellings of a name: case, width, composition and invisible characters do not count."""
    visible = "".join(c for c in name if unicodedata.category(c) != "Cf" or ord(c) in _JOINERS)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    return " ".join(folded.split())


class ConsentChange(Document):
    """When consent was recorded, and what it was. The history is kept with the person, and forgotten with them."""

    recorded: dt.datetime
    consent: Consent


class KeptSample(Document):
    """A photo or clip that was kept (encrypted) on request. ``file`` is its random name in the folder."""

    file: str
    kind: str
    media_type: str


def _no_arrays() -> dict[str, FloatArray]:
    return {}


def unit_rows(vectors: npt.ArrayLike) -> FloatArray:
    """Embeddings ``[D]`` or ``[K, D]`` as float32 rows ``[K, D]`` of length 1.

    Raises:
        ValueError: there are none, or one is not finite or zero.
    """
    rows = np.atleast_2d(np.asarray(vectors, np.float32))
    norms = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
    if rows.ndim != 2 or rows.size == 0 or not np.isfinite(rows).all() or (norms < 1e-12).any():
        raise ValueError(f"not embeddings: shape {rows.shape}, or a row that is zero or not finite")
    unit: FloatArray = (rows / norms).astype(np.float32)
    return unit


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Enrolled:
    """Somebody who is enrolled; somebody enrolled without consent has opted out of everything.

    Attributes:
        id: "p-" and 16 hexadecimal digits, random, never changed.
        name: as returned by :func:`clean_name`.
        consent: the current one; use ``consent.at(day)``.
        faces: model id -> ``[K, D]`` float32, rows of length 1.
        voices: the same for voices.
        quality: model id -> ``[K]`` float32 in (0, 1], one for each template of that model.
        history: all consents, oldest first, including the current one.
        kept: photos and clips kept by request.
        enrolled: when, in UTC.
        notes: remarks such as the reason why a look-alike was accepted.
        voice_salt: hexadecimal digits that change whenever the person gets another changed voice.
    """

    id: str
    name: str
    consent: Consent
    faces: Mapping[str, FloatArray] = field(default_factory=_no_arrays)
    voices: Mapping[str, FloatArray] = field(default_factory=_no_arrays)
    quality: Mapping[str, FloatArray] = field(default_factory=_no_arrays)
    history: tuple[ConsentChange, ...] = ()
    kept: tuple[KeptSample, ...] = ()
    enrolled: dt.datetime = _UNKNOWN
    notes: tuple[str, ...] = ()
    voice_salt: str = ""

    @property
    def voice_key(self) -> str:
        """What determines the person's changed voice, besides the registry's secret."""
        return f"{self.id}/{self.voice_salt}" if self.voice_salt else self.id

    def with_new_voice(self) -> Enrolled:
        """The same person with another changed voice."""
        return replace(self, voice_salt=secrets.token_hex(8))

    def __post_init__(self) -> None:
        if not ID.match(self.id):
            raise ValueError(f"not an id: {self.id!r}")
        if self.faces.keys() & self.voices.keys():
            raise ValueError("a model of both faces and voices")
        templates = {**self.faces, **self.voices}
        for model, rows in templates.items():
            if rows.ndim != 2 or rows.size == 0 or rows.dtype != np.float32:
                raise ValueError(f"templates of {model} are not float32 [K, D] but {rows.dtype} {rows.shape}")
            if self.quality.get(model, np.zeros(0)).shape != (len(rows),):
                raise ValueError(f"templates of {model} without their quality")
        if self.quality.keys() - templates.keys():
            raise ValueError("quality without templates")

    @classmethod
    def new(cls, name: str, consent: Consent | None = None, note: str = "") -> Enrolled:
        """A new person; without consent, opted out of all four. Raises PeopleError if the name is invalid."""
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        consent = consent or Consent()
        return cls(
            id=new_id(),
            name=clean_name(name),
            consent=consent,
            history=(ConsentChange(recorded=now, consent=consent),),
            enrolled=now,
            notes=(note,) if note else (),
        )

    def with_consent(self, consent: Consent) -> Enrolled:
        """The same person with another consent; the old one stays in the history."""
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        return replace(self, consent=consent, history=(*self.history, ConsentChange(recorded=now, consent=consent)))

    def with_face(self, model: str, vectors: npt.ArrayLike, quality: npt.ArrayLike = 1.0) -> Enrolled:
        """The same person with more face templates ``[K, D]`` or ``[D]``; ``quality`` in (0, 1], ``[K]`` or one number.

        Raises:
            ValueError: they are not finite, zero, or of another length than the model's other templates.
        """
        faces, qualities = self._more(self.faces, model, vectors, quality)
        return replace(self, faces=faces, quality=qualities)

    def with_voice(self, model: str, vectors: npt.ArrayLike, quality: npt.ArrayLike = 1.0) -> Enrolled:
        """Like :meth:`with_face`, for voices."""
        voices, qualities = self._more(self.voices, model, vectors, quality)
        return replace(self, voices=voices, quality=qualities)

    def _more(
        self, have: Mapping[str, FloatArray], model: str, vectors: npt.ArrayLike, quality: npt.ArrayLike
    ) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
        rows = unit_rows(vectors)
        weights = np.broadcast_to(np.asarray(quality, np.float32), (len(rows),)).copy()
        if not ((weights > 0) & (weights <= 1)).all():
            raise ValueError("quality lies outside (0, 1]")
        if model in have:
            rows = np.concatenate([have[model], rows])
            weights = np.concatenate([self.quality[model], weights])
        return {**have, model: rows}, {**self.quality, model: weights}

    def __repr__(self) -> str:
        """Without name and templates, since it may end up in a log."""
        return f"Enrolled({self.id})"
