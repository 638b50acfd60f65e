"""How well converted voices hide their speakers, and what that costs: ``python -m evaluation.runs.voices``.

It uses ``../shared/media/voices`` (9 people, read sentences). Templates are means over half of a person's sentences,
trials are the other half; each measure pools several keys and both halves. Attackers, after the VoicePrivacy Challenge:

* *ignorant*: has recordings of the people's own voices and compares the converted voice with them;
* *lazy*: knows the converter but not the key, and first converts the recordings with another key;
* *undo*: ignorant, but knows the pitch ratio and moves pitch and formants back by it, as with an editor's pitch knob;
* *same key* is not an attack but the intended use: under one key a person sounds the same in every meeting.

50 % equal error rate (EER) is perfect hiding, 0 % none. ``accepted`` is the share of trials in which the recogniser, at
its usual threshold, takes the converted voice for the speaker's own.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jiwer
import numpy as np
import numpy.typing as npt

from capture import AudioFile
from diarization import DiarizationSettings, VoiceprintName
from diarization.embedding import SAME, VoiceEmbedder
from timeline import FloatArray
from voice import PseudoVoice, WarpConverter, voice_for
from voice.attacks import eer, mcadams, power_for
from voice.quality import pitch_contour
from weights import Store

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "media" / "voices"
RATE = 16000
Clips = dict[str, list[FloatArray]]
Convert = Callable[[FloatArray, PseudoVoice], FloatArray]


def load(count: int, seconds: float = 8.0, folder: Path = FOLDER) -> Clips:
    """The first ``count`` sentences of each person that last 3 s or more, cut to ``seconds``.

    Raises:
        FileNotFoundError: the media are absent.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"the test voices are not here: {folder}")
    out: Clips = {}
    for person in sorted(p for p in folder.iterdir() if p.is_dir()):
        for path in sorted(person.glob("*.flac")):
            sound = np.concatenate([np.zeros(0, np.float32), *AudioFile(path, RATE).blocks()])
            if len(sound) >= 3 * RATE and len(out.setdefault(person.name, [])) < count:
                out[person.name].append(sound[: round(seconds * RATE)])
    return out


def warp(sound: FloatArray, setting: PseudoVoice, rate: int = RATE) -> FloatArray:
    """The product's conversion: ``sound`` ``[n]`` in the voice of ``setting``, without its delay."""
    converter = WarpConverter(setting, rate)
    return np.concatenate([converter(sound), converter.flush()])[converter.delay :]


def plain_pitch(sound: FloatArray, setting: PseudoVoice) -> FloatArray:
    """An editor's pitch control: pitch and formants moved together by the setting's ratio, nothing else."""
    level = (float(np.log(setting.pitch)),) * len(setting.warp)
    return warp(sound, dataclasses.replace(setting, warp=level, tilt=0.0, contrast=1.0, sway=0.0))


def baseline(sound: FloatArray, setting: PseudoVoice) -> FloatArray:
    """McAdams' coefficient, with a power that depends on the setting."""
    return mcadams(sound, power_for(setting))


METHODS: dict[str, Convert] = {"warp": warp, "plain pitch": plain_pitch, "McAdams": baseline}


