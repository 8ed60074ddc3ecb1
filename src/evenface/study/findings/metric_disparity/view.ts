/** All metrics and crossings at a glance: how far groups lie apart, beside what chance alone gives. */
import { h, type Child } from "page/dom";
import { isEstimable } from "page/findings";
import type { Disparity } from "page/group_figures";
import { measured, value, type Format } from "page/measured";
import { listed, plural } from "page/numbers";
import { table } from "page/table";
import { UNITS } from "page/units";
import { view, type Page } from "page/view";

function isDeclared({ subject }: Disparity, page: Page): boolean {
  const { metric, by } = page.document.design;
  return subject.metric === metric && JSON.stringify(subject.by) === JSON.stringify(by);
}

function row(finding: Disparity, page: Page): Child[] {
  const { subject, evidence } = finding;
  const { distance } = UNITS[evidence.unit];
  const dagger = evidence.depends_on_prevalence ? " †" : "";
  return [
    `${subject.metric}${dagger}${isDeclared(finding, page) ? " (declared)" : ""}`,
    listed(subject.by),
    measured(finding, "evidence.groups", "count"),
    value(finding, "gap", distance),
    figure(finding, "null_mean", distance),
    figure(finding, "null_q95", distance),
    measured(finding, "p", "pValue"),
    figure(finding, "ratio", "decimal"),
    figure(finding, "sd", distance),
    figure(finding, "sd_corrected", distance),
    evidence.lowest ?? "–",
    evidence.highest ?? "–",
  ];
}

/** A dash where there is no figure; the reason stands below the table. */
function figure(finding: Disparity, name: string, format: Format): Child {
  return isEstimable(finding.estimates[name]) ? value(finding, name, format) : h("span", { class: "absent" }, "–");
}

const FIGURES = { gap: "gap", null_mean: "chance level", ratio: "ratio", sd: "SD", sd_corrected: "corrected SD" };

/** What is not estimable, and why: each reason once, since reasons do not fit a column of numbers. */
function reasons(found: Disparity[]): Child {
  const of = new Map<string, string[]>();
  for (const { subject, estimates } of found)
    for (const [name, word] of Object.entries(FIGURES)) {
      const estimate = estimates[name];
      // Without a gap nothing else is known either.
      if (!estimate || isEstimable(estimate) || (name !== "gap" && !isEstimable(estimates["gap"]))) continue;
      const what = `${name === "gap" ? "" : `${word} of `}${subject.metric} by ${listed(subject.by)}`;
      of.set(estimate.reason, [...(of.get(estimate.reason) ?? []), what]);
    }
  if (of.size === 0) return null;
  return h(
    "ul",
    { class: "sentences note" },
    [...of].map(([reason, what]) => h("li", {}, `${listed(what)}: ${reason}`)),
  );
}

const PREVALENCE = "moves with how common the class is in a group";

function render(found: Disparity[], page: Page): Child {
  const known = found.filter(({ estimates }) => isEstimable(estimates["gap"]));
  const sorted = [...known].sort((a, b) => Number(isDeclared(b, page)) - Number(isDeclared(a, page)));
  const right = (head: string): { head: string; numeric: boolean } => ({ head, numeric: true });
  const beyond = found.filter(({ p, test }) => p !== null && p < (test?.level ?? 0)).length;
  return h(
    "details",
    {},
    h(
      "summary",
      {},
      `${plural(found.length, "metric and crossing", "metrics and crossings")} at a glance: ${beyond} with a gap above chance`,
    ),
    h(
      "p",
      { class: "note" },
      "Shares in points. All but the declared one are exploratory: with so many looked at, some gaps exceed their chance level by chance. ",
      found.some(({ evidence }) => evidence.depends_on_prevalence) ? `† ${PREVALENCE}.` : null,
    ),
    table(
      "Gap, ratio and spread by metric and crossing",
      [
        { head: "metric" },
        { head: "groups by" },
        right("groups"),
        right("gap"),
        right("chance: mean"),
        right("chance: 95% point"),
        right("p"),
        right("ratio"),
        right("SD"),
        right("corrected SD"),
        { head: "lowest" },
        { head: "highest" },
      ],
      sorted.map((finding) => row(finding, page)),
      { class: "named-first" },
    ),
    reasons(found),
  );
}

export default view<Disparity>("metric_disparity", { section: "groups", order: 10, render });
