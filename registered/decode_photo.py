"""Decodes one picture, as a separate program, so that a crash in a codec cannot take Discreet down.

Usage: ``python decode_photo.py FILE MAX_SIDE``; writes ``height width`` as a line of text, then the BGR bytes, upright
(EXIF orientation applied), scaled down if the longer side exceeds ``MAX_SIDE``. Exit code 3: not a picture; 4: the
picture has too many pixels, or takes too much memory or time.
"""

import contextlib
import os
import sys

MAX_PIXELS = 120_000_000
"""More than phone photos have; 360 MB when decoded."""
MEMORY_BYTES, CPU_SECONDS = 2 << 30, 60
TOO_LARGE = 4
os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(MAX_PIXELS)
os.environ["OPENCV_LOG_LEVEL"] = "OFF"


def main() -> int:
    """Decode ``argv[1]`` to standard output."""
    import cv2
    import numpy as np

    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))

    cv2.setNumThreads(1)
    with open(sys.argv[1], "rb") as file:
        data = np.frombuffer(file.read(), np.uint8)
    try:
        # IMREAD_COLOR turns the picture upright; IMREAD_UNCHANGED would not.
        image = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    except MemoryError:
        return TOO_LARGE
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem or "CV_IO_MAX_IMAGE" in str(error):
            return TOO_LARGE
        image = None
    if image is None:
        return 3
    longest, limit = max(image.shape[:2]), int(sys.argv[2])
    if longest > limit:
        factor = limit / longest
        image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    sys.stdout.buffer.write(b"%d %d\n" % image.shape[:2])
    sys.stdout.buffer.write(np.ascontiguousarray(image).tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
