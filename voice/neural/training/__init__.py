"""How the lab trains: batches, the loop, checkpoints, logs; it needs torch."""

from voice.neural.model_folder import CARD, MODEL, read_card
from voice.neural.training.batches import CENTRES, Corpus, Pieces, of_speakers, open_corpus, whole
from voice.neural.training.checkpoints import load_tree, save_tree
from voice.neural.training.stages import finetune, open_model, pretrain
from voice.neural.training.trainer import Progress, Run, train

__all__ = [
    "CARD",
    "CENTRES",
    "MODEL",
    "Corpus",
    "Pieces",
    "Progress",
    "Run",
    "finetune",
    "load_tree",
    "of_speakers",
    "open_corpus",
    "open_model",
    "pretrain",
    "read_card",
    "save_tree",
    "train",
    "whole",
]
