"""Says how much will be fetched before pip fetches a CUDA build of torch.

Asks pip what it would install (metadata only, nothing is downloaded) and the
index for the sizes. Silent when torch is there already or comes without CUDA.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request


def torch_requirement(requirements: pathlib.Path) -> str:
    """The line of the requirements file that pins torch."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return next(line.strip() for line in lines if line.startswith("torch=="))


def planned_downloads(requirement: str) -> dict[str, str]:
    """Name -> address of each wheel that pip would fetch for the requirement."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--report", "-", requirement]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {item["metadata"]["name"]: item["download_info"]["url"] for item in report["install"]}


def size_of(address: str) -> int | None:
    """Bytes behind an address, without fetching it; None when the server doesn't say."""
    try:
        request = urllib.request.Request(address, method="HEAD")
        with urllib.request.urlopen(request, timeout=20) as answer:
            length = answer.headers.get("Content-Length")
    except (urllib.error.URLError, OSError):
        return None
    return int(length) if length else None


def cuda_notice(downloads: dict[str, str], sizes: dict[str, int | None]) -> str | None:
    """The text to show, or None when nothing in the list belongs to CUDA."""
    cuda = sorted(name for name in downloads if name.lower().startswith(("nvidia-", "cuda-")))
    if not cuda:
        return None
    known = sum(size for size in sizes.values() if size)
    unknown = sum(size is None for size in sizes.values())
    more = f", and {unknown} files of unknown size" if unknown else ""
    return (
        f"torch comes with CUDA from your package index: {known / 1e9:.1f} GB will be fetched{more} "
        f"({len(cuda)} CUDA libraries).\n"
        "For a build without CUDA, stop now and install torch into .venv from an index that carries CPU wheels."
    )


def main() -> None:
    if importlib.util.find_spec("torch") is not None:
        return
    downloads = planned_downloads(torch_requirement(pathlib.Path("requirements.txt")))
    notice = cuda_notice(downloads, {name: size_of(address) for name, address in downloads.items()})
    if notice:
        print(notice, file=sys.stderr)


if __name__ == "__main__":
    main()
