"""All settings, from four places: defaults, a TOML file, the environment, and options; later ones win.

The defaults are those of the profile (:mod:`discreet.config.profiles`), which any of the other places may choose.

The file is ``config.toml`` in the user's configuration folder (``DISCREET_HOME`` moves it) or the one given with
``--config``. In the environment a setting is ``DISCREET_`` and its path joined with two underscores, e.g.
``DISCREET_VISION__MASK__STYLE=solid``; as an option it is ``--set vision.mask.style=solid``. An unknown key is an
error.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_config_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as EnvError

from capture import CaptureSettings, RecordSettings
from diarization import DiarizationSettings
from discreet.config.profiles import defaults
from redaction import RedactionSettings, load_policy
from registered import Settings as RegisteredSettings
from timeline import DiscreetError, ExitCode, first_problem, parse_toml, read_text
from vision import LiveMaskingSettings as MaskingSettings
from vision import VisionSettings
from voice import VoiceSettings

FILE = "config.toml"
ENV = "DISCREET_"
LIST = "`discreet config show` lists every setting"


class SettingsError(DiscreetError):
    """A setting is unknown or has an invalid value."""

    exit_code = ExitCode.USAGE


class FileSettings(BaseModel):
    """Who may open what is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shared: bool = Field(
        False,
        description="leave the permissions of results to the umask, for a folder that a group shares; without it files"
        " are 0600 and folders 0700. What belongs to the registry is private in any case",
    )


class ProcessSettings(BaseModel):
    """How ``process`` handles a recording."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: bool = Field(
        True,
        description="transcribe, and redact private words; false silences all speech, because nobody checked it",
    )
    lips: bool = Field(
        True, description="cover the mouth of a shown face while its words are redacted, because lips can be read"
    )
    uncovered_language: Literal["silence", "keep"] = Field(
        "silence",
        description="what to do with speech in a language whose private words cannot be found (all but English)",
    )
    timeline: Literal["public", "full"] = Field(
        "public",
        description="form of timeline.json: public, which may be passed on, or full, with the SHA-256 of the recording,"
        " likeness scores and the boxes of masked faces; the registry keeps the full form sealed in any case",
    )
    annotated: bool = Field(False, description="also write annotated.mp4, with names, who speaks now, and captions")
    review: bool = Field(
        True,
        description="keep the stages of a run, sealed with the registry, so that a review can make the results again;"
        " they are removed when the results are published",
    )
    keep_spool: bool = Field(
        False, description="keep the encrypted sound of a live recording after it was read; false deletes it"
    )


class Settings(BaseSettings):
    """Every setting, one table per room."""

    model_config = SettingsConfigDict(
        env_prefix=ENV, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    profile: Literal["embedded", "reference"] = Field(
        "embedded", description="which models to use: free ones, or those that papers compare with"
    )
    files: FileSettings = FileSettings()
    process: ProcessSettings = ProcessSettings()
    registered: RegisteredSettings = RegisteredSettings()
    capture: CaptureSettings = CaptureSettings()
    vision: VisionSettings = VisionSettings()
    diarization: DiarizationSettings = DiarizationSettings()
    redaction: RedactionSettings = RedactionSettings()
    voice: VoiceSettings = VoiceSettings()
    record: RecordSettings = RecordSettings()
    masking: MaskingSettings = MaskingSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Use only what :func:`load` merged: the order of the sources is decided there."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class WordOptions:
    """The values of the options ``--asr``, ``--deny`` and ``--allow``. Its repr shows no word."""

    asr: str | None = None
    deny: tuple[str, ...] = field(default=(), repr=False)
    allow: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def read(cls, asr: str | None, deny: Iterable[str] | None, allow: Iterable[str] | None) -> WordOptions:
        """Read the options from the command line; ``@FILE`` stands for the lines of a file.

        Raises:
            SettingsError: a file cannot be read.
        """
        return cls(asr, tuple(_listed("--deny", deny)), tuple(_listed("--allow", allow)))


def _listed(option: str, given: Iterable[str] | None) -> Iterator[str]:
    for word in given or ():
        if not word.startswith("@"):
            yield word
            continue
        try:
            lines = read_text(Path(word[1:])).splitlines()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "not text"
            raise SettingsError(f"{option} {word}: {why}", "give a text file with one word or phrase a line") from None
        yield from (line.strip() for line in lines if line.strip() and not line.startswith("#"))


def config_path() -> Path:
    """Path of the user's settings file."""
    home = os.environ.get("DISCREET_HOME")
    return Path(home) / FILE if home else user_config_path("discreet") / FILE


