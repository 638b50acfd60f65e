"""HiFi-GAN that says content in a manipulated voice: content and melody in, sound out.

Kong, Kim, Bae: "HiFi-GAN" (2020): transposed convolutions with residual blocks of several widths, adversaries that see
the sound folded at several periods and at several rates. The upsampling ends at 200 frames a second, where an inverse
Fourier transform makes the sound (iSTFTNet; Kaneko et al., 2022) of pulses at the pitch and of noise, which the
network shapes (:mod:`voice.neural.models.excitation`): so it learns on a CPU, too. The condition is a voice's
embedding, made by rotation, by averaging, or by a keyed draw (:class:`voice.neural.identity.IdentitySpace`), and its
pitch. Adversaries come in with fine-tuning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from voice.neural.features import BANDS, CONTENT, HEARD, MOVEMENT, PITCH, PROSODY, VOICED
from voice.neural.losses import (
    discriminator_loss,
    feature_matching,
    generator_loss,
    multi_resolution_stft,
    reconstruction,
    reverse_gradient,
    speaker_classification,
)
from voice.neural.models.adversaries import SoundAdversaries
from voice.neural.models.base import Architecture, Batch, Losses, Spoken, to_100_frames
from voice.neural.models.cepstra import cepstra_of
from voice.neural.models.excitation import BINS, Noise, Spectra, pulses
from voice.neural.models.tuning import Tuning
from voice.neural.settings import CONTENT_LATENT, VOICEPRINT, Dimensions, Stage
from voice.resynthesis import RATE

RATES = (2,)
"""By which each stage has more frames: two for one."""
_WIDTHS = (4,)
_QUIET = -4.0
"""Logarithm of the gain that training begins with."""
_GAINS = -12.0, 4.0
_DILATIONS = (1, 3, 5)
_SLOPE = 0.1
_RESOLUTIONS = ((512, 50, 240), (1024, 120, 600), (256, 40, 160))


class Residual(nn.Module):
    """HiFi-GAN's first kind of residual block, ``[B, C, n]`` to the same."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.convs1 = nn.ModuleList(
            weight_norm(nn.Conv1d(channels, channels, width, dilation=d, padding=d * (width // 2))) for d in _DILATIONS
        )
        self.convs2 = nn.ModuleList(
            weight_norm(nn.Conv1d(channels, channels, width, padding=width // 2)) for _ in _DILATIONS
        )

    def forward(self, states: Tensor) -> Tensor:
        """See the class."""
        for wide, plain in zip(self.convs1, self.convs2, strict=True):
            inner = plain(nn.functional.leaky_relu(wide(nn.functional.leaky_relu(states, _SLOPE)), _SLOPE))
            states = states + inner
        return states


class Generator(nn.Module):
    """States ``[B, C, T]`` and pulses ``[B, 160 T]`` to sound ``[B, 160 T]`` in -1..1.

    Layers are called as in HiFi-GAN's own checkpoints.
    """

    def __init__(self, dimensions: Dimensions, given: int) -> None:
        super().__init__()
        channels = dimensions.upsampling
        self.conv_pre = weight_norm(nn.Conv1d(given, channels, 7, padding=3))
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        for rate, width in zip(RATES, _WIDTHS, strict=True):
            half = max(4, channels // 2)
            conv = nn.ConvTranspose1d(channels, half, width, rate, padding=(width - rate) // 2, output_padding=0)
            self.ups.append(weight_norm(conv))
            self.resblocks.extend(Residual(half, kernel) for kernel in dimensions.kernels)
            channels = half
        self.kernels = len(dimensions.kernels)
        self.conv_post = weight_norm(nn.Conv1d(channels, 2 * BINS, 7, padding=3))
        nn.init.constant_(self.conv_post.bias, _QUIET)
        self.spectra, self.noise = Spectra(), Noise()

    def forward(self, states: Tensor, voiced: Tensor) -> Tensor:
        """See the class."""
        states = self.conv_pre(states)
        for stage, up in enumerate(self.ups):
            states = up(nn.functional.leaky_relu(states, _SLOPE))
            blocks = self.resblocks[stage * self.kernels : (stage + 1) * self.kernels]
            states = torch.stack([block(states) for block in blocks]).mean(dim=0)
        gains = self.conv_post(nn.functional.leaky_relu(states)).clamp(*_GAINS).exp()
        harmonic, breath = (torch.cat([each, each], dim=1) for each in gains.chunk(2, dim=1))
        shaped = harmonic * self.spectra(voiced) + breath * self.spectra(self.noise(voiced))
        return torch.tanh(self.spectra.sound(shaped))


class HifiGan(Architecture):
    """See the module.

    Args:
        dimensions: of the networks.
        speakers: how many the corpus has.
        tuning: its critics give the voices' embeddings.
    """

    name: ClassVar[str] = "hifigan"

    def __init__(self, dimensions: Dimensions, speakers: int, tuning: Tuning) -> None:
        super().__init__()
        self.identity_size = VOICEPRINT + 1
        self.content = nn.Linear(CONTENT, CONTENT_LATENT)
        self.states = nn.Linear(CONTENT_LATENT + PROSODY + 1 + VOICEPRINT, dimensions.hidden)
        self.generator = Generator(dimensions, dimensions.hidden)
        self.adversaries = SoundAdversaries(dimensions.adversary)
        self.hidden_speaker = nn.Linear(CONTENT_LATENT, speakers)
        self.tuning = tuning

    def forward(self, content: Tensor, prosody: Tensor, identity: Tensor) -> Tensor:
        """Sound ``[B, 320 T]`` of content ``[B, T, 512]``, prosody ``[B, 2 T, 3]`` and voices ``[B, 65]``.

        A voice is an embedding of length 1 and its median pitch.
        """
        voice = nn.functional.normalize(identity[:, :VOICEPRINT], dim=-1)
        return self._made(torch.tanh(self.content(content)), prosody, voice, identity[:, VOICEPRINT:])

    def convert(self, batch: Batch, identity: Tensor) -> Spoken:
        """See :class:`Architecture`."""
        return Spoken(sound=self(batch.content, batch.prosody, identity))

    def identities(self, batch: Batch) -> Tensor:
        """See :class:`Architecture`."""
        with torch.no_grad():
            voice = self.tuning.critics.to(batch.bark.device).voiceprint(batch.bark[..., :BANDS])
        return torch.cat([voice, batch.bark[..., PITCH].median(dim=1, keepdim=True).values], dim=-1)

    def losses(self, batch: Batch, stage: Stage) -> Losses:
        """See :class:`Architecture`."""
        said = torch.tanh(self.content(batch.content))
        own = self.identities(batch)
        made = self._made(said, batch.prosody, own[:, :VOICEPRINT], own[:, VOICEPRINT:])
        found = {
            "reconstruction": reconstruction(batch.bark[..., :BANDS], cepstra_of(made)),
            "spectral": multi_resolution_stft(batch.sound, made, _RESOLUTIONS),
            "hiding": speaker_classification(
                self.hidden_speaker(reverse_gradient(said).mean(dim=1)), batch.speaker
            ),
        }  # fmt: skip
        if stage == "finetune":
            scores, inner = self.adversaries(made)
            _, real = self.adversaries(batch.sound)
            found |= {"adversarial": generator_loss(scores), "matching": feature_matching(real, inner)}
            other = self._turned(own)
            voiced = self._made(said, batch.prosody, other[:, :VOICEPRINT], other[:, VOICEPRINT:])
            found |= self.tuning.of_cepstra(batch, cepstra_of(voiced))
        return found

    def adversary_losses(self, batch: Batch, stage: Stage) -> Losses:
        """See :class:`Architecture`; there are none before fine-tuning."""
        if stage != "finetune":
            return {}
        with torch.no_grad():
            made = self(batch.content, batch.prosody, self.identities(batch))
        return {"discriminator": discriminator_loss(self.adversaries(batch.sound)[0], self.adversaries(made)[0])}

    def adversary_parameters(self) -> Iterable[nn.Parameter]:
        """See :class:`Architecture`."""
        return self.adversaries.parameters()

    def _made(self, said: Tensor, prosody: Tensor, voice: Tensor, level: Tensor) -> Tensor:
        # Where there is no voice there is no pitch.
        voiced = (prosody[..., VOICED] > HEARD).float()
        pitch = (prosody[..., MOVEMENT] + level) * voiced
        count = prosody.shape[1]
        given = [to_100_frames(said), prosody, pitch[..., None], voice[:, None].expand(-1, count, -1)]
        hertz = RATE / 256.0 * 2.0 ** (pitch + 1.5)  # FARGAN's pitch: a period has 256 / 2 ** (pitch + 1.5) samples
        states = self.states(torch.cat(given, dim=-1)).transpose(1, 2)
        sound: Tensor = self.generator(states, pulses(hertz, voiced))
        return sound

    @staticmethod
    def _turned(own: Tensor) -> Tensor:
        """Voices of the batch, mixed: nobody's own."""
        mixed = 0.5 * (own.roll(1, dims=0) + own.roll(2, dims=0))
        return torch.cat([nn.functional.normalize(mixed[:, :VOICEPRINT], dim=-1), mixed[:, VOICEPRINT:]], dim=-1)


def warm_start(generator: Generator, state: Mapping[str, Tensor]) -> tuple[int, int]:
    """Take over every array of a HiFi-GAN checkpoint that has its name and shape; how many, and of how many.

    Args:
        generator: its ``conv_pre`` differs where it is given other features than mel spectra.
        state: of the checkpoint's generator, with weight normalisation (``weight_g``, ``weight_v``).
    """
    own = generator.state_dict()
    taken = {}
    for name, value in state.items():
        here = name.replace("weight_g", "parametrizations.weight.original0").replace(
            "weight_v", "parametrizations.weight.original1"
        )
        if here in own and own[here].shape == value.shape:
            taken[here] = value
    generator.load_state_dict({**own, **taken})
    return len(taken), len(own)
