/** What the metric paid overall, judged against the margin that was declared. */
import { h, type Child } from "page/dom";
import type { Finding } from "page/findings";
import { interval, value } from "page/measured";
import { plainPoints } from "page/numbers";
import { view, type Page } from "page/view";

interface Evidence {
  state: "lost" | "within_margin" | "open";
  sentence: string;
}
type Price = Finding<{ figure: string }, Evidence>;

const MARK = { lost: "▼", within_margin: "●", open: "○" };

function render(found: Price[], page: Page): Child {
  const { margin, level } = page.document.design;
  return [
    h("h3", {}, `The price in ${page.document.design.metric}`),
    h(
      "ul",
      { class: "prices" },
      found.map((finding) =>
        h(
          "li",
          { class: finding.evidence.state },
          h(
            "p",
            { class: "state" },
            h("span", { "aria-hidden": "true" }, MARK[finding.evidence.state]),
            ` ${page.document.design.metric} ${finding.subject.figure}`,
          ),
          h("p", {}, finding.evidence.sentence),
          h(
            "p",
            { class: "aside" },
            "change ",
            value(finding, "change", "points"),
            ` points, ${level * 100}% interval `,
            interval(finding, "change", "points"),
          ),
        ),
      ),
    ),
    margin === undefined
      ? null
      : h(
          "p",
          { class: "note" },
          `"Within the margin" needs the whole interval above a loss of ${plainPoints(margin)} points; "open" means that the rows are too few to say.`,
        ),
  ];
}

export default view<Price>("price", { section: "paid", order: 30, render });
