"""Every golden document and every kind's example.json obeys the schemas; every
kind has both. Run by ctest."""

import json
import pathlib
import unittest

import jsonschema
import referencing

HERE = pathlib.Path(__file__).parent
KINDS = HERE.parents[1] / "src/evenface/study/findings"
SCHEMAS = {path: json.loads(path.read_text()) for path in KINDS.rglob("*schema.json")}
REGISTRY = referencing.Registry().with_resources(
    (schema["$id"], referencing.Resource.from_contents(schema)) for schema in SCHEMAS.values()
)
FOLDERS = sorted(path.name for path in KINDS.iterdir() if path.is_dir())


def check(value, name):
    jsonschema.Draft202012Validator({"$ref": f"urn:evenface:findings:{name}"}, registry=REGISTRY).validate(value)


class Schemas(unittest.TestCase):
    def test_each_schema_is_valid_and_named_by_its_folder(self):
        for path, schema in SCHEMAS.items():
            jsonschema.Draft202012Validator.check_schema(schema)
            name = path.parent.name if path.name == "schema.json" else path.name.split(".")[0]
            self.assertEqual(schema["$id"], f"urn:evenface:findings:{name}")

    def test_each_kind_has_schema_view_and_an_example_of_itself(self):
        for kind in FOLDERS:
            with self.subTest(kind):
                for name in ("schema.json", "view.ts", "example.json"):
                    self.assertTrue((KINDS / kind / name).is_file(), name)
                example = json.loads((KINDS / kind / "example.json").read_text())
                self.assertEqual(example["kind"], kind)
                check(example, "finding")
                check(example, kind)

    def test_documents_obey_the_schemas(self):
        documents = sorted((HERE / "documents").glob("*.json"))
        self.assertGreaterEqual(len(documents), 3)
        for path in documents:
            document = json.loads(path.read_text())
            check(document, "document")
            ids = [finding["id"] for finding in document["findings"]]
            self.assertEqual(len(ids), len(set(ids)))
            for finding in document["findings"]:
                with self.subTest(path.name, id=finding["id"]):
                    check(finding, finding["kind"])

    def test_a_wrong_document_is_refused(self):
        example = json.loads((KINDS / "group_change" / "example.json").read_text())
        example["estimates"]["before"]["value"] = "31 %"
        with self.assertRaises(jsonschema.ValidationError):
            check(example, "group_change")


if __name__ == "__main__":
    unittest.main()
