"""Sharing: decides who may get what, checks it before it leaves, and keeps it traceable afterwards."""

from sharing.audit import AuditLog, Entry, Event, FileHead, Head
from sharing.gate import Checker, Finding, Gate, Terms, check_picture
from sharing.optional_libraries import MissingExtraError, require_libraries

__all__ = [
    "AuditLog",
    "Checker",
    "Entry",
    "Event",
    "FileHead",
    "Finding",
    "Gate",
    "Head",
    "MissingExtraError",
    "Terms",
    "check_picture",
    "require_libraries",
]
