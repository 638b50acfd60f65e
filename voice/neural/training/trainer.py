"""Training with Lightning: optimisers, devices, logs, early stopping and checkpoints that a stopped run goes on from.

Lightning's loop is used as it is; a step is the network's own (:meth:`voice.neural.models.Learner.train_step`), for
adversaries need two. Checkpoints hold no pickle (:mod:`voice.neural.training.checkpoints`).
"""

from __future__ import annotations

import contextlib
import logging
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import lightning as pl
import torch
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint
from lightning.pytorch.loggers import CSVLogger, Logger, TensorBoardLogger
from lightning.pytorch.plugins.io import CheckpointIO

from timeline import make_folder
from voice.neural.model_folder import SUFFIX
from voice.neural.models import Batch, Learner, Step, weighed
from voice.neural.settings import Stage, TrainSettings
from voice.neural.training.batches import Corpus, Pieces, batches
from voice.neural.training.checkpoints import load_tree, save_tree

MONITOR = "validation"
COUNTED = ("reconstruction", "spectral", "codes", "content", "privacy", "prosody")
"""Losses that a validation adds up: those that say how good a network is, not how its training goes."""
WARM_UP, LAST_RATE = 50, 0.02
"""Batches over which the learning rate rises, and the share of it that is left at the end."""
_VALIDATED = 8
"""Batches of a validation, at most."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """What is trained, on what, where.

    Attributes:
        settings: how.
        stage: which losses.
        train, held: speech to learn from, and to validate on.
        folder: keeps checkpoints and logs.
        progress: told a line after each validation.
    """

    settings: TrainSettings
    stage: Stage
    train: Corpus
    held: Corpus
    folder: Path
    progress: Progress = lambda line: None


class Safe(CheckpointIO):
    """Lightning's checkpoints as safetensors."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """See Lightning."""
        save_tree(Path(path), checkpoint)

    def load_checkpoint(self, path: Any, map_location: Any = None, weights_only: bool | None = None) -> dict[str, Any]:
        """See Lightning."""
        found: dict[str, Any] = load_tree(Path(path))
        return found

    def remove_checkpoint(self, path: Any) -> None:
        """See Lightning."""
        Path(path).unlink(missing_ok=True)


class _Module(pl.LightningModule):
    """A learner as Lightning wants it."""

    def __init__(self, learner: Learner, run: Run) -> None:
        super().__init__()
        self.learner = learner
        self._run = run
        self._names = list(learner.groups())
        self.automatic_optimization = False

    def configure_optimizers(self) -> list[torch.optim.Optimizer]:
        """One for each group of parameters."""
        rate = self._run.settings.learning_rate
        return [torch.optim.AdamW(group, lr=rate, betas=(0.8, 0.99)) for group in self.learner.groups().values()]

    def training_step(self, batch: Batch, index: int) -> None:
        """The learner's own step."""
        found = self.optimizers()
        each = found if isinstance(found, list) else [found]
        settings = self._run.settings
        rate = settings.learning_rate * rate_share(_taken(self.trainer) - 1, settings.steps)
        for group in (group for optimiser in each for group in optimiser.param_groups):
            group["lr"] = rate
        optimisers: Any = dict(zip(self._names, each, strict=True))
        step = Step(self._run.stage, settings.weights, optimisers, self.manual_backward)
        told = self.learner.train_step(batch, step)
        self.log_dict({f"train/{name}": value for name, value in told.items()}, on_step=False, on_epoch=True)

    def validation_step(self, batch: Batch, index: int) -> None:
        """What the losses are on other speech."""
        found = self.learner.losses(batch, self._run.stage)
        counted = {name: value for name, value in found.items() if name in COUNTED}
        self.log(MONITOR, weighed(counted or found, self._run.settings.weights), batch_size=len(batch))
        self.log_dict({f"{MONITOR}/{name}": value for name, value in found.items()}, batch_size=len(batch))


