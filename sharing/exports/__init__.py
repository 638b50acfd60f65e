"""Exports: what leaves, with its papers, and the ledger of all that left."""

from sharing.exports.ledger import ExportRecord, Ledger

__all__ = ["ExportRecord", "Ledger"]
