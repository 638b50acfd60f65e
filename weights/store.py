"""The store of this machine's models: finding them by id, checking and loading them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from timeline import Folder, ModelError
from weights.conversion import Receipt, convert
from weights.download import Downloader
from weights.errors import NoSpaceError, SourceError
from weights.fetch import Fetcher, FetchProgress, Quiet
from weights.files import locked, new_file, own_folder, sha256_of
from weights.locations import RECEIPT, default_local, default_root, moved_store
from weights.manifest import Calibration, Manifest, Model, ModelFile, default_manifest
from weights.onnx_sessions import open_session
from weights.remedy import remedy_commands, ways_to_get
from weights.user_files import find_checkpoint, find_user_files

if TYPE_CHECKING:
    import onnxruntime


@dataclass(frozen=True)
class Check:
    """The result of ``Store.verify`` for one model."""

    id: str
    state: Literal["ok", "missing", "damaged", "outdated"]
    detail: str = ""


@dataclass(frozen=True)
class Fetched:
    """What ``Store.fetch`` did for one model. ``sources`` gives each file's origin; empty if nothing was fetched."""

    id: str
    path: Path
    sources: dict[str, str]


class Store:
    """Models on this machine. ``root`` holds one folder per model id and is created when something is fetched.

    ``local`` are folders that are searched by file name before anything is downloaded.
    """

    def __init__(
        self, root: Path | None = None, manifest: Manifest | None = None, local: Sequence[Path] | None = None
    ) -> None:
        self.root = root if root is not None else default_root()
        self.manifest = manifest if manifest is not None else default_manifest()
        self.local = list(local) if local is not None else default_local()

    # -- looking up ---------------------------------------------------------------------------------------------

    def has(self, id: str) -> bool:
        """Whether the model is here and complete (checks sizes; ``verify`` checks every byte)."""
        return self._state(self.manifest[id])[0] == "ok"

    def path(self, id: str) -> Path:
        """The model's file, or its folder if it has several. Raises ModelError if it is not here."""
        model = self.manifest[id]
        state, detail = self._state(model)
        if state != "ok":
            what = "is not on this machine" if state == "missing" else f"is {state} ({detail})"
            raise ModelError(
                f"the model {id} ({model.job}) {what}", moved_store(self.root) + ways_to_get(self.manifest, [model])
            )
        folder = self.root / id
        return folder if model.folder else folder / next(iter(self._receipt(id)["files"]))

    def require(self, ids: Iterable[str]) -> None:
        """Raise ModelError, naming all missing ones of ``ids`` and how to get them, unless all are here."""
        missing = [self.manifest[id] for id in ids if self._state(self.manifest[id])[0] != "ok"]
        if len(missing) == 1:
            self.path(missing[0].id)
        elif missing:
            names = ", ".join(f"{model.id} ({model.job})" for model in missing)
            what = f"models missing from this machine, or incomplete: {names}"
            raise ModelError(what, moved_store(self.root) + remedy_commands(missing))

    def calibration(self, id: str) -> Calibration | None:
        """The settings that come with the model, if any; the model need not be here."""
        return self.manifest[id].calibration

    def sha256(self, id: str) -> str:
        """The model's SHA-256, for provenance; for a folder, the hash of its sorted lines ``hash  name``.

        Raises ModelError if it is not here, or if a file was changed since it was fetched.
        """
        self.path(id)
        files = self._receipt(id)["files"]
        for name, entry in files.items():
            self._unchanged(id, self.root / id / name, entry)
        if not self.manifest[id].folder:
            return str(next(iter(files.values()))["sha256"])
        lines = "".join(f"{files[name]['sha256']}  {name}\n" for name in sorted(files))
        return hashlib.sha256(lines.encode()).hexdigest()

    def checkpoint(self, id: str) -> Path:
        """The file a converted model was made from, in a folder of DISCREET_WEIGHTS (fetching removes our copy).

        Raises ModelError if it is not there, or has another SHA-256 than the manifest or, if that has none, than the
        file that was vouched for when the model was fetched.
        """
        vouched = (self._receipt(id).get("conversion") or {}).get("source_sha256")
        return find_checkpoint(self.manifest[id], self.local, vouched)

    def checkpoint_sha256(self, id: str) -> str:
        """SHA-256 of that file, for provenance. Raises as :meth:`checkpoint`."""
        return sha256_of(self.checkpoint(id))

    def session(
        self, id: str, threads: int = 1, *, resize: bool = False, part: str | None = None
    ) -> onnxruntime.InferenceSession:
        """Load an ONNX model on the CPU with ``threads`` threads. Raises ModelError if it is missing or damaged.

        A file whose time stamp changed since it was fetched is hashed again first. ``resize``: for pictures of any
        size, although the file fixes one. ``part``: which file of a model with several.
        """
        path = self.path(id) if part is None else self.path(id) / part
        entry = self._receipt(id)["files"].get(path.name, {})
        self._unchanged(id, path, entry)
        try:
            return open_session(path, threads, resize=resize)
        except Exception as error:  # onnxruntime raises its own, undocumented types
            raise ModelError(
                f"the model {id} cannot be loaded: {error}", f"Run: discreet weights verify {id}"
            ) from error

    @staticmethod
    def _unchanged(id: str, path: Path, entry: Mapping[str, Any]) -> None:
        if path.stat().st_mtime_ns != entry.get("mtime_ns") and sha256_of(path) != entry.get("sha256"):
            raise ModelError(f"the model {id} was changed on the disk", f"Run: discreet weights fetch {id}")

    def verify(self, ids: Iterable[str] | None = None) -> list[Check]:
        """Hash every byte of the given models (default: all of the manifest)."""
        models = [self.manifest[id] for id in ids] if ids is not None else list(self.manifest.models)
        return [self._verify(model) for model in models]

    # -- fetching -----------------------------------------------------------------------------------------------

    def fetch(
        self,
        ids: Iterable[str],
        progress: FetchProgress | None = None,
        accept: Collection[str] = frozenset(),
        downloader: Downloader | None = None,
        vouch: Mapping[str, str] | None = None,
    ) -> list[Fetched]:
        """Fetch models. ``accept``: ids of models or licences whose non-commercial use was accepted.

        ``vouch``: model id -> SHA-256 that the user vouches for, of a file that the manifest has no hash of.

        All models are tried; then one ModelError says what could not be fetched, why, and what to do. Several processes
        may fetch at the same time.
        """
        models = [self.manifest[id] for id in dict.fromkeys(ids)]
        self._check_licences(models, accept)
        tell = progress or Quiet()
        cache = self.root / ".downloads"
        fetcher = Fetcher(self.manifest, cache, self.local, tell, downloader or Downloader())
        done: list[Fetched] = []
        failed: list[tuple[Model, str]] = []
        try:
            for model in models:
                try:
                    done.append(self._fetch_one(self._vouched(model, vouch or {}), fetcher, tell))
                except SourceError as error:
                    failed.append((model, str(error)))
        except NoSpaceError as error:
            raise ModelError(
                f"{model.id}: {error}", f"Free some disk space for {self.root}, then run the same command again."
            ) from error
        except OSError as error:
            raise ModelError(
                f"{model.id}: {error}", f"Check {self.root}: it must be a folder that you can write to."
            ) from error
        finally:
            fetcher.close()
        if failed:
            names = ", ".join(model.id for model, _ in failed)
            reasons = " | ".join(f"{model.id}: {reason}" for model, reason in failed)
            raise ModelError(
                f"could not get {names} ({reasons})", ways_to_get(self.manifest, [model for model, _ in failed])
            )
        return done

    def _vouched(self, model: Model, vouch: Mapping[str, str]) -> Model:
        """A model whose file only the user can provide, with the hash they vouch for, else SourceError."""
        if model.own is None or (self.has(model.id) and model.id not in vouch):
            return model
        found = {sha256_of(path): path for path in find_user_files(model.own, self.local)}
        given = vouch.get(model.id, "").lower()
        if given in found:
            return model.vouched(given, found[given].stat().st_size)
        if given:
            raise SourceError(f"no {model.own.name} in your folders has the SHA-256 {given}")
        if not found:
            raise SourceError(f"there is no {model.own.name} in the folders of DISCREET_WEIGHTS")
        seen = "; ".join(f"{path} has {digest}" for digest, path in found.items())
        raise SourceError(f"the SHA-256 that {model.own.name} must have is not known: {seen}")

    def _fetch_one(self, model: Model, fetcher: Fetcher, tell: FetchProgress) -> Fetched:
        self.root.mkdir(parents=True, exist_ok=True)
        with locked(self.root / ".locks" / f"{model.id}.lock"):
            if self._verify(model).state == "ok":
                return Fetched(model.id, self.path(model.id), {})
            staging = own_folder(self.root / ".incoming") / model.id
            with Folder(staging.parent) as incoming:  # left by a run that was killed: we hold the lock now
                incoming.remove_tree(staging.name)
            staging.mkdir()
            try:
                sources = fetcher.fetch(model, staging)
                receipt: Receipt | None = None
                names = [file.name for file in model.files]
                if model.conversion is not None:
                    receipt = convert(model.conversion, staging, self.root, lambda text: tell.note(model.id, text))
                    names = [step.output for step in model.conversion.steps]
                self._write_receipt(model, staging, names, sources, receipt)
                self._swap(staging, self.root / model.id)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
        return Fetched(model.id, self.path(model.id), sources)

    def _swap(self, staging: Path, place: Path) -> None:
        """Move a complete folder to its place, then remove the old one."""
        old = staging.with_name(staging.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        staging.rename(place)
        shutil.rmtree(old, ignore_errors=True)

    def _check_licences(self, models: Sequence[Model], accept: Collection[str]) -> None:
        refused = [m for m in models if not m.licence.commercial and not {m.id, m.licence.id} & set(accept)]
        if refused:
            names = ", ".join(f"{m.id} ({m.licence.id}: {m.licence.note or 'non-commercial'})" for m in refused)
            accepts = " ".join(f"--accept {m.id}" for m in refused)
            raise ModelError(
                f"not fetched, non-commercial licence not accepted: {names}",
                f"If you may use them: discreet weights fetch {' '.join(m.id for m in refused)} {accepts}",
            )

    # -- receipts -----------------------------------------------------------------------------------------------

    def _write_receipt(
        self, model: Model, folder: Path, names: Sequence[str], sources: dict[str, str], receipt: Receipt | None
    ) -> None:
        files: dict[str, dict[str, Any]] = {}
        for name in names:
            stat = (folder / name).stat()
            files[name] = {"sha256": sha256_of(folder / name), "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
        content = {"model": model.id, "files": files, "sources": sources, "conversion": receipt}
        with new_file(folder / RECEIPT) as file:
            file.write((json.dumps(content, indent=1) + "\n").encode())

    def _receipt(self, id: str) -> dict[str, Any]:
        try:
            content = json.loads((self.root / id / RECEIPT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) and content.get("files") else {}

    def _state(self, model: Model) -> tuple[Literal["ok", "missing", "damaged", "outdated"], str]:
        """Quick check: receipt, agreement with the manifest, presence and size of every file."""
        receipt = self._receipt(model.id)
        if not receipt:
            return "missing", ""
        files = receipt["files"]
        if model.conversion is not None:
            conversion = receipt.get("conversion") or {}
            listed = model.conversion.checkpoint
            if isinstance(listed, ModelFile) and conversion.get("source_sha256") != listed.sha256:
                return "outdated", "converted from another checkpoint"
        elif {f.name: f.sha256 for f in model.files} != {name: entry.get("sha256") for name, entry in files.items()}:
            return "outdated", "another version is listed now"
        for name, entry in files.items():
            path = self.root / model.id / name
            if not path.is_file() or path.stat().st_size != entry.get("size"):
                return "damaged", f"{name} is missing or has another size"
        return "ok", ""

    def _verify(self, model: Model) -> Check:
        state, detail = self._state(model)
        if state != "ok":
            return Check(model.id, state, detail)
        for name, entry in self._receipt(model.id)["files"].items():
            if sha256_of(self.root / model.id / name) != entry["sha256"]:
                return Check(model.id, "damaged", f"{name} has another SHA-256")
        return Check(model.id, "ok")
