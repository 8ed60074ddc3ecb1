import type { Finding } from "page/findings";
import { listed } from "page/numbers";
import type { Page } from "page/view";

interface Column {
  name: string;
  kind: "given" | "estimated" | "simulated";
  by: string;
}

const HOW = { given: "assigned by", estimated: "estimated by", simulated: "drawn by" };

/** Who put people into the groups, one sentence per data set, as far as the findings say. */
export function assignedBy(page: Page): string[] {
  const sets = page
    .all<Finding<object, { data_sets: { name: string; columns: Column[] }[] }>>("provenance")
    .flatMap(({ evidence }) => evidence.data_sets);
  const { by } = page.document.design;
  const sentences = sets
    .map(({ columns }) => {
      const known = by
        .map((attribute) =>
          columns.find(
            ({ name }) => name === attribute || name === `attr.${attribute}` || name === `label.${attribute}`,
          ),
        )
        .filter((column): column is Column => column !== undefined);
      const hows = [...new Set(known.map((column) => `${HOW[column.kind]} ${column.by}`))];
      const names = (how: string): string[] =>
        known
          .filter((column) => `${HOW[column.kind]} ${column.by}` === how)
          .map(({ name }) => name.replace(/^(attr|label)\./, ""));
      return hows.map((how) => `${listed(names(how))} ${how}`).join("; ");
    })
    .filter(Boolean);
  return sentences.length
    ? sentences.map((sentence) => `Groups are annotated, not self-reported: ${sentence}.`)
    : ["Who assigned the groups is not recorded. Read them as perceived, not as self-reported."];
}
