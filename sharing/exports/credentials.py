"""Content credentials (C2PA 2) in recordings: what was done to them, signed, inside the file itself.

A file that is copied out of its folder still says that it was redacted and that voices in it are generated. The leaf
certificate holds the project's own signing key; it is issued by an authority made from the same secret, whose
certificate lies in the export. Neither names a person or a file. C2PA leaves out ``ftyp``, ``free`` and ``skip`` boxes,
so it never stands alone: every file's hash is signed, too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sharing.exports.signing import Signer
from sharing.optional_libraries import load
from timeline import Timeline, UnsafeError, replacing, write_error

AUTHORITY = "credentials.pem"
"""The file in an export with the certificate of the authority."""
FORMATS = {".mp4": "video/mp4", ".m4a": "audio/mp4", ".wav": "audio/wav"}
"""Suffixes of the files that carry credentials."""
SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED = SOURCES + "trainedAlgorithmicMedia"
"""IPTC's word for what a model made."""
YEARS = 100
"""Validity of the certificates: without a time stamp, an expired one would spoil what was valid when it was made."""
_SETTINGS = {
    "verify": {"verify_trust": True, "ocsp_fetch": False, "remote_manifest_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}
"""Nothing is asked of a network, and no picture is put into the credentials."""


def actions(timeline: Timeline) -> list[dict[str, Any]]:
    """What was done to a recording, as C2PA lists it.

    Args:
        timeline: the document that leaves with the recording.
    """
    generated = any(not person.heard for person in timeline.people)
    kind = "compositeWithTrainedAlgorithmicMedia" if generated else "compositeCapture"
    done: list[dict[str, Any]] = [
        {"action": "c2pa.created", "digitalSourceType": SOURCES + kind},
        {
            "action": "org.discreet.redacted",
            "description": "Faces, voices and words of people who did not agree, and private words, were taken out.",
        },
    ]
    if generated:
        spoken = "Whoever did not agree to be heard speaks in a generated voice, or is silent."
        done.append({"action": "c2pa.edited", "digitalSourceType": GENERATED, "description": spoken})
    return done


class Issuer:
    """Issues the certificates of one project.

    Args:
        signer: the project's.
        issued: of the export; certificates are valid from the day before.
    """

    def __init__(self, signer: Signer, issued: dt.datetime) -> None:
        self._signer = signer
        self._from = dt.datetime.combine(issued.date(), dt.time(), dt.UTC) - dt.timedelta(days=1)
        self._root = Ed25519PrivateKey.from_private_bytes(signer.derived("credentials"))

    def authority(self) -> bytes:
        """The certificate of the authority, PEM."""
        return self._certificate("Discreet project", self._root.public_key(), leaf=False).public_bytes(Encoding.PEM)

    def chain(self) -> str:
        """The leaf's certificate and the authority's, PEM."""
        leaf = self._certificate("Discreet export", self._signer.verifier(), leaf=True)
        return (leaf.public_bytes(Encoding.PEM) + self.authority()).decode()

    def _certificate(self, subject: str, key: Ed25519PublicKey, *, leaf: bool) -> x509.Certificate:
        """RFC 5280 as C2PA wants it: the leaf signs content, the authority certificates."""
        number = int.from_bytes(hashlib.sha256(key.public_bytes_raw() + str(self._from).encode()).digest()[:16], "big")
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
        )
        usage |= {"decipher_only": False, "digital_signature": leaf, "key_cert_sign": not leaf, "crl_sign": not leaf}
        root = self._root.public_key()
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name("Discreet project"))
            .public_key(key)
            .serial_number(number >> 1)
            .not_valid_before(self._from)
            .not_valid_after(self._from.replace(day=1, year=self._from.year + YEARS))
            .add_extension(x509.BasicConstraints(ca=not leaf, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root), critical=False)
        )
        if leaf:
            made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        return made.sign(self._root, None)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Discreet"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def add_credentials(path: Path, done: list[dict[str, Any]], version: str, issuer: Issuer, signer: Signer) -> None:
    """Put signed credentials into a recording.

    Args:
        path: an MP4, M4A or WAV file of an export.
        done: see :func:`actions`.
        version: of Discreet.
        issuer: of the certificates.
        signer: the project's.

    Raises:
        OutputError: the file cannot be written.
        UnsafeError: the file cannot carry credentials.
        MissingExtraError: the extra ``sharing`` is not installed.
    """
    c2pa = load("c2pa")
    manifest = {
        "claim_generator_info": [{"name": "Discreet", "version": version or "0"}],
        "title": f"safe{path.suffix}",  # never the name of the recording it came from
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": done}}],
    }
    try:
        with c2pa.Signer.from_callback(signer.raw, c2pa.C2paSigningAlg.ED25519, issuer.chain()) as signs:
            builder = c2pa.Builder(json.dumps(manifest), _context(c2pa, {}))
            with path.open("rb") as source, TemporaryFile(dir=path.parent) as signed:
                builder.sign(signs, FORMATS[path.suffix], source, signed)
                signed.seek(0)
                with replacing(path) as file:
                    shutil.copyfileobj(signed, file)
    except c2pa.C2paError as error:
        raise UnsafeError(f"{path.name} cannot carry content credentials ({type(error).__name__})") from None
    except OSError as error:
        raise write_error(path, error) from None


def credential_problems(folder: Path, names: Iterable[str]) -> list[str]:
    """What is wrong with the credentials of the recordings of an export.

    Args:
        folder: the export; its :data:`AUTHORITY` is what is trusted, so check its hash first.
        names: paths in it of the files to check; files that carry none by their kind are passed over.

    Raises:
        OSError: a file cannot be read.
        MissingExtraError: the extra ``sharing`` is not installed.
    """
    media = [name for name in names if Path(name).suffix in FORMATS]
    if not media:
        return []
    c2pa = load("c2pa")
    anchor = folder / AUTHORITY
    if not anchor.is_file():
        return [f"{AUTHORITY}: missing, so content credentials cannot be checked"]
    context = _context(c2pa, {"trust": {"user_anchors": anchor.read_text(encoding="utf-8", errors="replace")}})
    states = {name: _state(c2pa, context, folder / name) for name in media}
    return [f"{name}: {problem}" for name, problem in sorted(states.items()) if problem]


def _state(c2pa: Any, context: Any, path: Path) -> str:
    """What is wrong with the credentials of one file; empty where nothing is."""
    try:
        with path.open("rb") as file, c2pa.Reader(FORMATS[path.suffix], file, context=context) as reader:
            state = str(reader.get_validation_state())
            return "" if state == "Trusted" else f"its content credentials are {state.lower()}, not the sender's"
    except c2pa.C2paError as error:
        removed = "ManifestNotFound" in f"{type(error).__name__} {error}"
        return "its content credentials were removed" if removed else "its content credentials cannot be read"


def _context(c2pa: Any, more: Mapping[str, Any]) -> Any:
    return c2pa.Context(settings=c2pa.Settings.from_dict({**_SETTINGS, **more}))
