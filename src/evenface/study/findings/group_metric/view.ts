/** Groups that are served worse on other metrics and crossings. Their figures are drawn where the
 * declared ones are, behind the switch of group_rate. */
import { EXPLORATORY } from "page/choice";
import { h, type Child } from "page/dom";
import type { Estimate, Finding } from "page/findings";
import { tone, type Better, type Standing } from "page/group_figures";
import { interval, measured, value } from "page/measured";
import { listed, plural } from "page/numbers";
import { table } from "page/table";
import { UNITS, type Unit } from "page/units";
import { view, type Page } from "page/view";

type Evidence = { n: number; unit: Unit; better: Better; outcome: Standing };
type GroupMetric = Finding<
  { metric: string; by: string[]; group: string },
  Evidence,
  { figure: Estimate; rest: Estimate }
>;

function servedWorse(found: GroupMetric[], page: Page): Child {
  const { level, correction } = page.document.design;
  const worse = found.filter(({ evidence }) => tone(evidence.outcome, evidence.better) === "bad");
  const tables = new Set(found.map(({ subject }) => JSON.stringify([subject.metric, subject.by]))).size;
  const looked = `${plural(tables, "other metric or crossing was", "other metrics and crossings were")} looked at`;
  if (worse.length === 0)
    return h("p", { class: "note" }, `${looked}: no group stands out as served worse. ${EXPLORATORY}`);
  const rows = worse.map((finding) => {
    const { format } = UNITS[finding.evidence.unit];
    return [
      finding.subject.group,
      finding.subject.metric,
      listed(finding.subject.by),
      value(finding, "figure", format),
      interval(finding, "figure", format),
      value(finding, "rest", format),
      measured(finding, "p_adjusted", "pValue"),
    ];
  });
  return h(
    "details",
    {},
    h("summary", {}, `On other metrics and crossings, ${plural(worse.length, "group is", "groups are")} served worse`),
    h(
      "p",
      { class: "note" },
      `${EXPLORATORY} ${looked}; p is adjusted over the groups of each (${correction}), not over all of them, so that some stand out by chance.`,
    ),
    table(
      "Groups served worse on other metrics and crossings",
      [
        { head: "group" },
        { head: "metric" },
        { head: "groups by" },
        { head: "figure", numeric: true },
        { head: `${level * 100}% interval`, numeric: true },
        { head: "rest", numeric: true },
        { head: `p (${correction})`, numeric: true },
      ],
      rows,
    ),
  );
}

export default view<GroupMetric>("group_metric", { section: "paid", order: 20, render: servedWorse });