def equal_error(own: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    """The rate at which as many own pairs are missed as others are accepted."""
    same = np.concatenate([np.ones(len(own), bool), np.zeros(len(other), bool)])
    return eer(np.concatenate([own, other]).astype(np.float64), same)


@dataclasses.dataclass
class Linkage:
    """Scores of trials against templates, pooled over keys and halves."""

    own: list[npt.NDArray[np.float32]] = dataclasses.field(default_factory=list)
    other: list[npt.NDArray[np.float32]] = dataclasses.field(default_factory=list)
    first: list[npt.NDArray[np.bool_]] = dataclasses.field(default_factory=list)

    def add(self, known: npt.NDArray[np.float32], trials: npt.NDArray[np.float32]) -> None:
        """Compare embeddings ``[P, S, D]``: each half of ``trials`` with templates from the other half of ``known``."""
        people = len(known)
        for half in (0, 1):
            template = known[:, half::2].mean(1)
            template /= np.linalg.norm(template, axis=1, keepdims=True)
            trial = trials[:, 1 - half :: 2]
            score = (trial @ template.T).reshape(-1, people)
            mine = np.repeat(np.eye(people, dtype=bool), trial.shape[1], axis=0)
            self.own.append(score[mine])
            self.other.append(score[~mine])
            self.first.append(mine[np.arange(len(score)), score.argmax(1)])

    def text(self, threshold: float) -> str:
        """EER, rank-1 and accepted share, in per cent."""
        own, other = np.concatenate(self.own), np.concatenate(self.other)
        rank = float(np.concatenate(self.first).mean())
        return f"{100 * equal_error(own, other):5.1f} {100 * rank:6.1f} {100 * float((own >= threshold).mean()):8.1f}"


def anonymity(clips: Clips, store: Store, keys: int, methods: dict[str, Convert]) -> Iterator[str]:
    """Lines of the table: linkage by each voiceprint under each attack, with and without conversion."""
    people = list(clips)
    converted = {
        (name, k): [[method(x, voice_for(bytes([k]) * 32, p)) for x in clips[p]] for p in people]
        for name, method in methods.items()
        for k in range(keys)
    }
    yield f"{'voiceprint':10} {'voice':12} {'attack':9}  {'EER':>4} {'rank-1':>7} {'accepted':>8}   (%)"
    models: tuple[VoiceprintName, ...] = ("ecapa", "campplus")
    for model in models:
        if not store.has(model):
            yield f"{model:10} not in the store: not measured"
            continue
        embedder = VoiceEmbedder.from_store(store, DiarizationSettings(voiceprint=model))

        def embed(sounds: list[list[FloatArray]], embedder: VoiceEmbedder = embedder) -> npt.NDArray[np.float32]:
            flat = embedder.pieces([x for person in sounds for x in person])
            return flat.reshape(len(sounds), -1, flat.shape[1])

        own = embed(list(clips.values()))
        clear = Linkage()
        clear.add(own, own)
        yield f"{model:10} {'own':12} {'-':9} {clear.text(SAME[model])}"
        for name in methods:
            there = [embed(converted[name, k]) for k in range(keys)]
            attacks = {"ignorant": Linkage(), "undo": Linkage(), "lazy": Linkage(), "same key": Linkage()}
            for k, trial in enumerate(there):
                attacks["ignorant"].add(own, trial)
                attacks["undo"].add(
                    own, embed([_undo(s, p, k) for p, s in zip(people, converted[name, k], strict=True)])
                )
                attacks["lazy"].add(there[k - 1], trial)
                attacks["same key"].add(trial, trial)
            for attack, linkage in attacks.items():
                yield f"{model:10} {name:12} {attack:9} {linkage.text(SAME[model])}"


def _undo(sounds: list[FloatArray], person: str, key: int) -> list[FloatArray]:
    setting = voice_for(bytes([key]) * 32, person)
    return [plain_pitch(x, dataclasses.replace(setting, pitch=1.0 / setting.pitch)) for x in sounds]


def words(clips: Clips, store: Store, keys: int, methods: dict[str, Convert], per_person: int = 2) -> Iterator[str]:
    """Lines of the table: words Whisper base hears differently than in the own voice, per cent of its words there."""
    if not store.has("whisper-base"):
        yield "whisper-base is not in the store: words not measured"
        return
    from faster_whisper import WhisperModel

    model = WhisperModel(str(store.path("whisper-base")), device="cpu", compute_type="int8", cpu_threads=2)

    def heard(sound: FloatArray) -> str:
        parts, _ = model.transcribe(sound, language="en", beam_size=1, temperature=0, condition_on_previous_text=False)
        return " ".join(re.sub(r"[^a-z' ]", " ", " ".join(p.text for p in parts).lower().replace("-", " ")).split())

    some = {p: sounds[:per_person] for p, sounds in clips.items()}
    truth = [heard(x) for sounds in some.values() for x in sounds]
    for name, method in methods.items():
        rates = []
        for k in range(keys):
            got = [heard(method(x, voice_for(bytes([k]) * 32, p))) for p, sounds in some.items() for x in sounds]
            rates.append(jiwer.wer(truth, got))
        yield f"words      {name:12} WER against the own voice {100 * np.mean(rates):.1f} %"


def pitch(sound: FloatArray) -> float:
    """Median pitch of the voiced parts, Hz; nan if there are none."""
    contour = pitch_contour(sound)
    return float(np.nanmedian(contour)) if np.isfinite(contour).any() else float("nan")


def sound_of(clips: Clips) -> Iterator[str]:
    """Lines of the table: pitch, level, delay measured with clicks, and cost."""
    ratio, level, steady = [], [], []
    for person, sounds in clips.items():
        setting = voice_for(bytes(32), person)
        for sound in sounds[:3]:
            out = warp(sound, setting)
            ratio.append(pitch(out) / pitch(sound) / setting.pitch)
            level.append(10 * np.log10(float((out**2).sum() / (sound**2).sum())))
            size = len(sound) // 1600 * 1600
            power = [10 * np.log10((x[:size].reshape(-1, 1600) ** 2).mean(1) + 1e-9) for x in (sound, out)]
            steady.append(float(np.std((power[1] - power[0])[power[0] > power[0].max() - 25])))
    yield f"pitch      median ratio {np.nanmedian(ratio):.3f} of the wanted, 80 % within {_spread(ratio):.3f}"
    worst = max(level, key=abs)
    yield f"level      {np.mean(level):+.2f} dB, worst {worst:+.2f}; in 0.1 s steps {np.mean(steady):.2f} dB"
    for rate in (16000, 48000):
        settings = [voice_for(bytes(32), p) for p in clips]
        late = [_late(s, rate) for s in settings]
        sound = np.random.default_rng(0).normal(0, 0.1, 5 * rate).astype(np.float32)
        begun = time.process_time()
        warp(sound, settings[0], rate)
        rtf = (time.process_time() - begun) / 5
        declared = max(WarpConverter(s, rate).latency for s in settings)
        yield (
            f"{rate} Hz   declared latency {1000 * declared:.1f} ms; clicks come out {1000 * np.mean(late):+.1f} ms"
            f" off it (worst {1000 * max(late, key=abs):+.1f}); {rtf:.3f} of real time on one core"
        )


def _spread(values: list[float]) -> float:
    return float(np.nanquantile(np.abs(np.asarray(values) - 1.0), 0.8))


def _late(setting: PseudoVoice, rate: int) -> float:
    """Difference in seconds between a click train's delay, by cross-correlation, and the declared latency."""
    clicks = np.zeros(4 * rate, np.float32)
    clicks[np.cumsum(np.random.default_rng(1).integers(rate // 8, rate // 3, 12))] = 0.8
    converter = WarpConverter(setting, rate)
    out = np.abs(converter(clicks))
    near = rate // 10
    lags = np.arange(converter.delay - near, converter.delay + near)
    at = np.flatnonzero(clicks)
    energy = np.array([float((out[at + lag] ** 2).sum()) for lag in lags])
    return float((energy @ lags) / energy.sum() - converter.delay) / rate


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=6, help="sentences per person")
    parser.add_argument("--keys", type=int, default=3, help="keys to pool over")
    parser.add_argument("--word-keys", type=int, default=2, help="keys to measure words with")
    parser.add_argument("--method", choices=list(METHODS), action="append", help="only these")
    parser.add_argument("--skip", choices=("anonymity", "words", "sound"), action="append", default=[])
    options = parser.parse_args()
    methods = {name: METHODS[name] for name in options.method or METHODS}
    clips, store = load(options.clips), Store()
    tables: dict[str, Callable[[], Iterator[str]]] = {
        "anonymity": lambda: anonymity(clips, store, options.keys, methods),
        "words": lambda: words(clips, store, options.word_keys, methods),
        "sound": lambda: sound_of(clips),
    }
    for name, table in tables.items():
        if name not in options.skip:
            for line in table():
                print(line, flush=True)


if __name__ == "__main__":
    main()
