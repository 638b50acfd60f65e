"""Weights in a WebAssembly module: read as data, and a module that is not what it should be is refused."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weights import weights_in_script
from weights.errors import SourceError
from weights.wasm_arrays import memory_of, module_in_script, weight_arrays

REFERENCE = Path(__file__).parents[3] / "shared" / "weights" / "fargan_opus15.npz"
BASE = 1024


def leb(value: int) -> bytes:
    out = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        done = (value == 0 and not byte & 0x40) or (value == -1 and byte & 0x40)
        out.append(byte if done else byte | 0x80)
        if done:
            return bytes(out)


def unsigned(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def module(*segments: tuple[int, bytes]) -> bytes:
    """A module with a custom section and a data section."""
    data = unsigned(len(segments))
    for address, content in segments:
        data += b"\0\x41" + leb(address) + b"\x0b" + unsigned(len(content)) + content
    return b"\0asm\1\0\0\0" + b"\0\x03\x02ab" + b"\x0b" + unsigned(len(data)) + data


def table() -> bytes:
    """Two arrays, their names, and the table that lists them."""
    names, floats, ints = b"net_bias\0net_weights_int8\0\0", np.float32([1.5, -2.0]).tobytes(), np.int8([3, -4, 5, 6])
    names = names.ljust(28, b"\0")
    content = names + floats + ints.tobytes()
    place = [BASE, 0, 8, BASE + 28, BASE + 9, 3, 4, BASE + 36, 0, 0, 0, 0]
    return content + struct.pack("<12I", *place)


def script(wasm: bytes, offset: int = 11) -> bytes:
    """The module as packages of @wasm-audio-decoders hold it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    coded = []
    for byte in packer.compress(wasm) + packer.flush():
        value = (byte + offset) % 256
        coded.append("=" + chr((value + 64) % 256) if value in (13, 61, 96) else chr(value))
    text = (
        f'Object.defineProperty(E, "wasm", {{get: () => String.raw`dynEncode01{offset:02x}00000000{"".join(coded)}`}})'
    )
    return text.encode()


def test_arrays_are_found_by_the_name_of_one(tmp_path: Path) -> None:
    path = tmp_path / "module.js"
    path.write_bytes(script(module((16, b"before"), (BASE, table()))))
    for name in ("net_bias", "net_weights_int8"):
        arrays = weights_in_script(path, name)
        assert list(arrays) == ["net_bias", "net_weights_int8"]
        assert arrays["net_bias"].tolist() == [1.5, -2.0]
        assert arrays["net_weights_int8"].tolist() == [3, -4, 5, 6]
        assert arrays["net_weights_int8"].dtype == np.int8


@given(st.binary(min_size=1, max_size=600), st.integers(0, 255))
def test_a_module_comes_out_of_the_script_as_it_went_in(wasm: bytes, offset: int) -> None:
    assert module_in_script(script(wasm, offset)) == wasm


def test_data_lie_in_memory_where_the_module_puts_them() -> None:
    assert memory_of(module((2, b"cd"), (0, b"a"), (6, b"g"))) == b"a\0cd\0\0g"


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (b"no module", "not a WebAssembly module"),
        (module((0, b"abc"))[:-1], "cut off"),
        (module((-8, b"abc")), "does not know"),
        (module((1 << 30, b"abc")), "too large"),
        (module((0, b"abc")).replace(b"\0\x41", b"\0\x23"), "does not know"),
        (b"\0asm\1\0\0\0\x0b\xff\xff\xff\xff\xff\xff", "does not end"),
    ],
)
def test_a_damaged_module_is_refused(broken: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        memory_of(broken)


def test_a_script_or_memory_without_weights_is_refused() -> None:
    with pytest.raises(SourceError, match="no WebAssembly module"):
        module_in_script(b"export default 1")
    with pytest.raises(SourceError, match="not text"):
        module_in_script(b"\xff\xfe")
    whole = script(b"some module" * 100)
    end = whole.rindex(b"`")
    with pytest.raises(SourceError, match="cut off"):
        module_in_script(whole[: end - 3] + whole[end:])
    with pytest.raises(SourceError, match="no table"):
        weight_arrays(b"net_bias\0".ljust(64, b"\0"), "net_bias")


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_clear_error(data: bytes) -> None:
    for content in (data, b"\0asm\1\0\0\0" + data):
        try:
            memory_of(content)
        except SourceError:
            continue


@pytest.mark.models
def test_the_vocoders_weights_equal_the_reference(store, needs) -> None:  # type: ignore[no-untyped-def]
    needs(store, "fargan")
    if not REFERENCE.is_file():
        pytest.skip(f"no {REFERENCE}")
    found = weights_in_script(store.path("fargan"), "cond_net_pembed_bias")
    with np.load(REFERENCE) as wanted:
        assert list(found) == wanted.files
        for name in wanted.files:
            assert found[name].dtype == wanted[name].dtype
            assert np.array_equal(found[name], wanted[name])
