/** What the metric paid overall, judged against the margin that was declared. */
import { h, type Child } from "page/dom";
import type { Finding } from "page/findings";
import { interval, value } from "page/measured";
import * as numbers from "page/numbers";
import { figuresAbout, isOfErrors } from "page/overall";
import { written } from "page/units";
import { view, type Page } from "page/view";

interface Evidence {
  state: "lost" | "within_margin" | "open";
  sentence: string;
}
type Price = Finding<{ figure: string }, Evidence>;

const MARK = { lost: "▼", within_margin: "●", open: "○" };

function render(found: Price[], page: Page): Child {
  const { margin, level } = page.document.design;
  const { change, distance, distance_words } = written(page);
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
            isOfErrors(figuresAbout({}, page)) ? "improvement " : "change ",
            value(finding, "change", change),
            `${distance_words}, ${level * 100}% interval `,
            interval(finding, "change", change),
          ),
        ),
      ),
    ),
    margin === undefined
      ? null
      : h(
          "p",
          { class: "note" },
          `"Within the margin" needs the whole interval above a loss of ${numbers[distance](margin)}${distance_words}; "open" means that the rows are too few to say.`,
        ),
  ];
}

export default view<Price>("price", { section: "paid", order: 30, render });