class _Data(pl.LightningDataModule):
    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def train_dataloader(self) -> Any:
        settings = self._run.settings
        epoch = self.trainer.current_epoch if self.trainer else 0
        return batches(Pieces(self._run.train, settings, min(settings.validate_every, settings.steps), epoch))

    def val_dataloader(self) -> Any:
        count = min(_VALIDATED, max(1, len(self._run.held.utterances)))
        return batches(Pieces(self._run.held, self._run.settings, count, 0))


class _Told(Callback):
    def __init__(self, run: Run) -> None:
        self._run = run

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        value = float(trainer.callback_metrics.get(MONITOR, torch.tensor(float("nan"))))
        self._run.progress(f"step {_taken(trainer)}: validation {value:.4f}")


class _Spent(Callback):
    """Counts the CPU time of a run, and keeps it with the checkpoints, for the run may be stopped and go on."""

    def __init__(self) -> None:
        self._before, self._begun = 0.0, process_time()

    @property
    def seconds(self) -> float:
        return self._before + process_time() - self._begun

    def state_dict(self) -> dict[str, Any]:
        return {"seconds": self.seconds}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self._before = float(state_dict["seconds"])


def train(learner: Learner, run: Run) -> dict[str, float]:
    """Train until ``settings.steps``, or until validation no longer improves; the best weights are in ``learner`` then.

    A run that was stopped goes on from its last validation, with the same batches that it would have seen.

    Returns:
        The best validation, the steps that were taken and the CPU seconds that they took, those of the parts before a
        stop included.

    Raises:
        InputError: a checkpoint is damaged.
        OutputError: the folder cannot be written.
    """
    settings, folder = run.settings, run.folder
    make_folder(folder)
    best = ModelCheckpoint(folder, "best", monitor=MONITOR, mode="min", save_last=True, enable_version_counter=False)
    best.FILE_EXTENSION, best.CHECKPOINT_NAME_LAST = SUFFIX, "last"
    spent = _Spent()
    per_epoch = min(settings.validate_every, settings.steps)
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pl.seed_everything(settings.seed, verbose=False)
        trainer = pl.Trainer(
            accelerator="auto" if torch.cuda.is_available() else "cpu",
            devices=settings.devices if torch.cuda.is_available() else 1,
            strategy="ddp" if torch.cuda.is_available() and settings.devices > 1 else "auto",
            max_epochs=-(-settings.steps // per_epoch),
            callbacks=[best, EarlyStopping(MONITOR, patience=settings.patience), _Told(run), spent],
            logger=_loggers(folder),
            plugins=[Safe()],
            deterministic="warn",
            reload_dataloaders_every_n_epochs=1,
            num_sanity_val_steps=0,
            enable_progress_bar=False,
            enable_model_summary=False,
            log_every_n_steps=1,
            default_root_dir=folder,
        )
        last = folder / f"last{SUFFIX}"
        module = _Module(learner, run)
        trainer.fit(module, datamodule=_Data(run), ckpt_path=str(last) if last.is_file() else None)
    kept = load_tree(folder / f"best{SUFFIX}")
    module.load_state_dict(kept["state_dict"])
    return {
        "validation": float(best.best_model_score or float("nan")),
        "steps": float(_taken(trainer)),
        "cpu_seconds": spent.seconds,
    }


def rate_share(step: int, steps: int) -> float:
    """Share of the learning rate at batch ``step`` of ``steps``: it rises, then falls as half a cosine."""
    warm = min(1.0, (step + 1) / min(WARM_UP, steps))
    return warm * (LAST_RATE + (1.0 - LAST_RATE) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, step / steps))))


def _taken(trainer: pl.Trainer) -> int:
    """Batches that were learned from, those before a stop included; Lightning itself counts steps of optimisers."""
    return int(trainer.fit_loop.epoch_loop.total_batch_idx) + 1


def _loggers(folder: Path) -> list[Logger]:
    logs: list[Logger] = [CSVLogger(folder, name="log", version="")]
    with contextlib.suppress(ModuleNotFoundError):  # without TensorBoard, the CSV file holds the same
        logs.append(TensorBoardLogger(folder, name="tensorboard", version=""))
    return logs
