import type { Format } from "page/measured";

export type Unit = "share" | "score" | "years";

interface Written {
  /** Figures are multiplied by this in plots. */
  scale: number;
  format: Format;
  /** For distances between figures. */
  distance: Format;
  /** After a distance. */
  distance_words: string;
  /** After an axis title. */
  suffix: string;
}

/** How figures of each unit are written. */
export const UNITS: Record<Unit, Written> = {
  share: { scale: 100, format: "percent", distance: "plainPoints", distance_words: " points", suffix: " %" },
  score: { scale: 1, format: "score", distance: "score", distance_words: "", suffix: "" },
  years: { scale: 1, format: "decimal", distance: "decimal", distance_words: " years", suffix: " years" },
};
