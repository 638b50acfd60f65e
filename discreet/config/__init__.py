"""The settings, merged from profiles, the file, the environment and the options, in that order."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.config.models import REPLACEABLE, model_hashes, model_ids
    from discreet.config.settings import Settings, SettingsError, WordOptions, config_path, load
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "models": ["REPLACEABLE", "model_hashes", "model_ids"],
            "settings": ["Settings", "SettingsError", "WordOptions", "config_path", "load"],
        },
    )

__all__ = [
    "REPLACEABLE",
    "Settings",
    "SettingsError",
    "WordOptions",
    "config_path",
    "load",
    "model_hashes",
    "model_ids",
]
