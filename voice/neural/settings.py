"""Settings of the voice lab: sizes of networks, how they are trained, and what each loss weighs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Architecture = Literal["baseline", "fastspeech-vae", "hifigan", "codec-lm"]
ARCHITECTURES: tuple[Architecture, ...] = ("baseline", "fastspeech-vae", "hifigan", "codec-lm")
Stage = Literal["pretrain", "finetune"]
Size = Literal["tiny", "cpu", "gpu"]
CONTENT_LATENT = 64
SPEAKER_LATENT = 32
VOICEPRINT = 64
"""Numbers of the lab's own voice embedding, which is not the one that judges."""
BOOKS, CODES = 4, 256
"""Codebooks of the codec, and entries of each."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dimensions(_Strict):
    """How large networks are.

    Attributes:
        hidden: channels of convolutions and transformers.
        layers: blocks of transformers.
        heads: of attention.
        upsampling: channels of HiFi-GAN behind its first layer.
        kernels: of HiFi-GAN's residual blocks.
        adversary: channels of the adversaries' first layer.
        student: channels of the causal student.
    """

    hidden: int = Field(ge=8, le=2048)
    layers: int = Field(ge=1, le=48)
    heads: int = Field(ge=1, le=32)
    upsampling: int = Field(ge=16, le=1024)
    kernels: tuple[int, ...]
    adversary: int = Field(ge=2, le=64)
    student: int = Field(ge=8, le=1024)


SIZES: dict[Size, Dimensions] = {
    "tiny": Dimensions(hidden=16, layers=1, heads=2, upsampling=16, kernels=(3,), adversary=2, student=16),
    "cpu": Dimensions(hidden=128, layers=2, heads=4, upsampling=256, kernels=(3, 7), adversary=8, student=128),
    "gpu": Dimensions(hidden=384, layers=8, heads=6, upsampling=512, kernels=(3, 7, 11), adversary=32, student=256),
}


class LossWeights(_Strict):
    """What each loss counts."""

    reconstruction: float = Field(default=1.0, ge=0)
    kl_content: float = Field(default=0.1, ge=0)
    kl_speaker: float = Field(default=0.1, ge=0)
    speaker: float = Field(default=0.2, ge=0, description="the voice tells the speaker")
    hiding: float = Field(default=0.2, ge=0, description="content does not; the gradient is reversed")
    duration: float = Field(default=0.1, ge=0)
    prosody: float = Field(default=0.5, ge=0)
    spectral: float = Field(default=1.0, ge=0)
    adversarial: float = Field(default=0.2, ge=0, description="only in fine-tuning, but for HiFi-GAN")
    matching: float = Field(default=2.0, ge=0)
    privacy: float = Field(default=0.5, ge=0, description="only in fine-tuning")
    content: float = Field(default=1.0, ge=0, description="the words are kept; only in fine-tuning")
    identity: float = Field(default=0.2, ge=0, description="made voices lie where real ones do; only in fine-tuning")
    commitment: float = Field(default=0.25, ge=0)
    codebook: float = Field(default=1.0, ge=0)
    codes: float = Field(default=1.0, ge=0)


class TrainSettings(_Strict):
    """How a network is trained."""

    architecture: Architecture = "fastspeech-vae"
    size: Size = "cpu"
    steps: int = Field(default=2000, ge=1, description="batches, at most")
    batch: int = Field(default=8, ge=2, le=4096, description="pieces of speech in a batch")
    frames: int = Field(default=128, ge=16, le=4096, multiple_of=4, description="frames of 10 ms in a piece")
    learning_rate: float = Field(default=1e-3, gt=0, lt=1)
    validate_every: int = Field(default=200, ge=1, description="batches between two validations")
    patience: int = Field(default=5, ge=1, description="validations without progress after which training stops")
    seed: int = 0
    devices: int = Field(default=1, ge=1, description="GPUs; without one, the CPU is used")
    weights: LossWeights = LossWeights()

    @property
    def dimensions(self) -> Dimensions:
        """Of the networks."""
        return SIZES[self.size]

    def changed(self, **values: Any) -> TrainSettings:
        """With other values, which are checked as the first were."""
        return TrainSettings.model_validate({**self.model_dump(), **values})
