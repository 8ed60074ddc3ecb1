import type { Format } from "page/measured";
import type { Page } from "page/view";

export type Unit = "share" | "score" | "years";

export interface Written {
  /** Figures are multiplied by this in plots. */
  scale: number;
  format: Format;
  /** For distances between figures. */
  distance: Format;
  /** For changes of a figure, with their sign. */
  change: Format;
  /** After a distance or a change. */
  distance_words: string;
  /** After an axis title. */
  suffix: string;
}

/** How figures of the primary metric are written. */
export function written(page: Page): Written {
  return UNITS[page.document.design.unit ?? "share"];
}

/** How figures of each unit are written. */
export const UNITS: Record<Unit, Written> = {
  share: {
    scale: 100,
    format: "percent",
    distance: "plainPoints",
    change: "points",
    distance_words: " points",
    suffix: " %",
  },
  score: { scale: 1, format: "score", distance: "score", change: "signedScore", distance_words: "", suffix: "" },
  years: {
    scale: 1,
    format: "decimal",
    distance: "decimal",
    change: "signedDecimal",
    distance_words: " years",
    suffix: " years",
  },
};
