"""A little world for the store: files with known hashes, a server on this machine, manifests that name both."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from weights import Downloader, Manifest


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def blob(size: int, seed: int = 1) -> bytes:
    """Bytes that no part of repeats."""
    return b"".join(hashlib.sha256(f"{seed}:{i}".encode()).digest() for i in range(size // 32 + 1))[:size]


def make_zip(members: dict[str, bytes]) -> bytes:
    """A zip that is the same whenever it is made: its hash names its lock."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in members.items():
            bundle.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def make_tar(members: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as bundle:
        for name, target in (links or {}).items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            bundle.addfile(entry)
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            bundle.addfile(entry, io.BytesIO(data))
    return out.getvalue()


@dataclass
class Server:
    """Serves ``files``; ``cut`` gives, for a path, after how many bytes each answer breaks off (popped one by one)."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cut: dict[str, list[int]] = field(default_factory=dict)
    ranges: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def project(self, name: str, filename: str, data: bytes, sha256: str | None = None) -> None:
        """Put an archive into the package index."""
        self.files[f"/files/{filename}"] = data
        digest = sha256 or sha(data)
        page = f'<!DOCTYPE html><html><body><a href="/files/{filename}#sha256={digest}">{filename}</a></body></html>'
        self.files[f"/simple/{name}/"] = page.encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    world = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            world.asked.append((self.path, asked))
            data = world.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            begin = 0
            if asked and world.ranges:
                begin = int(asked.removeprefix("bytes=").rstrip("-"))
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            body = data[begin:]
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            cuts = world.cut.get(self.path)
            if cuts:
                self.wfile.write(body[: cuts.pop(0)])
                self.close_connection = True
            else:
                self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    world.url = f"http://127.0.0.1:{httpd.server_port}"
    monkeypatch.setenv("PIP_INDEX_URL", f"{world.url}/simple/")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    yield world
    httpd.shutdown()
    thread.join()
    httpd.server_close()


@pytest.fixture
def quick() -> Downloader:
    """A downloader that does not wait before it goes on."""
    return Downloader(pause=0.0)


def manifest(*models: dict[str, Any], archives: dict[str, Any] | None = None) -> Manifest:
    return Manifest.model_validate({"version": 1, "archives": archives or {}, "models": list(models)})


def model(id: str = "m", **more: Any) -> dict[str, Any]:
    base = {"id": id, "job": "test", "about": "", "home": "", "licence": {"id": "MIT", "commercial": True}}
    return base | more


def file(name: str, data: bytes, **more: Any) -> dict[str, Any]:
    return {"name": name, "sha256": sha(data), "size": len(data)} | more


def archive(package: str, filename: str, data: bytes) -> dict[str, Any]:
    return {"package": package, "filename": filename, "sha256": sha(data), "size": len(data)}


class World:
    """The helpers above, for tests (importlib mode gives conftest no name to import from)."""

    sha = staticmethod(sha)
    blob = staticmethod(blob)
    make_zip = staticmethod(make_zip)
    make_tar = staticmethod(make_tar)
    manifest = staticmethod(manifest)
    model = staticmethod(model)
    file = staticmethod(file)
    archive = staticmethod(archive)


@pytest.fixture
def world() -> type[World]:
    return World
