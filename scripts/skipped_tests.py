"""Lists the tests that ctest skipped, with the reason that each test printed.

usage: skipped_tests.py <file written by ctest --output-junit>
"""

import re
import sys
import xml.etree.ElementTree as ElementTree


def reason_of(output: str) -> str:
    """What a skipped test said: GoogleTest's line after `Skipped`, unittest's `skipped '...'`, or its last line."""
    said = re.search(r"Skipped\n(.+?)\n", output) or re.search(r"skipped ['\"](.+?)['\"]\n", output)
    if said:
        return said.group(1).strip()
    lines = [line for line in output.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no reason given"


def skipped_tests(junit_file: str) -> dict[str, str]:
    """Name of each skipped test -> its reason."""
    cases = ElementTree.parse(junit_file).getroot().iter("testcase")
    return {
        case.get("name", "?"): reason_of(case.findtext("system-out", ""))
        for case in cases
        if case.find("skipped") is not None
    }


def main() -> None:
    skipped = skipped_tests(sys.argv[1])
    by_reason: dict[str, list[str]] = {}
    for name, reason in skipped.items():
        by_reason.setdefault(reason, []).append(name)
    for reason, names in sorted(by_reason.items()):
        print(f"skipped, {reason}: {', '.join(names)}")
    if not skipped:
        print("no test was skipped")


if __name__ == "__main__":
    main()
