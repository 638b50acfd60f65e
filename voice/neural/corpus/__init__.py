"""Where the lab's speech comes from: corpora on disk, synthetic speakers, and what life does to sound."""

from voice.neural.corpus.augment import augmented, babble, faster, microphone, noise, room, street, telephone
from voice.neural.corpus.manifest import (
    MANIFEST,
    SYNTHETIC,
    Split,
    Utterance,
    of_split,
    read_manifest,
    split_of,
    write_manifest,
)
from voice.neural.corpus.parallel import (
    ParallelSayer,
    ParallelSpeech,
    load_parallel,
    made_parallel,
    save_parallel,
    speaker,
    write_takes,
)
from voice.neural.corpus.prepare import Features, features_of, features_path, load, prepare, save
from voice.neural.corpus.readers import READERS, read_corpus
from voice.neural.corpus.synthetic import CorpusPlan, SyntheticReader, planned_utterances, sentence

__all__ = [
    "MANIFEST",
    "READERS",
    "SYNTHETIC",
    "CorpusPlan",
    "Features",
    "ParallelSayer",
    "ParallelSpeech",
    "Split",
    "SyntheticReader",
    "Utterance",
    "augmented",
    "babble",
    "faster",
    "features_of",
    "features_path",
    "load",
    "load_parallel",
    "made_parallel",
    "microphone",
    "noise",
    "of_split",
    "planned_utterances",
    "prepare",
    "read_corpus",
    "read_manifest",
    "room",
    "save",
    "save_parallel",
    "sentence",
    "speaker",
    "split_of",
    "street",
    "telephone",
    "write_manifest",
    "write_takes",
]
