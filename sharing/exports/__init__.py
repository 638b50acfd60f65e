"""Exports: what leaves, with its papers and signatures, and the ledger of all that left."""

from sharing.exports.credentials import Issuer, actions, add_credentials, credential_problems
from sharing.exports.destruction import Certificate, Places, certificate_page, destroy, signed_certificate
from sharing.exports.folder import DATA, ExportFolder, ExportPapers, Inspection, hashes, keep_until
from sharing.exports.ledger import ExportRecord, Ledger
from sharing.exports.papers import gate_page, gate_report
from sharing.exports.recalls import FILE as RECALLS
from sharing.exports.recalls import RecallList, read_recalls, recall_list, signed_recalls
from sharing.exports.signing import Signer, read_key
from sharing.exports.statements import FILE as STATEMENTS
from sharing.exports.statements import ExportFacts, FileOrigin
from sharing.exports.verify import Verified, verify_export

__all__ = [
    "DATA",
    "RECALLS",
    "STATEMENTS",
    "Certificate",
    "ExportFacts",
    "ExportFolder",
    "ExportPapers",
    "ExportRecord",
    "FileOrigin",
    "Inspection",
    "Issuer",
    "Ledger",
    "Places",
    "RecallList",
    "Signer",
    "Verified",
    "actions",
    "add_credentials",
    "certificate_page",
    "credential_problems",
    "destroy",
    "gate_page",
    "gate_report",
    "hashes",
    "keep_until",
    "read_key",
    "read_recalls",
    "recall_list",
    "signed_certificate",
    "signed_recalls",
    "verify_export",
]
