"""The version, in a module that imports nothing: whatever builds or reports Discreet can read it."""

__version__ = "0.1.0"
