/** Colours are CSS variables inside the SVG, so that one drawing follows the system's
 * light or dark, and prints light. Names are defined in styles.css. */
export const COLOURS = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
  paper: "var(--paper)",
  accent: "var(--accent)",
  won: "var(--accent)",
  lost: "var(--lost)",
  none: "var(--none)",
} as const;

/** Okabe & Ito 2008, tuned for contrast in both themes: at most eight hues, then small multiples. */
export const HUES = [
  "var(--hue-1)",
  "var(--hue-2)",
  "var(--hue-3)",
  "var(--hue-4)",
  "var(--hue-5)",
  "var(--hue-6)",
  "var(--hue-7)",
  "var(--hue-8)",
];

/** The same colour for the same group everywhere: its place among all groups decides.
 * Beyond eight groups colour cannot tell them apart, so that all share one. */
export function groupColour(group: string, groups: string[]): string {
  return groups.length > HUES.length ? COLOURS.accent : (HUES[groups.indexOf(group)] ?? COLOURS.none);
}

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', sans-serif";

/** A label above a small panel, as a layer: it stays where it is whatever the axis does. */
export function panelTitle(label: string): Record<string, unknown> {
  return {
    data: { values: [{ label }] },
    mark: { type: "text", align: "left", baseline: "bottom", x: 0, y: -9, color: COLOURS.muted },
    encoding: { text: { field: "label" } },
  };
}

export const CONFIG = {
  background: "transparent",
  font: FONT,
  padding: 2,
  view: { stroke: null },
  axis: {
    labelColor: COLOURS.muted,
    titleColor: COLOURS.muted,
    gridColor: COLOURS.line,
    domainColor: COLOURS.line,
    tickColor: COLOURS.line,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelFont: FONT,
    titleFont: FONT,
    labelLimit: 190,
  },
  header: { labelColor: COLOURS.ink, titleColor: COLOURS.muted, labelFontSize: 12, labelFont: FONT, labelLimit: 170 },
  text: { font: FONT, fontSize: 12, fill: COLOURS.ink },
  aria: false,
} as const;
