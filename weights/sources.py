"""Where the files of a model come from: an address, a member of a registry's archive, or parts of several."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_PACKAGE = re.compile(
    r"^(pypi:(?P<pypi>[A-Za-z0-9._-]+)==|npm:(?P<npm>(@[a-z0-9._-]+/)?[a-z0-9._-]+)@)(?P<version>[A-Za-z0-9.+-]+)$"
)


class StrictModel(BaseModel):
    """A part of the list: frozen, and without keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def plain_path(name: str) -> str:
    """A relative path with forward slashes that stays inside its folder."""
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or str(path) != name:
        raise ValueError(f"not a plain relative path: {name!r}")
    return name


class Licence(StrictModel):
    """What a model may be used for. ``verified`` is false if only a mirror states the licence."""

    id: str = Field(description="SPDX identifier, or LicenseRef-...")
    commercial: bool
    verified: bool = True
    note: str = ""


class UrlSource(StrictModel):
    """The model's own home: one file at an https address; ``{name}`` stands for the file's name."""

    kind: Literal["url"]
    url: str = Field(pattern=r"^https?://")


class Archive(StrictModel):
    """One package archive of a registry, identified by its SHA-256."""

    package: str = Field(description="pypi:NAME==VERSION or npm:NAME@VERSION")
    filename: str
    sha256: Sha256
    size: int = Field(gt=0, description="bytes")

    @field_validator("package")
    @classmethod
    def _package(cls, value: str) -> str:
        if not _PACKAGE.match(value):
            raise ValueError(f"not pypi:NAME==VERSION or npm:NAME@VERSION: {value!r}")
        return value

    @property
    def registry(self) -> str:
        """``pypi`` or ``npm``."""
        return self.package.split(":", 1)[0]

    @property
    def project(self) -> str:
        """The package's name."""
        match = _PACKAGE.match(self.package)
        assert match is not None
        return match["pypi"] or match["npm"]

    @property
    def version(self) -> str:
        """The package's version."""
        match = _PACKAGE.match(self.package)
        assert match is not None
        return match["version"]


class ArchiveSource(StrictModel):
    """A member of a registry archive; ``{name}`` in ``member`` stands for the file's name."""

    kind: Literal["archive"]
    archive: str = Field(description="key of an [archives.KEY] table")
    member: str

    _member = field_validator("member")(classmethod(lambda cls, value: plain_path(value)))


class Part(StrictModel):
    """One part of a file that is spread over several archives."""

    archive: str
    member: str
    sha256: Sha256
    size: int = Field(gt=0)

    _member = field_validator("member")(classmethod(lambda cls, value: plain_path(value)))


class PartsSource(StrictModel):
    """Parts that, joined in order, make the file."""

    kind: Literal["parts"]
    parts: tuple[Part, ...] = Field(min_length=2)


Source = Annotated[UrlSource | ArchiveSource | PartsSource, Field(discriminator="kind")]


def archives_of(sources: tuple[Source, ...]) -> list[str]:
    """Keys of all archives that ``sources`` name."""
    keys: list[str] = []
    for source in sources:
        if isinstance(source, ArchiveSource):
            keys.append(source.archive)
        elif isinstance(source, PartsSource):
            keys += [part.archive for part in source.parts]
    return keys
