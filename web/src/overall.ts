/** Overall figures are of the primary metric; findings name them without it. */
import type { Estimate, Finding } from "page/findings";
import type { Page } from "page/view";

export function overallTitle(figure: string, page: Page): string {
  return figure.startsWith("over ") ? `${page.document.design.metric} ${figure}` : figure;
}

/** The estimates of the figure over all faces, where the document holds it. */
export function overFaces(page: Page): Record<string, Estimate> | undefined {
  return [
    ...page.all<Finding<{ figure: string }>>("overall_rate"),
    ...page.all<Finding<{ figure: string }>>("overall_change"),
  ].find(({ subject }) => subject.figure === "over faces")?.estimates;
}
