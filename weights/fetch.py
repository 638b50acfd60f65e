"""Fetching a model's files: local folders first, then its sources in order; each file is checked by its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, Protocol

from weights.archives import open_members, reading
from weights.download import Downloader
from weights.errors import SourceError
from weights.files import copy_checked, full_disk_is_clear, locked, need_room, new_file, own_folder, sha256_of, sync
from weights.manifest import Manifest, Model, ModelFile
from weights.sources import Archive, ArchiveSource, Part, PartsSource, Source, UrlSource


class FetchProgress(Protocol):
    """Receives the progress of fetching. May raise to stop it; partial downloads are resumed next time."""

    def bytes_done(self, model: str, name: str, done: int, total: int) -> None:
        """``done`` of ``total`` bytes of ``name`` (a file or archive) have arrived, for ``model``."""
        ...

    def note(self, model: str, text: str) -> None:
        """Something worth a line: a source that failed, a conversion that starts."""
        ...


class Quiet:
    """A FetchProgress that does nothing."""

    def bytes_done(self, model: str, name: str, done: int, total: int) -> None:
        """Do nothing."""

    def note(self, model: str, text: str) -> None:
        """Do nothing."""


class Fetcher:
    """Fetches files of models into a folder. One instance serves one batch: archives are kept until ``close``.

    ``cache`` holds partial downloads and is shared by processes (one lock per archive).
    """

    def __init__(
        self, manifest: Manifest, cache: Path, local: Sequence[Path], progress: FetchProgress, downloader: Downloader
    ) -> None:
        self.manifest = manifest
        self.cache = cache
        self.local = [folder for folder in local if folder.is_dir()]
        self.progress = progress
        self.downloader = downloader
        self._archives: dict[str, Path] = {}
        self._local_index: dict[str, list[Path]] | None = None
        self._failed: dict[str, str] = {}

    def fetch(self, model: Model, folder: Path) -> dict[str, str]:
        """Fetch all files of ``model`` into ``folder``; return the source of each.

        Raises SourceError with all reasons if no source has a file, NoSpaceError if the disk is full.
        """
        came: dict[str, str] = {}
        own_folder(self.cache)
        need_room(self.cache, model.size)
        for file in model.wanted:
            if file.name not in came:
                self._fetch_file(model, file, folder, came)
        return came

    def _fetch_file(self, model: Model, file: ModelFile, folder: Path, came: dict[str, str]) -> None:
        found = self._find_local(model, file.name, file.aka, file.sha256, file.size)
        if found is not None:
            with found.open("rb") as stream:
                self._place(stream, model, file, folder)
            came[file.name] = f"local:{found.name}"
            return
        reasons: list[str] = []
        for source in model.sources_of(file):
            try:
                if isinstance(source, UrlSource):
                    self._from_url(source, model, file, folder)
                    came[file.name] = source.url.replace("{name}", file.name)
                elif isinstance(source, PartsSource):
                    self._from_parts(source, model, file, folder)
                    came[file.name] = " + ".join(self.manifest.archives[p.archive].package for p in source.parts)
                else:
                    self._from_archive(source, model, file, folder, came)
                return
            except SourceError as error:
                reasons.append(f"{describe(source, self.manifest, file)} {error}")
                self.progress.note(model.id, reasons[-1])
        raise SourceError("; ".join(reasons))

    def _from_url(self, source: UrlSource, model: Model, file: ModelFile, folder: Path) -> None:
        cached = self.cache / file.sha256
        with locked(self._lock(file.sha256)):
            url = source.url.replace("{name}", file.name)
            self.downloader.get(url, cached, file.sha256, file.size, self._teller(model, file.name, file.size))
            with cached.open("rb") as stream:
                self._place(stream, model, file, folder, quiet=True)
            cached.unlink()

    def _from_archive(
        self, source: ArchiveSource, model: Model, file: ModelFile, folder: Path, came: dict[str, str]
    ) -> None:
        """Extract ``file``, and in the same pass all other files that the model takes from this archive."""
        archive = self.manifest.archives[source.archive]
        bundle = self._archive(source.archive, model)
        wanted = {source.member.replace("{name}", file.name): file}
        for other in model.wanted:
            listed = [
                s for s in model.sources_of(other) if isinstance(s, ArchiveSource) and s.archive == source.archive
            ]
            if listed and other.name not in came:
                wanted[listed[0].member.replace("{name}", other.name)] = other
        with reading(archive.filename):
            for member, stream in open_members(bundle, archive.filename, wanted):
                self._place(stream, model, wanted[member], folder)
                came[wanted[member].name] = archive.package

    def _from_parts(self, source: PartsSource, model: Model, file: ModelFile, folder: Path) -> None:
        target = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        whole = hashlib.sha256()
        told = self._teller(model, file.name, file.size)
        done = 0
        with reading(file.name), full_disk_is_clear(folder, file.size), new_file(target) as out:
            for part in source.parts:
                for piece in self._open_part(part, model):
                    digest = _Both(whole)
                    came = copy_checked(piece, out, done + part.size, digest, told, done)
                    if came - done != part.size or digest.hexdigest() != part.sha256:
                        raise SourceError(f"{part.member} is not what the manifest says")
                    done = came
            sync(out)
        if whole.hexdigest() != file.sha256:
            target.unlink()
            raise SourceError("the joined parts are not what the manifest says")

    def _open_part(self, part: Part, model: Model) -> Iterable[IO[bytes]]:
        found = self._find_local(model, part.member.rsplit("/", 1)[-1], (), part.sha256, part.size)
        if found is not None:
            with found.open("rb") as local:
                yield local
            return
        archive = self.manifest.archives[part.archive]
        for _, stream in open_members(self._archive(part.archive, model), archive.filename, [part.member]):
            yield stream

    def _archive(self, key: str, model: Model) -> Path:
        """The archive on this disk, downloaded if necessary."""
        if key in self._archives:
            return self._archives[key]
        if key in self._failed:
            raise SourceError(self._failed[key])
        archive = self.manifest.archives[key]
        found = self._find_local(model, archive.filename, (), archive.sha256, archive.size)
        if found is None:
            found = self.cache / archive.sha256
            with locked(self._lock(archive.sha256)):
                if not found.exists() or sha256_of(found) != archive.sha256:
                    try:
                        told = self._teller(model, archive.filename, archive.size)
                        self.downloader.archive(archive, found, told)
                    except SourceError as error:
                        self._failed[key] = str(error)
                        raise
        self._archives[key] = found
        return found

    def _place(self, stream: IO[bytes], model: Model, file: ModelFile, folder: Path, quiet: bool = False) -> None:
        """Copy a stream to the file's place below ``folder``, which is ours alone; size and hash must match."""
        target = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        told = (lambda done: None) if quiet else self._teller(model, file.name, file.size)
        with full_disk_is_clear(folder, file.size), new_file(target) as out:
            copy_checked(stream, out, file.size, digest, told)
            sync(out)
        if digest.hexdigest() != file.sha256:
            target.unlink()
            raise SourceError(f"sent a different {file.name} (SHA-256 {digest.hexdigest()[:12]}...)")

    def _find_local(self, model: Model, name: str, aka: Sequence[str], sha256: str, size: int) -> Path | None:
        """A file in the local folders with one of these names and this hash, or None."""
        if self._local_index is None:
            self._local_index = {}
            for root in self.local:
                for path in sorted(p for p in root.rglob("*") if p.is_file()):
                    self._local_index.setdefault(path.name, []).append(path)
        for wanted in (name.rsplit("/", 1)[-1], *aka):
            for path in self._local_index.get(wanted, ()):
                if path.stat().st_size != size:
                    continue
                if sha256_of(path) == sha256:
                    return path
                self.progress.note(model.id, f"{path} has another SHA-256 than the manifest says: not used")
        return None

    def _lock(self, sha256: str) -> Path:
        """The lock of one download."""
        return self.cache.parent / ".locks" / f"{sha256[:16]}.lock"

    def _teller(self, model: Model, name: str, total: int) -> Callable[[int], None]:
        return lambda done: self.progress.bytes_done(model.id, name, done, total)

    def close(self) -> None:
        """Remove downloaded archives; partial downloads are kept, to be resumed."""
        for path in self._archives.values():
            if path.parent == self.cache:
                path.unlink(missing_ok=True)
        self._archives.clear()


class _Both:
    """A SHA-256 that also feeds another one."""

    def __init__(self, other: hashlib._Hash) -> None:
        self._own = hashlib.sha256()
        self._other = other

    def update(self, data: bytes, /) -> None:
        self._own.update(data)
        self._other.update(data)

    def hexdigest(self) -> str:
        return self._own.hexdigest()


def describe(source: Source, manifest: Manifest, file: ModelFile) -> str:
    """A source, described for users."""
    if isinstance(source, UrlSource):
        return source.url.replace("{name}", file.name)
    if isinstance(source, PartsSource):
        return " + ".join(_archive_text(manifest.archives[part.archive]) for part in source.parts)
    return _archive_text(manifest.archives[source.archive])


def _archive_text(archive: Archive) -> str:
    return f"{archive.package} ({archive.filename})"
