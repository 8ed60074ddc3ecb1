import { h, type Child } from "page/dom";

export interface Column {
  head: Child;
  /** Numbers stand to the right. */
  numeric?: boolean;
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
    index === 0
      ? h("th", { scope: "row" }, content)
      : h("td", { class: columns[index]?.numeric ? "numeric" : null }, content);
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
          columns.map((column) => h("th", { scope: "col", class: column.numeric ? "numeric" : null }, column.head)),
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
