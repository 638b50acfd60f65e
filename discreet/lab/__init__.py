"""The voice lab's top floor: corpora out of what is on disk, and models compared and chosen."""

from discreet.lab.corpus import Source, make_corpus

__all__ = ["Source", "make_corpus"]
