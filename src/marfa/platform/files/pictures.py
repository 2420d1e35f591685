"""Previews of pictures; making one is also the check that the picture is one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from marfa.platform.files import sandbox
from marfa.platform.files.errors import TooLargeError, TypeRefusedError, build_refusal
from marfa.platform.files.kinds import FileKind

HIGHEST_PIXELS = 120_000_000
EDGE = 1600
MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 20
WALL_SECONDS = 60
MEDIA_TYPE = "image/jpeg"
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
}


@dataclass(frozen=True)
class Preview:
    """A picture made anew: JPEG, no metadata. isolated: see ``sandbox``."""

    data: bytes
    width: int
    height: int
    isolated: bool


def make_preview(contents: sandbox.Chunked, kind: FileKind, *, edge: int = EDGE) -> Preview:
    """Decode and draw anew; raises InputError for bombs and for what cannot be read.

    edge: pixels of the longest side at most.

    A picture in another format than declared is not tried: Pillow is given that one alone.
    """
    limits = (HIGHEST_PIXELS, edge, MEMORY, CPU_SECONDS)
    arguments = [FORMATS[kind.media_type], *map(str, limits)]
    answer = sandbox.run_in_sandbox(arguments, contents, seconds=WALL_SECONDS)
    if answer.output is None:
        raise build_refusal(TooLargeError, "bomb")
    line, _, data = answer.output.partition(b"\n")
    told = json.loads(line)
    match told.get("refused"):
        case None:
            return Preview(data, told["width"], told["height"], answer.isolated)
        case "pixels":
            raise build_refusal(
                TooLargeError, "too-many-pixels", highest=HIGHEST_PIXELS // 1_000_000
            )
        case "bomb":
            raise build_refusal(TooLargeError, "bomb")
        case _:
            raise build_refusal(TypeRefusedError, "picture-damaged")
