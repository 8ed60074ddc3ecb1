"""Fails when a file includes what its module may not.

Modules: a file of src/evenface/<module> includes its own module and those that
the build declares for it (modules.json, written by cmake). Third parties: each
belongs to the modules named below, so that it can be exchanged in one place.

usage: include_rules.py --modules build/release/modules.json [--source src/evenface]
"""

import argparse
import json
import pathlib
import re
import sys
from collections.abc import Iterator

EVERYWHERE = None
# Prefix of an include -> the modules that may use it. The longest prefix decides.
THIRD_PARTIES: dict[str, frozenset[str] | None] = {
    "arrow/": frozenset({"table"}),
    "parquet/": frozenset({"table"}),
    "opencv2/": frozenset({"image"}),
    "turbojpeg.h": frozenset({"image"}),
    "jpeglib.h": frozenset({"image"}),
    "jerror.h": frozenset({"image"}),
    "libexif/": frozenset({"image"}),
    "webp/": frozenset({"image"}),
    "torch/": frozenset({"net", "infer", "train", "matrix", "synth"}),
    "ATen/": frozenset({"net", "infer", "train", "matrix", "synth"}),
    "c10/": frozenset({"net", "infer", "train", "matrix", "synth"}),
    "openvino/": frozenset({"net", "synth"}),
    "boost/": frozenset({"stats"}),
    "CLI/": frozenset({"cli"}),
    "toml++/": frozenset({"cli"}),
    "spdlog/": frozenset({"core"}),
    "xxhash.h": frozenset({"core"}),
    "openssl/": frozenset({"core"}),
    "httplib.h": frozenset({"report"}),
    "fmt/": EVERYWHERE,
    "nlohmann/": EVERYWHERE,
}
IN_TESTS = ("gtest/", "gmock/", "rapidcheck")
POSIX = re.compile(
    r"(sys/|linux/|netinet/|arpa/)\w+\.h|(unistd|fcntl|dirent|dlfcn|poll|pthread|sched|signal|spawn|termios)\.h"
)
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.MULTILINE)
# It costs over ten seconds in each file that includes it.
COSTLY, COSTLY_FILES = "torch/torch.h", 5


def violation_of(included: str, quoted: bool, module: str, is_test: bool, modules: dict[str, list[str]]) -> str | None:
    """Why a file of `module` may not include this, or None."""
    if quoted:
        parts = included.split("/")
        if parts[0] != "evenface" or len(parts) < 3:
            return f'own headers are included as "evenface/<module>/<file>", not "{included}"'
        if parts[1] != module and parts[1] not in modules[module]:
            return f"{module} may include {', '.join(modules[module]) or 'no other module'}, not {parts[1]}"
        return None
    if "/" not in included and not included.endswith(".h"):
        return None
    if is_test and included.startswith(IN_TESTS):
        return None
    owners = [prefix for prefix in THIRD_PARTIES if included.startswith(prefix)]
    if owners:
        allowed = THIRD_PARTIES[max(owners, key=len)]
        if allowed is EVERYWHERE or module in allowed:
            return None
        return f"<{included}> belongs to {', '.join(sorted(allowed))}; {module} may not include it"
    if POSIX.fullmatch(included):
        return None
    return f"<{included}> is a third party that tests/include_rules.py doesn't know; add it there with its module"


def includes_of(text: str) -> Iterator[tuple[int, str, bool]]:
    """Line number, name and quotedness of every include in a source text."""
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start(match.lastindex)) + 1
        yield line, match.group(match.lastindex), match.lastindex == 2


def violations(source: pathlib.Path, modules: dict[str, list[str]]) -> list[str]:
    """All violations below the folder, as `path:line: why`."""
    found, costly = [], []
    for path in sorted(p for p in source.rglob("*") if p.suffix in (".h", ".cpp", ".inc")):
        module = path.relative_to(source).parts[0]
        if module not in modules:
            found.append(f"{path}:1: no module {module} is declared in CMakeLists.txt")
            continue
        is_test = path.name.endswith("_test.cpp") or path.name.endswith("_test.h")
        for line, included, quoted in includes_of(path.read_text(encoding="utf-8")):
            why = violation_of(included, quoted, module, is_test, modules)
            if why:
                found.append(f"{path}:{line}: {why}")
            if included == COSTLY and path.suffix == ".h":
                found.append(f"{path}:{line}: <{COSTLY}> costs over ten seconds in each file: no header may include it")
            elif included == COSTLY:
                costly.append(f"{path}:{line}")
    if len(costly) > COSTLY_FILES:
        found.append(f"<{COSTLY}> is included by {len(costly)} files, at most {COSTLY_FILES} may: {', '.join(costly)}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, default=pathlib.Path("src/evenface"))
    options = parser.parse_args()
    found = violations(options.source, json.loads(options.modules.read_text(encoding="utf-8")))
    print("\n".join(found) if found else "every include is allowed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
