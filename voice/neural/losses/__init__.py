"""What the lab's networks are trained to make small. Each loss is one function; it needs torch."""

from voice.neural.losses.latent import drawn, kl_to_normal, reverse_gradient, speaker_classification
from voice.neural.losses.privacy import content_distance, embedding_likeness
from voice.neural.losses.prosody import duration_loss, movement_loss, pitch_loss
from voice.neural.losses.sound import (
    code_prediction,
    codebook,
    commitment,
    discriminator_loss,
    feature_matching,
    generator_loss,
    multi_resolution_stft,
    reconstruction,
)

__all__ = [
    "code_prediction",
    "codebook",
    "commitment",
    "content_distance",
    "discriminator_loss",
    "drawn",
    "duration_loss",
    "embedding_likeness",
    "feature_matching",
    "generator_loss",
    "kl_to_normal",
    "movement_loss",
    "multi_resolution_stft",
    "pitch_loss",
    "reconstruction",
    "reverse_gradient",
    "speaker_classification",
]
