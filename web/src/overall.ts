/** Overall figures are of the primary metric; findings name them without it. */
import { interval, value, type Format } from "page/measured";
import type { Estimate, Finding } from "page/findings";
import { table } from "page/table";
import { written } from "page/units";
import type { Page } from "page/view";

export interface OverallSubject {
  figure: string;
  /** Of an exploratory metric or crossing; absent: the primary one. */
  metric?: string | undefined;
  by?: string[] | undefined;
}

export function isPrimary({ metric, by }: OverallSubject): boolean {
  return metric === undefined && by === undefined;
}

/** Rates are percentages; distances between rates are points. */
export function levelFormat(figure: string, page: Page): Format {
  const { format, distance } = written(page);
  return figure === "gap" || figure === "spread over groups" ? distance : format;
}

export type OverallChange = Finding<
  OverallSubject,
  { note: string; better: "higher" | "lower"; group_before?: string; group_after?: string },
  Record<"before" | "after" | "change", Estimate>
>;

/** The figures of the primary metric and crossing, or of others that findings name. */
export function figuresAbout({ metric, by }: Omit<OverallSubject, "figure">, page: Page): OverallChange[] {
  const about = (one: Omit<OverallSubject, "figure">): string => JSON.stringify([one.metric, one.by]);
  return page.all<OverallChange>("overall_change").filter(({ subject }) => about(subject) === about({ metric, by }));
}

/** Whether these are figures of an error: what falls is better. */
export function isOfErrors(figures: OverallChange[]): boolean {
  return figures.some(({ subject, evidence }) => subject.figure === "over faces" && evidence.better === "lower");
}

/** Figures of groups in rows, before and after. */
export function figureTable(caption: string, found: OverallChange[], page: Page): HTMLElement {
  const { change, distance_words } = written(page);
  return table(
    caption,
    [
      { head: "figure" },
      { head: "before", numeric: true },
      { head: "after", numeric: true },
      { head: `change,${distance_words}`, numeric: true },
      { head: "interval", numeric: true },
      { head: "how" },
    ],
    found.map((finding) => [
      overallTitle(finding.subject.figure, page, finding.subject.metric),
      value(finding, "before", levelFormat(finding.subject.figure, page)),
      value(finding, "after", levelFormat(finding.subject.figure, page)),
      value(finding, "change", change),
      interval(finding, "change", change),
      finding.evidence.note,
    ]),
  );
}

export function overallTitle(figure: string, page: Page, metric = page.document.design.metric): string {
  return figure.startsWith("over ") ? `${metric} ${figure}` : figure;
}

/** The estimates of the figure over all faces, where the document holds it. */
export function overFaces(page: Page): Record<string, Estimate> | undefined {
  return [
    ...page.all<Finding<OverallSubject>>("overall_rate"),
    ...page.all<Finding<OverallSubject>>("overall_change"),
  ].find(({ subject }) => subject.figure === "over faces" && isPrimary(subject))?.estimates;
}
