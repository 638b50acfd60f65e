"""The audit log: what was read, exported, refused or changed, in an order that nobody can rewrite unnoticed."""

from sharing.audit.anomalies import Anomaly, anomalies
from sharing.audit.chain import Entry, Event
from sharing.audit.chain_heads import FileHead, Head, HeadStore, KeyringHead, LatestHead
from sharing.audit.log import AuditLog, Damage

__all__ = [
    "Anomaly",
    "AuditLog",
    "Damage",
    "Entry",
    "Event",
    "FileHead",
    "Head",
    "HeadStore",
    "KeyringHead",
    "LatestHead",
    "anomalies",
]
