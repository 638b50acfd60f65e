"""The list of all models: purpose, files with their hashes, licence, and sources.

The list itself is ``manifest.toml`` beside this module; this module only defines its format. A source names a package
(``pypi:NAME==VERSION``, ``npm:NAME@VERSION``), never the address of a registry: the clients know that.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from timeline import ModelError
from weights.sources import Archive, Licence, Sha256, Source, StrictModel, archives_of, plain_path

Profile = Literal["embedded", "reference", "demo", "bench"]


class ModelFile(StrictModel):
    """One file: its name inside the model's folder, hash and size, other names for it, and its own sources, if any."""

    name: str
    sha256: Sha256
    size: int = Field(ge=0, description="bytes")
    aka: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    _name = field_validator("name")(classmethod(lambda cls, value: plain_path(value)))


class OwnFile(StrictModel):
    """A file to download by hand, whose SHA-256 we do not know: the user brings it and vouches for it."""

    name: str
    page: str = Field(pattern=r"^https://", description="where a person downloads it")

    _name = field_validator("name")(classmethod(lambda cls, value: plain_path(value)))


Recipe = Literal[
    "ecapa",
    "campplus",
    "lr_asd",
    "light_asd",
    "talknet",
    "sortformer",
    "sortformer_front",
    "sortformer_head",
    "titanet",
]


class Step(StrictModel):
    """One ONNX file to make from a checkpoint, and its recipe (a module of weights/convert)."""

    recipe: Recipe
    output: str = Field(pattern=r"^[a-z0-9.-]+\.onnx$")


class Conversion(Step):
    """How a pickled checkpoint becomes one ONNX file or, with ``also``, several."""

    checkpoint: ModelFile | OwnFile
    also: tuple[Step, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All files to make."""
        return (self, *self.also)


class Calibration(StrictModel):
    """Measured settings of a model. They are kept here because they belong to the file.

    The ``settings`` of a recogniser replace the room's defaults wherever the user set nothing; those of a detector are
    its own scores that correspond to the room's ``birth``, ``tentative`` and ``keep``.
    """

    settings: dict[str, float] = Field(min_length=1, description="settings of the model's part, by name")
    same: float | None = Field(
        default=None, gt=0, lt=1, description="recognisers: cosine from which two pictures alone are of one person"
    )
    false_accept: float | None = Field(
        default=None, gt=0, lt=1, description="recognisers: share of strangers' decisions that may go wrong, per person"
    )
    measured: str = Field(min_length=1, description="the command, and what it gave")


class Model(StrictModel):
    """One entry of the manifest. Either ``files`` or ``conversion`` says what is in the store."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    job: str
    about: str
    profiles: tuple[Profile, ...] = ()
    home: str
    licence: Licence
    folder: bool = Field(default=False, description="path() gives the folder, not the one file")
    files: tuple[ModelFile, ...] = ()
    sources: tuple[Source, ...] = Field(default=(), description="for every file without its own")
    conversion: Conversion | None = None
    calibration: Calibration | None = None
    features: dict[str, str | int | float | bool] = Field(
        default_factory=dict, description="exactly what the model is fed"
    )

    @model_validator(mode="after")
    def _whole(self) -> Model:
        if bool(self.files) == (self.conversion is not None):
            raise ValueError(f"{self.id}: needs files or a conversion, not both")
        if len(self.files) > 1 and not self.folder:
            raise ValueError(f"{self.id}: several files need folder = true")
        if self.conversion is not None and bool(self.conversion.also) != self.folder:
            raise ValueError(f"{self.id}: several files need folder = true, one file does not")
        if len({f.name for f in self.files}) != len(self.files):
            raise ValueError(f"{self.id}: a file is listed twice")
        for file in self.wanted:
            if not self.sources_of(file):
                raise ValueError(f"{self.id}: no source for {file.name}")
        return self

    @property
    def wanted(self) -> tuple[ModelFile, ...]:
        """The files to obtain: the model's own, or the checkpoint it is converted from, if that is listed."""
        if self.conversion is None:
            return self.files
        return (self.conversion.checkpoint,) if isinstance(self.conversion.checkpoint, ModelFile) else ()

    @property
    def own(self) -> OwnFile | None:
        """The file that only the user can provide, or None."""
        checkpoint = self.conversion.checkpoint if self.conversion else None
        return checkpoint if isinstance(checkpoint, OwnFile) else None

    def vouched(self, sha256: str, size: int) -> Model:
        """The entry with the user's own file, with this hash and ``size`` bytes, as its checkpoint."""
        if self.conversion is None or self.own is None:
            raise ValueError(f"{self.id}: its files are listed")
        checkpoint = ModelFile(name=self.own.name, sha256=sha256, size=size)
        return self.model_copy(update={"conversion": self.conversion.model_copy(update={"checkpoint": checkpoint})})

    @property
    def size(self) -> int:
        """Bytes to obtain, not counting the archives around them."""
        return sum(file.size for file in self.wanted)

    def sources_of(self, file: ModelFile) -> tuple[Source, ...]:
        """The sources of ``file``, in the order to try."""
        return file.sources or self.sources


class Manifest(StrictModel):
    """All models and the archives they may be taken from."""

    version: Literal[1]
    archives: dict[str, Archive] = Field(default_factory=dict)
    models: tuple[Model, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Manifest:
        ids = [model.id for model in self.models]
        if len(set(ids)) != len(ids):
            raise ValueError("a model id is listed twice")
        for model in self.models:
            for file in model.wanted:
                for key in archives_of(model.sources_of(file)):
                    if key not in self.archives:
                        raise ValueError(f"{model.id}: unknown archive {key!r}")
        return self

    def __getitem__(self, id: str) -> Model:
        for model in self.models:
            if model.id == id:
                return model
        known = ", ".join(sorted(model.id for model in self.models))
        raise ModelError(f"no model is called {id!r}", f"Known models: {known}")

    def profile(self, name: Profile) -> list[str]:
        """Ids of the models of a profile, in the manifest's order."""
        return [model.id for model in self.models if name in model.profiles]


def load_manifest(path: Path) -> Manifest:
    """Read a manifest. Raises ModelError if it is not valid."""
    try:
        return Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ModelError(f"the model list {path} cannot be used: {error}", "Install Discreet again.") from error


@lru_cache(maxsize=1)
def default_manifest() -> Manifest:
    """The manifest that comes with Discreet."""
    return load_manifest(Path(__file__).with_name("manifest.toml"))
