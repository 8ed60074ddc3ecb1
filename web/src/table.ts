import { h, type Child } from "page/dom";

export interface Column {
  head: Child;
  /** Numbers stand to the right. */
  numeric?: boolean;
  /** Sentences need width; the table scrolls rather than breaking them word by word. */
  wordy?: boolean;
}

function classOf(column: Column | undefined): string | null {
  return column?.numeric ? "numeric" : column?.wordy ? "wordy" : null;
}

/** A table that scrolls sideways in its own box when the window is narrow. The first
 * cell of each row is its heading. */
export function table(
  caption: string,
  columns: Column[],
  rows: Child[][],
  attributes: { class?: string } = {},
): HTMLElement {
  const cell = (content: Child, index: number): HTMLElement =>
    index === 0 ? h("th", { scope: "row" }, content) : h("td", { class: classOf(columns[index]) }, content);
  return h(
    "div",
    { class: `table-box ${attributes.class ?? ""}`.trim(), role: "region", "aria-label": caption, tabindex: 0 },
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((column) => h("th", { scope: "col", class: classOf(column) }, column.head)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) => h("tr", {}, row.map(cell))),
      ),
    ),
  );
}
