"""Plants forbidden includes and expects each to be caught, at its line."""

import pathlib
import tempfile
import unittest

import include_rules

MODULES = {"core": [], "table": ["core"], "net": ["core"], "image": ["core"]}


class PlantedIncludes(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source = pathlib.Path(folder.name)

    def plant(self, name: str, text: str) -> list[str]:
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return include_rules.violations(self.source, MODULES)

    def test_what_is_declared_passes(self) -> None:
        text = '#include "evenface/table/table.h"\n#include <arrow/api.h>\n#include <vector>\n#include <unistd.h>\n'
        self.assertEqual(self.plant("table/table.cpp", text + '#include "evenface/core/error.h"\n'), [])

    def test_a_module_that_is_not_declared_is_caught(self) -> None:
        found = self.plant("core/error.cpp", '#include <string>\n\n#include "evenface/table/table.h"\n')
        self.assertEqual(len(found), 1)
        self.assertIn("core/error.cpp:3: core may include no other module, not table", found[0])

    def test_spaces_do_not_hide_an_include(self) -> None:
        self.assertEqual(len(self.plant("core/a.h", '  #  include   "evenface/net/graph.h"\n')), 1)

    def test_a_third_party_of_another_module_is_caught(self) -> None:
        self.assertIn("belongs to table", self.plant("core/a.cpp", "#include <arrow/table.h>\n")[0])
        self.assertIn("belongs to image", self.plant("core/a.cpp", "#include <opencv2/core.hpp>\n")[0])

    def test_an_unknown_third_party_is_caught(self) -> None:
        self.assertIn("doesn't know", self.plant("core/a.cpp", "#include <eigen3/Eigen/Dense>\n")[0])

    def test_test_libraries_stay_in_tests(self) -> None:
        self.assertEqual(self.plant("core/a_test.cpp", "#include <gtest/gtest.h>\n"), [])
        self.assertEqual(len(self.plant("core/a.cpp", "#include <gtest/gtest.h>\n")), 1)

    def test_relative_includes_are_caught(self) -> None:
        self.assertIn("own headers", self.plant("core/a.cpp", '#include "error.h"\n')[0])

    def test_a_folder_that_is_no_module_is_caught(self) -> None:
        self.assertIn("no module", self.plant("helpers/a.cpp", "")[0])

    def test_torch_stays_out_of_headers_and_in_five_files(self) -> None:
        self.assertIn("no header", self.plant("net/a.h", "#include <torch/torch.h>\n")[0])
        (self.source / "net/a.h").unlink()
        for i in range(5):
            self.assertEqual(self.plant(f"net/m{i}.cpp", "#include <torch/torch.h>\n"), [])
        self.assertIn("by 6 files", self.plant("net/m5.cpp", "#include <torch/torch.h>\n")[0])


if __name__ == "__main__":
    unittest.main()
