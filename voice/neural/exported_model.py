"""An exported model: sound in, the same words in another voice out. No torch.

The voice follows from a key and the speaker's id. A student streams: its states go from call to call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from timeline import FloatArray, InputError, parse_json
from voice.neural.features import (
    ContentEncoder,
    Controls,
    bark_features,
    controlled,
    load_centres,
    prosody_of,
    units_of,
)
from voice.neural.identity import IdentitySpace, load_space
from voice.resynthesis import FRAME, Fargan

if TYPE_CHECKING:
    from weights import Store

Content = Callable[[FloatArray], FloatArray]

CARD, SPACE, CENTRES = "bundle.json", "space.npz", "units.npz"
_START = 256
"""The code before the first."""


@dataclass(frozen=True, slots=True, eq=False)
class NetworkInput:
    """An utterance as networks take it.

    Attributes:
        content: ``[T, 512]``.
        prosody: ``[2 T, 3]``.
        bark: ``[2 T, 20]``; without controls only.
    """

    content: FloatArray
    prosody: FloatArray
    bark: FloatArray


class ExportedModel:
    """An exported model.

    Args:
        folder: as ``discreet lab compress`` writes it.

    Raises:
        InputError: a file is missing, damaged, or not the one that was exported.
    """

    def __init__(self, folder: Path) -> None:
        self.card = _card(folder)
        self.kind = str(self.card["kind"])
        self.space: IdentitySpace = load_space(folder / SPACE)
        self.centres = load_centres(folder / CENTRES)
        self._graphs = {
            Path(name).stem: _opened(folder / name, about) for name, about in self.card["files"].items()
        }  # fmt: skip

    @property
    def streams(self) -> bool:
        """Whether it can be given an utterance bit by bit."""
        return self.kind == "student"

    def start(self) -> dict[str, FloatArray]:
        """The states of a stream that begins."""
        (graph,) = self._graphs.values()
        return {
            each.name: np.zeros([1 if not isinstance(size, int) else size for size in each.shape], np.float32)
            for each in graph.get_inputs()
            if each.name.startswith("past")
        }

    def stream(self, given: NetworkInput, identity: FloatArray, states: dict[str, FloatArray]) -> FloatArray:
        """Features ``[2 T, 20]`` of the next ``T`` frames; ``states`` are changed."""
        (graph,) = self._graphs.values()
        made, *kept = graph.run(None, self._fed(given, identity) | states)
        states.update({f"past{i}": each for i, each in enumerate(kept)})
        return np.asarray(made[0], np.float32)

    def made(self, given: NetworkInput, identity: FloatArray) -> tuple[str, FloatArray]:
        """``"sound"`` ``[320 T]``, or ``"bark"`` ``[2 T, 20]``, of a whole utterance in the voice ``[D]``."""
        if self.streams:
            return "bark", self.stream(given, identity, self.start())
        fed = self._fed(given, identity)
        if self.kind == "codec-lm":
            return "bark", self._spoken(fed)
        graph = self._graphs["model"]
        names = {each.name for each in graph.get_inputs()}
        (out,) = graph.run(None, {name: value for name, value in fed.items() if name in names})
        return ("sound" if self.kind == "hifigan" else "bark"), np.asarray(out[0], np.float32)

    def _fed(self, given: NetworkInput, identity: FloatArray) -> dict[str, Any]:
        fed: dict[str, Any] = {"identity": identity[None].astype(np.float32)}
        if self.kind == "baseline":
            rest = -len(given.bark) % 4
            return fed | {"bark": np.pad(given.bark, ((0, rest), (0, 0)), mode="edge")[None]}
        fed["prosody"] = given.prosody[None]
        if self.kind == "codec-lm":
            return fed | {"units": units_of(given.content, self.centres)[None]}
        return fed | {"content": given.content[None]}

    def _spoken(self, fed: Mapping[str, Any]) -> FloatArray:
        """Code after code, each the likeliest."""
        (state,) = self._graphs["conditions"].run(None, dict(fed))
        step = self._graphs["step"]
        past = {
            each.name: np.zeros([1, each.shape[1], 0, each.shape[3]], np.float32)
            for each in step.get_inputs()
            if each.name.startswith("past")
        }
        before, codes = np.full((1, 1), _START, np.int64), []
        for at in range(state.shape[1]):
            before, *kept = step.run(None, {"state": state[:, at : at + 1], "before": before, **past})
            past = {f"past{i}": each for i, each in enumerate(kept)}
            codes.append(before)
        rest = {"state": state, "first": np.concatenate(codes, axis=1), "prosody": fed["prosody"]}
        (made,) = self._graphs["rest"].run(None, rest)
        return np.asarray(made[0], np.float32)


class LabConverter:
    """Gives speech another voice with an exported model.

    Args:
        bundle: the model.
        content: hears what is said: sound ``[n]`` to states ``[n // 320, 512]``.
        vocoder: makes sound of features.
    """

    def __init__(self, bundle: ExportedModel, content: Content, vocoder: Fargan) -> None:
        self._bundle, self._content, self._vocoder = bundle, content, vocoder

    @classmethod
    def open(cls, folder: Path, store: Store) -> LabConverter:
        """The model in ``folder``, with Whisper and FARGAN of the store. Raises InputError, ModelError."""
        return cls(ExportedModel(folder), ContentEncoder.from_store(store), Fargan.from_store(store))

    def __call__(
        self, sound: FloatArray, secret: bytes, person: str, controls: Controls | None = None
    ) -> FloatArray:  # fmt: skip
        """``sound`` ``[n]`` at 16 kHz in the voice of ``person`` under the key; as long, unless the rate changes."""
        if len(sound) < 2 * FRAME * 2:
            return np.zeros(len(sound), np.float32)
        given = network_input(sound, self._content, controls or Controls())
        kind, made = self._bundle.made(given, self._bundle.space.drawn(secret, person))
        if kind == "bark":
            made = np.concatenate([self._vocoder(made), self._vocoder.flush()])
        wanted = len(sound) if controls is None or controls.rate == 1.0 else round(len(sound) / controls.rate)
        made = np.pad(made, (0, max(0, wanted - len(made))))[:wanted]
        level, own = (float(np.sqrt(np.mean(np.square(each)))) for each in (made, sound))
        return np.asarray(np.clip(made * min(own / max(level, 1e-6), 4.0), -1.0, 1.0), np.float32)


def network_input(sound: FloatArray, content: Content, controls: Controls) -> NetworkInput:
    """What networks take of ``sound`` ``[n]``."""
    count = len(sound) // (2 * FRAME)
    cut = np.asarray(sound[: 2 * FRAME * count], np.float32)
    bark = bark_features(cut)
    said, moved = controlled(np.asarray(content(cut), np.float32), prosody_of(bark), controls)
    return NetworkInput(said, moved, bark)


def _card(folder: Path) -> dict[str, Any]:
    remedy = "export the model again: discreet lab compress"
    try:
        found: dict[str, Any] = parse_json((folder / CARD).read_text("utf-8"))
        if not found["files"] or any(Path(name).name != name for name in found["files"]) or not found["kind"]:
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder} holds no exported model", remedy) from error
    return found


def _opened(path: Path, about: Mapping[str, Any]) -> Any:
    from weights import open_session

    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read", "export the model again: discreet lab compress") from error
    if hashlib.sha256(data).hexdigest() != about.get("sha256"):
        raise InputError(f"{path} is not the file that was exported", "export the model again: discreet lab compress")
    return open_session(path)
