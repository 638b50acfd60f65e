"""The settings, merged from profiles, the file, the environment and the options, in that order."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.config.models import model_ids
    from discreet.config.settings import Settings, load
else:
    __getattr__ = lazy_exports(__name__, {"models": ["model_ids"], "settings": ["Settings", "load"]})

__all__ = ["Settings", "load", "model_ids"]
