"""The machine and this process on it: memory, processor, disk."""

import os
import resource
import shutil
from contextlib import suppress
from pathlib import Path


def rss_bytes() -> int:
    """What the process holds now; where the system does not say, the most that it ever held."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])        # proc(5): resident pages
        return pages * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def cpu_seconds() -> float:
    """What the process has computed so far."""
    times = os.times()
    return times.user + times.system


def load() -> tuple[float, float, float]:
    """Of the machine, over one, five and fifteen minutes; zeros where the system does not say."""
    try:
        return os.getloadavg()
    except OSError:
        return (0.0, 0.0, 0.0)


def memory_bytes() -> tuple[int, int]:
    """(all there is, what is free for programs) on the machine; zeros where the system does not say."""
    with suppress(OSError, KeyError, ValueError):
        entries = Path("/proc/meminfo").read_text().splitlines()              # proc(5): in kB
        said = {entry.split(":")[0]: int(entry.split()[1]) * 1024 for entry in entries if len(entry.split()) > 1}
        return said["MemTotal"], said["MemAvailable"]
    return 0, 0


def disk_bytes(folder: str) -> tuple[int, int]:
    """(size, what is free) of the disk that the folder is on, or will be."""
    path = Path(folder).resolve()
    while not path.exists():
        path = path.parent
    usage = shutil.disk_usage(path)
    return usage.total, usage.free


def folder_bytes(folder: str) -> int:
    """What lies in the folder, without folders in it; 0 where there is none."""
    try:
        return sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file())
    except OSError:
        return 0


def spelled(count: float) -> str:
    """A number of bytes for people: 15.2MB."""
    for unit in ("B", "KB", "MB", "GB"):
        if count < 1024:
            return f"{count:.0f}{unit}" if unit == "B" else f"{count:.1f}{unit}"
        count /= 1024
    return f"{count:.1f}TB"


def lasted(seconds: float) -> str:
    """A time for people: 5d 12h 30m."""
    minutes = int(seconds) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    return f"{days}d {hours}h {minutes % 60}m" if days else f"{hours}h {minutes % 60}m"
