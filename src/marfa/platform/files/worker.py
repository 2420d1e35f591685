"""Make a small picture from one that came from outside. Runs alone, in a process of its own.

Reads the picture from standard input; writes a line of JSON and then the new picture to
standard output. It knows nothing of Marfa, and where a sandbox is available it sees no file but
Python's own and no network. Run as a program: worker.py FORMAT PIXELS EDGE MEMORY SECONDS
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image


def limit_resources(memory: int, seconds: int) -> None:
    """Set before anything from outside is read; what goes beyond ends the process."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


def shrink_picture(
    data: bytes, form: str, pixels: int, edge: int
) -> tuple[dict[str, object], bytes]:
    """What to tell, and the new picture: at most ``edge`` wide and high, without metadata.

    form: the one format that is tried, as Pillow names it.
    """
    from PIL import Image, ImageFile, ImageOps

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = None  # the limit below comes before any decoding
    try:
        with Image.open(io.BytesIO(data), formats=[form]) as picture:
            if picture.width * picture.height > pixels:
                return {"refused": "pixels"}, b""
            if form == "JPEG":
                picture.draft("RGB", (edge, edge))  # decodes at a fraction of the size
            picture.load()
            # Indexed colours cannot be mixed.
            small = picture.convert("RGBA") if picture.mode in ("P", "1") else picture
            small.thumbnail((edge, edge))
            plain = flatten_picture(ImageOps.exif_transpose(small))
    except MemoryError:
        return {"refused": "bomb"}, b""
    except Exception as error:
        # Pillow says so where a compressed part of a picture unpacks to far too much.
        bomb = isinstance(error, Image.DecompressionBombError) or "ecompressed" in str(error)
        return {"refused": "bomb" if bomb else "unreadable"}, b""
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=82, optimize=True)
    return {"width": plain.width, "height": plain.height}, out.getvalue()


def flatten_picture(picture: Image.Image) -> Image.Image:
    """Only the pixels, on white: a new picture, so that nothing else comes along."""
    from PIL import Image

    with_alpha = picture.convert("RGBA")
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return plain


def main() -> None:
    form = sys.argv[1]
    pixels, edge, memory, seconds = map(int, sys.argv[2:6])
    limit_resources(memory, seconds)
    told, picture = shrink_picture(sys.stdin.buffer.read(), form, pixels, edge)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + picture)


if __name__ == "__main__":
    main()
