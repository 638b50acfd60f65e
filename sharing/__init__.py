"""Sharing: who may get what, checked before it leaves and traceable afterwards."""

from sharing.audit import AuditLog, Entry, Event, FileHead, Head
from sharing.gate import Checker, Finding, Gate, Terms, check_picture

__all__ = ["AuditLog", "Checker", "Entry", "Event", "FileHead", "Finding", "Gate", "Head", "Terms", "check_picture"]
