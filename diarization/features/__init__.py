"""Features for the models: filter banks and mel spectra, exactly as in training."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from diarization.features.fbank import kaldi_fbank, speechbrain_fbank
    from diarization.features.nemo_mel import MelStream, log_mel
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "fbank": ["kaldi_fbank", "speechbrain_fbank"],
            "nemo_mel": ["MelStream", "log_mel"],
        },
    )

__all__ = [
    "MelStream",
    "kaldi_fbank",
    "log_mel",
    "speechbrain_fbank",
]
