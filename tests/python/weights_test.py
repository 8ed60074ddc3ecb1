"""Conversion of real .pth files, written by PyTorch itself."""

import contextlib
import hashlib
import io
import json
import os
import pickle
import tempfile
import unittest
from pathlib import Path

import torch
from safetensors import safe_open

from evenface import weights


class Code:
    """Unpickling it would make a file: what weights_only must prevent."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (str(self.path),))


class Conversion(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.output = self.folder / "out" / "w.safetensors"

    def state(self, architecture: str, classes: int = 1000) -> dict[str, torch.Tensor]:
        """A state dict of that network with numbers drawn from a seed."""
        generator = torch.Generator().manual_seed(3)
        state = {}
        for name, shape in weights.architectures()[architecture].items():
            if name.startswith(("fc.", "classifier.")):
                shape = [classes, *shape[1:]]
            state[name] = torch.randn(shape, generator=generator) if shape else torch.tensor(7)
        return state

    def saved(self, content: object, name: str = "in.pth") -> Path:
        torch.save(content, self.folder / name)
        return self.folder / name

    def run_convert(self, source: Path, architecture: str) -> tuple[int, str]:
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
            code = weights.main(["convert", str(source), "--architecture", architecture, "-o", str(self.output)])
        return code, errors.getvalue()

    def assert_refused(self, source: Path, architecture: str, *parts: str) -> None:
        code, text = self.run_convert(source, architecture)
        self.assertEqual(code, 2, text)
        for part in parts:
            self.assertIn(part, text)
        self.assertFalse(self.output.exists())
        self.assertEqual(list(self.folder.glob("**/*.partial")), [])

    def assert_converted(self, source: Path, architecture: str, expected: dict[str, torch.Tensor], by: str) -> None:
        code, text = self.run_convert(source, architecture)
        self.assertEqual(code, 0, text)
        with safe_open(self.output, framework="pt") as file:
            self.assertEqual(set(file.keys()), set(expected))
            for name, value in expected.items():
                self.assertTrue(torch.equal(file.get_tensor(name), value), name)
            notes = file.metadata()
        self.assertEqual(notes["architecture"], architecture)
        self.assertEqual(notes["source"], source.name)
        self.assertEqual(notes["source_sha256"], hashlib.sha256(source.read_bytes()).hexdigest())
        self.assertEqual(notes["matched_by"], by)

    def test_by_name(self) -> None:
        for architecture in weights.architectures():
            state = self.state(architecture)
            self.assert_converted(self.saved(state), architecture, state, "name")

    def test_other_number_of_classes_wrapped_and_prefixed(self) -> None:
        state = self.state("resnet18", classes=9)
        wrapped = {"epoch": 3, "state_dict": {f"module.{name}": value for name, value in state.items()}}
        self.assert_converted(self.saved(wrapped), "resnet18", state, "name")

    def test_old_files_without_counts(self) -> None:
        state = {k: v for k, v in self.state("resnet18").items() if not k.endswith("num_batches_tracked")}
        self.assert_converted(self.saved(state), "resnet18", state, "name")

    def test_half_precision_is_widened(self) -> None:
        state = {k: v.half() if v.is_floating_point() else v for k, v in self.state("resnet18").items()}
        expected = {k: v.float() if v.is_floating_point() else v for k, v in state.items()}
        self.assert_converted(self.saved(state), "resnet18", expected, "name")

    def test_same_input_gives_the_same_bytes(self) -> None:
        source = self.saved(self.state("resnet18"))
        digests = set()
        for _ in range(5):
            self.assertEqual(self.run_convert(source, "resnet18")[0], 0)
            digests.add(hashlib.sha256(self.output.read_bytes()).hexdigest())
        self.assertEqual(len(digests), 1)

    def test_published_lite0_by_order(self) -> None:
        try:
            source, _origin = weights.packaged_lite0()
        except weights.WeightsError as error:
            self.skipTest(str(error))
        theirs = torch.load(source, weights_only=True)
        names = weights.architectures()["efficientnet_lite0"]
        self.assert_converted(source, "efficientnet_lite0", dict(zip(names, theirs.values(), strict=True)), "order")
        self.output.unlink()
        self.assert_refused(source, "resnet18", "not the weights of resnet18")

    def test_order_is_refused_when_kinds_differ(self) -> None:
        state = list(self.state("efficientnet_lite0").items())
        names = [f"_{name}" for name, _ in state]
        names[1], names[2] = names[2], names[1]  # scale and offset of a batch norm: the same shape
        swapped = dict(zip(names, (value for _, value in state), strict=True))
        self.assert_refused(self.saved(swapped), "efficientnet_lite0", "missing: conv_stem.weight")

    def test_wrong_architecture_names_the_right_one(self) -> None:
        source = self.saved(self.state("resnet18"))
        self.assert_refused(source, "efficientnet_lite0", "missing", "unexpected", "use --architecture resnet18")

    def test_wrong_shape(self) -> None:
        state = self.state("resnet18")
        state["layer1.0.conv1.weight"] = torch.zeros(64, 64, 1, 1)
        self.assert_refused(
            self.saved(state), "resnet18", "layer1.0.conv1.weight is [64, 64, 1, 1], not [64, 64, 3, 3]"
        )

    def test_truncated(self) -> None:
        source = self.saved(self.state("resnet18"))
        whole = source.read_bytes()
        for size in (0, 1, 100, len(whole) // 2, len(whole) - 1):
            source.write_bytes(whole[:size])
            self.assert_refused(source, "resnet18", str(source))

    def test_code_is_not_run(self) -> None:
        trace = self.folder / "ran"
        source = self.saved({"fc.weight": torch.zeros(2), "extra": Code(trace)})
        self.assert_refused(source, "resnet18", "nothing in it was run")
        source.write_bytes(pickle.dumps(Code(trace)))
        self.assert_refused(source, "resnet18", "nothing in it was run")
        self.assertFalse(trace.exists())

    def test_no_state_dict(self) -> None:
        for content in ([torch.zeros(1)], {}, {"epoch": 3}, torch.zeros(3)):
            self.assert_refused(self.saved(content), "resnet18", "state dict")
        self.assert_refused(self.folder / "absent.pth", "resnet18", "absent.pth", "can't read")

    def test_numbers_that_are_not_finite(self) -> None:
        state = self.state("resnet18")
        state["fc.bias"][3] = float("nan")
        self.assert_refused(self.saved(state), "resnet18", "fc.bias", "not finite")

    def test_earlier_output_survives_a_failure(self) -> None:
        source = self.saved(self.state("resnet18"))
        self.assertEqual(self.run_convert(source, "resnet18")[0], 0)
        before = self.output.read_bytes()
        source.write_bytes(b"broken")
        self.assertEqual(self.run_convert(source, "resnet18")[0], 2)
        self.assertEqual(self.output.read_bytes(), before)

    def test_unwritable_folder(self) -> None:
        source = self.saved(self.state("resnet18"))
        (self.folder / "out").write_text("a file where the folder should be")
        code, text = self.run_convert(source, "resnet18")
        self.assertEqual(code, 2, text)
        self.assertIn("can't write", text)

    def test_header_is_sorted_json(self) -> None:
        self.run_convert(self.saved(self.state("resnet18")), "resnet18")
        data = self.output.read_bytes()
        length = int.from_bytes(data[:8], "little")
        self.assertEqual(length % 8, 0)
        header = json.loads(data[8 : 8 + length])
        self.assertEqual(list(header), sorted(header))


if __name__ == "__main__":
    unittest.main()
