/** One model's figures over all groups. */
import { h, type Child } from "page/dom";
import { hasInterval, type Finding } from "page/findings";
import { interval, value, type Format } from "page/measured";
import { view, type Page } from "page/view";

type OverallRate = Finding<{ figure: string }, { note: string; group?: string }>;

function format(figure: string): Format {
  return figure === "gap" || figure === "spread over groups" ? "plainPoints" : "percent";
}

function card(finding: OverallRate, page: Page): HTMLElement {
  const { figure } = finding.subject;
  const unit = format(figure) === "plainPoints" ? " points" : "";
  return h(
    "li",
    { class: "card" },
    h("h3", {}, figure),
    h("p", { class: "levels" }, value(finding, "rate", format(figure)), unit),
    h("p", { class: "change" }),
    h(
      "p",
      { class: "aside" },
      hasInterval(finding.estimates["rate"])
        ? [`${page.document.design.level * 100}% interval `, interval(finding, "rate", format(figure))]
        : "no interval given",
    ),
    h("p", { class: "aside" }, finding.evidence.group),
    h("p", { class: "meaning" }, finding.evidence.note),
  );
}

function render(found: OverallRate[], page: Page): Child {
  return h(
    "ul",
    { class: "cards", "aria-label": "Overall figures" },
    found.map((finding) => card(finding, page)),
  );
}

export default view<OverallRate>("overall_rate", { section: "verdict", order: 10, render });
