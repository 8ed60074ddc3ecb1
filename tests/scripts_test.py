"""The scripts of `make setup` and `make test` whose mistakes would stay unseen."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import skipped_tests  # noqa: E402
import torch_size  # noqa: E402


class Scratch(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name: str, text: str, mode: int = 0o644) -> pathlib.Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path


class DebianPackages(Scratch):
    """scripts/debian.sh with a package data base of its own."""

    def run_script(self, uid: int = 1000) -> subprocess.CompletedProcess[str]:
        packages = self.write(
            "list.txt", "# why\nhave-this\nneed-this  # because\nneed-node  sh\nneed-npm  no-such-npm\n"
        )
        self.write("dpkg-query", '#!/bin/sh\n[ "$3" = have-this ] && printf installed\n', 0o755)
        self.write("id", f"#!/bin/sh\necho {uid}\n", 0o755)
        self.write("apt-get", '#!/bin/sh\necho "apt-get $*"\n', 0o755)
        path = f"{self.folder}:{os.environ['PATH']}"
        command = [ROOT / "scripts/debian.sh", packages]
        return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)

    def test_without_root_the_line_to_run_is_printed(self) -> None:
        done = self.run_script()
        self.assertEqual(done.returncode, 2)
        line = "apt-get update && apt-get install -y --no-install-recommends need-this need-npm\n"
        self.assertTrue(done.stderr.endswith(line), done.stderr)

    def test_root_installs_only_what_is_missing(self) -> None:
        done = self.run_script(uid=0)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("apt-get install -qy --no-install-recommends need-this need-npm\n", done.stdout)


class TorchSize(unittest.TestCase):
    def test_cuda_is_told_with_its_size(self) -> None:
        downloads = {"torch": "a", "nvidia-cublas": "b", "nvidia-cudnn-cu13": "c"}
        notice = torch_size.cuda_notice(downloads, {"torch": 900_000_000, "nvidia-cublas": 600_000_000, "x": None})
        self.assertIn("1.5 GB", notice)
        self.assertIn("2 CUDA libraries", notice)
        self.assertIn("1 files of unknown size", notice)

    def test_without_cuda_nothing_is_said(self) -> None:
        self.assertIsNone(torch_size.cuda_notice({"torch": "a", "numpy": "b"}, {"torch": 200_000_000}))

    def test_the_pin_is_found(self) -> None:
        self.assertRegex(torch_size.torch_requirement(ROOT / "requirements.txt"), r"^torch==\d+\.\d+\.\d+$")


class SkippedTests(Scratch):
    def test_each_is_listed_with_its_own_reason(self) -> None:
        junit = """<testsuite>
          <testcase name="passes"><system-out>fine</system-out></testcase>
          <testcase name="gtest"><skipped message="x"/><system-out>[ RUN      ] a
/src/a_test.cpp:3: Skipped
EVENFACE_SHARED is unset

[  SKIPPED ] a</system-out></testcase>
          <testcase name="unittest"><skipped message="x"/><system-out>b ... skipped 'no browser'
OK</system-out></testcase></testsuite>"""
        found = skipped_tests.skipped_tests(str(self.write("tests.xml", junit)))
        self.assertEqual(found, {"gtest": "EVENFACE_SHARED is unset", "unittest": "no browser"})


if __name__ == "__main__":
    unittest.main()
