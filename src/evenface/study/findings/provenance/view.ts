/** Everything that is needed to do it again, and who said what about whom. */
import { h, type Child } from "page/dom";
import type { Finding } from "page/findings";
import { listed } from "page/numbers";
import { table } from "page/table";
import { view, type Page } from "page/view";

interface DataSet {
  name: string;
  licence: string;
  citation: string;
  consent: string;
  columns: { name: string; kind: "given" | "estimated" | "simulated"; by: string; error?: string }[];
}
interface Evidence {
  command: string;
  config: object | string;
  seeds: number[];
  inputs: { name: string; path: string; hash: string }[];
  versions: Record<string, string>;
  machine?: string;
  data_sets: DataSet[];
}
type Provenance = Finding<object, Evidence>;

const KIND = { given: "given", estimated: "estimated by a model", simulated: "simulated" };

function dataSet(set: DataSet): Child {
  return [
    h("h3", {}, set.name),
    h(
      "dl",
      { class: "pairs" },
      h("dt", {}, "licence"),
      h("dd", {}, set.licence),
      h("dt", {}, "citation"),
      h("dd", {}, set.citation),
      h("dt", {}, "consent"),
      h("dd", {}, set.consent),
    ),
    set.columns.length
      ? table(
          `Columns of ${set.name} and who assigned them`,
          [{ head: "column" }, { head: "kind" }, { head: "assigned by" }, { head: "known error" }],
          set.columns.map((column) => [
            column.name,
            h("span", { class: column.kind === "estimated" ? "badge" : null }, KIND[column.kind]),
            column.by,
            column.error ?? "not stated",
          ]),
        )
      : null,
  ];
}

function one({ evidence }: Provenance, page: Page): Child {
  const config = typeof evidence.config === "string" ? evidence.config : JSON.stringify(evidence.config, null, 2);
  const versions = Object.entries(evidence.versions).map(([name, version]) => `${name} ${version}`);
  return [
    h("p", {}, "The command:"),
    h("pre", { tabindex: 0, "aria-label": "Command" }, h("code", {}, evidence.command)),
    h(
      "dl",
      { class: "pairs" },
      h("dt", {}, "seeds"),
      h("dd", {}, evidence.seeds.length ? evidence.seeds.join(", ") : "none: nothing was trained here"),
      h("dt", {}, "versions"),
      h("dd", {}, listed(versions)),
      evidence.machine ? [h("dt", {}, "machine"), h("dd", {}, evidence.machine)] : null,
      h("dt", {}, "made"),
      h("dd", {}, page.document.made.time),
    ),
    h(
      "details",
      {},
      h("summary", {}, "Configuration, all options resolved"),
      h("pre", { tabindex: 0, "aria-label": "Configuration" }, h("code", {}, config)),
    ),
    evidence.inputs.length
      ? table(
          "Input files",
          [{ head: "input" }, { head: "path" }, { head: "hash" }],
          evidence.inputs.map((input) => [input.name, h("code", {}, input.path), h("code", {}, input.hash)]),
        )
      : null,
    evidence.data_sets.map(dataSet),
  ];
}

export default view<Provenance>("provenance", {
  section: "repeat",
  order: 0,
  render: (found, page) => found.map((finding) => one(finding, page)),
});
