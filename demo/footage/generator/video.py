"""H.264 files by x264: what a network camera would send, and players and packetisers read without trouble."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from .arrays import Array


def encode(pictures: Iterable[Array], target: Path, width: int, height: int, fps: int, kilobits: int, scratch: Path) -> None:
    """Writes an MP4: high profile, yuv420p, a closed group of two seconds at most, no B-frames, `kilobits` a second on average.

    Two passes over a raw file in `scratch`, one thread, so that the same pictures give the same bytes with the same x264.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    raw = scratch / f"{target.stem}.rgb"
    with raw.open("wb") as file:
        for picture in pictures:
            file.write(picture.tobytes())
    options = f"keyint={2 * fps}:min-keyint={2 * fps}:scenecut=0:open-gop=0:bframes=0:threads=1:stats={scratch / target.stem}.stats"
    common = [
        "ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps), "-i", str(raw),
        "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", "-c:v", "libx264", "-preset", "slow", "-profile:v", "high", "-x264-params", options,
        "-b:v", f"{kilobits}k", "-maxrate", f"{2 * kilobits}k", "-bufsize", f"{2 * kilobits}k", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1",
    ]
    subprocess.run([*common, "-pass", "1", "-passlogfile", str(scratch / target.stem), "-f", "null", "-"], check=True)
    subprocess.run([*common, "-pass", "2", "-passlogfile", str(scratch / target.stem), "-movflags", "+faststart", str(target)], check=True)
    raw.unlink()
