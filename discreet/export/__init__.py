"""Results in the formats that other programs read. All are made from the public form of ``timeline.json``."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.export.formats import FORMATS
    from discreet.export.write import export
else:
    __getattr__ = lazy_exports(__name__, {"formats": ["FORMATS"], "write": ["export"]})

__all__ = ["FORMATS", "export"]