def load(
    file: Path | None = None,
    options: Iterable[str] = (),
    policy: str | None = None,
    words: WordOptions | None = None,
) -> Settings:
    """Merge the settings from the four places.

    Args:
        file: a settings file that must exist; None: the user's own, if there is one.
        options: ``key.path=value`` strings; a value is read as TOML, else as text.
        policy: a preset's name or a policy file: what is done to each kind of private word. It overrides the file and
            the environment, but not the options.
        words: a recogniser, and words that are always or never private; they are added to those of the other places.

    Raises:
        PolicyError: there is no such policy, or it is invalid.
        SettingsError: the file is missing or not TOML, a key is unknown, or a value is invalid.
    """
    merged: dict[str, Any] = {}
    for part in (_from_file(file), _from_environment(), _from_policy(policy), _from_options(options)):
        _merge(merged, part)
    if words is not None:
        _add_words(merged, words)
    chosen = defaults(merged.get("profile"))
    _merge(chosen, merged)
    try:
        return Settings(**chosen)
    except ValidationError as error:
        why = {"extra_forbidden": "there is no such setting", "model_type": "is a table of settings"}
        # The error itself holds the value, which may be somebody's name, so it is not passed on.
        raise SettingsError(f"setting {first_problem(error, why)}", LIST) from None


def _from_file(file: Path | None) -> dict[str, Any]:
    path = file or config_path()
    try:
        return parse_toml(read_text(path))
    except FileNotFoundError:
        if file is None:
            return {}
        raise SettingsError(f"no settings file {path}", "give the path of one that exists") from None
    except OSError as error:
        raise SettingsError(f"settings file {path}: {error.strerror}", "check its permissions") from error
    except ValueError as error:
        raise SettingsError(f"settings file {path} is not TOML: {error}", "correct the line that it names") from None


def _from_environment() -> dict[str, Any]:
    for name in os.environ:
        room, nested, _ = name.removeprefix(ENV).partition("__")
        if name.startswith(ENV) and nested and room.lower() not in Settings.model_fields:
            raise SettingsError(f"{name} in the environment: there is no such setting", LIST)
    try:
        return EnvSettingsSource(Settings)()
    except EnvError as error:
        raise SettingsError(f"a setting in the environment cannot be read: {error}", LIST) from None
    except (RecursionError, ValueError):
        raise SettingsError("a setting in the environment is nested too deeply", LIST) from None


def _add_words(merged: dict[str, Any], words: WordOptions) -> None:
    room = merged.setdefault("redaction", {})
    if not isinstance(room, dict):
        return  # reported when the settings are made
    if words.asr is not None:
        room["asr"] = words.asr
    for key, more in (("deny", words.deny), ("allow", words.allow)):
        if more and isinstance(room.get(key, []), list | tuple):
            room[key] = [*room.get(key, []), *more]


def _from_policy(given: str | None) -> dict[str, Any]:
    if given is None:
        return {}
    policy = load_policy(given)
    return {
        "redaction": {"policy": policy.entities, "policy_name": policy.name, "policy_default": policy.default},
    }


def _from_options(options: Iterable[str]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for option in options:
        path, equals, text = option.partition("=")
        keys = path.strip().split(".")
        if not equals or not all(keys):
            raise SettingsError(f"--set {option!r} is not key=value", "e.g. --set vision.mask.style=solid")
        try:
            value = parse_toml(f"v = {text}")["v"]
        except ValueError:
            value = text
        for key in reversed(keys):
            value = {key: value}
        _merge(out, value)
    return out


def _merge(base: dict[str, Any], over: dict[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value
