"""Downloading over HTTP (resumable, bounded, hash checked), and finding archives in package registries.

Proxies and certificates come from the environment (HTTPS_PROXY, NO_PROXY; REQUESTS_CA_BUNDLE, PIP_CERT,
SSL_CERT_FILE), the package index from PIP_INDEX_URL or the client's own default.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from weights.errors import SourceError
from weights.files import CHUNK, full_disk_is_clear, need_room, new_file, open_to_append, sha256_of, sync
from weights.sources import Archive

if TYPE_CHECKING:
    import requests

Told = Callable[[int], None]
#: (connect, read) in seconds: an unreachable home must not delay the mirror.
TIMEOUT = (8.0, 60.0)
ATTEMPTS = 6


class Downloader:
    """HTTP that remembers which hosts could not be reached, so that each costs its timeout only once.

    ``pause`` is the wait in seconds before the first resumption; it doubles each time.
    """

    def __init__(self, pause: float = 1.0) -> None:
        self.pause = pause
        self._unreachable: set[str] = set()

    @cached_property
    def session(self) -> requests.Session:
        """Its connections; ``requests`` is slow to import, and most commands download nothing."""
        import requests

        session = requests.Session()
        session.headers["Accept-Encoding"] = "identity"  # ranges count the file's own bytes
        if not os.environ.get("REQUESTS_CA_BUNDLE") and not os.environ.get("CURL_CA_BUNDLE"):
            own = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
            if own:
                session.verify = own
        return session

    def get(self, url: str, target: Path, sha256: str, size: int, told: Told) -> None:
        """Download ``url`` to ``target``, which appears only when complete and with the right hash.

        Partial data is kept in ``target`` + ``.part`` and resumed with a Range request, in this run or a later one.
        Raises SourceError (not reachable, not found, wrong hash) or NoSpaceError.
        """
        import requests

        host = urlsplit(url).netloc
        if host in self._unreachable:
            raise SourceError("cannot be reached")
        part = target.with_name(target.name + ".part")
        have = _size(part)
        if have > size or (have == 0 and os.path.lexists(part)):
            part.unlink()
            have = 0
        need_room(target.parent, size - have)
        pause = self.pause
        for attempt in range(1, ATTEMPTS + 1):
            before = _size(part)
            try:
                with full_disk_is_clear(target.parent, size - before):
                    self._append(url, part, size, told)
                break
            except requests.exceptions.SSLError as error:
                raise SourceError("has a certificate that is not trusted here (see REQUESTS_CA_BUNDLE)") from error
            except requests.RequestException as error:
                came = _size(part)
                if came <= before:  # nothing new came: trying again would only cost time
                    if isinstance(error, requests.ConnectionError):
                        self._unreachable.add(host)
                    raise SourceError(
                        "cannot be reached" if not came else "does not resume where the download stopped"
                    ) from error
                if attempt == ATTEMPTS:
                    raise SourceError("keeps breaking off") from error
            time.sleep(pause)
            pause *= 2
        found = sha256_of(part)
        if found != sha256:
            part.unlink()
            raise SourceError(f"sent a different file (SHA-256 {found[:12]}..., expected {sha256[:12]}...)")
        part.replace(target)

    def _append(self, url: str, part: Path, size: int, told: Told) -> None:
        have = _size(part)
        if have == size:
            return
        headers = {"Range": f"bytes={have}-"} if have else {}
        with self.session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
            if answer.status_code == 416:  # the file has changed since we began: start over next time
                part.unlink(missing_ok=True)
            if answer.status_code >= 400:
                raise SourceError(f"answers {answer.status_code} {answer.reason}")
            resumed = answer.status_code == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
            if not resumed:
                have = 0
            with open_to_append(part) if resumed else new_file(part) as target:
                for chunk in answer.iter_content(CHUNK):
                    have += len(chunk)
                    if have > size:
                        target.truncate(0)
                        raise SourceError(f"is larger than the {size} bytes expected")
                    target.write(chunk)
                    told(have)
                sync(target)
        if have < size:
            import requests

            raise requests.exceptions.ChunkedEncodingError(f"{have} of {size} bytes came")

    def archive(self, archive: Archive, target: Path, told: Told) -> None:
        """Download a registry's archive to ``target``, checked against the manifest's SHA-256."""
        if archive.registry == "npm":
            _npm_pack(archive, target)
            return
        self.get(self._locate(archive), target, archive.sha256, archive.size, told)

    def _locate(self, archive: Archive) -> str:
        """The address of an archive in the package index; the index's own hash must agree with ours."""
        # a tenth of every command's start-up time, and rarely needed
        import requests
        from pypi_simple import NoSuchProjectError, PyPISimple

        endpoint = os.environ.get("PIP_INDEX_URL")
        try:
            client = PyPISimple(endpoint, session=self.session) if endpoint else PyPISimple(session=self.session)
            page = client.get_project_page(archive.project, timeout=TIMEOUT)
        except NoSuchProjectError as error:
            raise SourceError("is not in the package index") from error
        except requests.RequestException as error:
            raise SourceError("the package index cannot be reached") from error
        for package in page.packages:
            if package.filename == archive.filename:
                if package.digests.get("sha256", archive.sha256) != archive.sha256:
                    raise SourceError("the package index offers another file under this name")
                return package.url
        raise SourceError("is no longer in the package index")


def _size(part: Path) -> int:
    """Bytes of a download so far; 0 if there are none, or if the file is not solely ours."""
    try:
        found = part.lstat()
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) and found.st_nlink == 1 else 0


def _npm_pack(archive: Archive, target: Path) -> None:
    """Let npm download the tarball (it knows its registry); its scripts are not run."""
    npm = shutil.which("npm")
    if npm is None:
        raise SourceError("npm is not installed")
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", dir=target.parent))
    spec = f"{archive.project}@{archive.version}"
    try:
        need_room(folder, archive.size)
        command = [npm, "pack", spec, "--ignore-scripts", "--pack-destination", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=folder, check=False)
        tarballs = list(folder.glob("*.tgz"))
        if done.returncode or len(tarballs) != 1:
            raise SourceError("npm pack failed: " + (done.stderr.strip().splitlines() or ["no reason given"])[-1])
        found = sha256_of(tarballs[0])
        if found != archive.sha256:
            raise SourceError(f"sent a different file (SHA-256 {found[:12]}..., expected {archive.sha256[:12]}...)")
        tarballs[0].replace(target)
    except subprocess.TimeoutExpired as error:
        raise SourceError("npm pack took too long") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
