/** Groups in rows: who won, who lost, and what flipped. */
import { h, type Child } from "page/dom";
import { countFormat, interval, measured, value } from "page/measured";
import { table, type Column } from "page/table";
import { written } from "page/units";
import type { Page } from "page/view";
import type { GroupChange } from "./types";

const MARK = { won: "▲ gained", lost: "▼ lost", none: "no evidence", not_estimable: "not estimable" };

function outcomeCell({ evidence }: GroupChange): HTMLElement {
  return h("span", { class: `outcome ${evidence.outcome}` }, MARK[evidence.outcome]);
}

/** One row per group, in the order given, with everything that is known of its change. */
export function groupTable(caption: string, found: GroupChange[], page: Page): HTMLElement {
  const { level, correction } = page.document.design;
  const { format, change, distance } = written(page);
  const flips = found.some(({ evidence }) => evidence.won !== null);
  const right = (head: Child): Column => ({ head, numeric: true });
  const columns = [
    { head: "group" },
    right("n"),
    right("before"),
    right("after"),
    right("change"),
    right(`${level * 100}% interval`),
    ...(flips ? [right("won"), right("lost")] : []),
    right(`p (${correction})`),
    { head: "outcome" },
    right("largest loss not excluded"),
  ];
  const faces = countFormat(found.flatMap(({ evidence }) => [evidence.won, evidence.lost]));
  const rows = found.map((finding) => [
    finding.subject.group,
    measured(finding, "evidence.n", "count"),
    value(finding, "before", format),
    value(finding, "after", format),
    value(finding, "change", change),
    interval(finding, "change", change),
    ...(flips ? [measured(finding, "evidence.won", faces), measured(finding, "evidence.lost", faces)] : []),
    measured(finding, "p_adjusted", "pValue"),
    outcomeCell(finding),
    measured(finding, "evidence.largest_loss_not_excluded", distance),
  ]);
  return table(caption, columns, rows);
}

/** Which true classes flipped within each group, for groups whose rows are of more than one class. */
export function flipTable(found: GroupChange[]): Child {
  const mixed = found.filter(({ evidence }) => evidence.by_true_class.length > 1);
  if (mixed.length === 0) return null;
  const labels = [...new Set(mixed.flatMap(({ evidence }) => evidence.by_true_class.map(({ label }) => label)))];
  const format = countFormat(
    mixed.flatMap(({ evidence }) => evidence.by_true_class.flatMap(({ won, lost }) => [won, lost])),
  );
  const cell = (finding: GroupChange, label: string): Child => {
    const at = finding.evidence.by_true_class.findIndex((one) => one.label === label);
    if (at < 0) return "–";
    const count = (name: string): HTMLElement => measured(finding, `evidence.by_true_class.${at}.${name}`, format);
    return h("span", { class: "flips" }, count("won"), " / ", count("lost"));
  };
  return [
    h("h3", {}, "Which true classes flipped in the groups that gained or lost"),
    h("p", { class: "note" }, "Won / lost faces of each true class; exploratory."),
    table(
      "Faces won and lost by group and true class",
      [{ head: "group" }, ...labels.map((label) => ({ head: label, numeric: true }))],
      mixed.map((finding) => [finding.subject.group, ...labels.map((label) => cell(finding, label))]),
    ),
  ];
}

/** Thumbnails, which a document holds only where that was asked for and is allowed. */
export function pictures(found: GroupChange[]): Child {
  const shown = found.filter(({ evidence }) => evidence.pictures?.length);
  return shown.map(({ subject, evidence }) => [
    h("h3", {}, `Pictures of ${subject.group}`),
    h(
      "ul",
      { class: "pictures" },
      evidence.pictures
        ?.filter(({ image }) => image.startsWith("data:image/"))
        .map((picture) =>
          h(
            "li",
            {},
            h("img", { src: picture.image, alt: `Picture ${picture.id}`, loading: "lazy", width: 112, height: 112 }),
            h(
              "span",
              {},
              `${picture.direction === "lost" ? "▼ lost" : "▲ gained"}: ${picture.truth}; before ${picture.before}, after ${picture.after}`,
            ),
          ),
        ),
    ),
  ]);
}
