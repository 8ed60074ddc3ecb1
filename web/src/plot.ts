import embed, { type VisualizationSpec } from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";
import { freshId, h, type Child } from "page/dom";
import { showHint } from "page/hint";
import { CONFIG } from "page/plot_theme";
import { download, standaloneSvg } from "page/svg_file";

/** A Vega-Lite specification. Data goes into `data.values` under fixed field names; a
 * name from the data must never become a field name or part of an expression. */
export type Spec = Record<string, unknown>;

export interface Plot {
  /** States the finding. */
  title: Child;
  /** The title as text, for screen readers and the SVG file. */
  titleText: string;
  /** What a reader who cannot see the plot should know of it. */
  summary: string;
  /** A short file name without extension. */
  name: string;
  /** Drawn anew when the width changes. */
  spec(width_px: number): Spec;
  /** The same numbers as a table. */
  table: HTMLElement;
  /** How to read it. */
  note?: Child;
  /** Heading level; 3 by default. */
  level?: 3 | 4;
}

const started: Promise<void>[] = [];

/** Resolves when every plot made so far is drawn. */
export async function allDrawn(): Promise<void> {
  await Promise.all(started);
}

async function draw(box: HTMLElement, plot: Plot, width_px: number): Promise<void> {
  // Vega labels the element it draws into; the box around it keeps our own words.
  const inside = h("div", { class: "drawing" });
  await embed(
    inside,
    { $schema: "https://vega.github.io/schema/vega-lite/v6.json", ...plot.spec(width_px) } as VisualizationSpec,
    {
      mode: "vega-lite",
      renderer: "svg",
      actions: false,
      defaultStyle: false,
      tooltip: showHint,
      // No code is made from text: the page's policy forbids it.
      ast: true,
      expr: expressionInterpreter,
      config: CONFIG as never,
    },
  );
  for (const name of ["role", "aria-label", "aria-roledescription", "aria-describedby"]) {
    inside.querySelectorAll(`[${name}]`).forEach((element) => element.removeAttribute(name));
    inside.removeAttribute(name);
  }
  box.replaceChildren(inside);
  box.dataset["drawnPx"] = String(width_px);
}

function drawWhenWide(box: HTMLElement, plot: Plot): void {
  let drawn_px = 0;
  let last = Promise.resolve();
  started.push(
    new Promise((done, failed) => {
      new ResizeObserver(() => {
        const width_px = Math.floor(box.clientWidth);
        if (width_px < 50 || width_px === drawn_px || matchMedia("print").matches) return;
        drawn_px = width_px;
        last = last.then(() => draw(box, plot, width_px)).then(done, failed);
      }).observe(box);
    }),
  );
}

function tableButton(panel: HTMLElement): HTMLButtonElement {
  const button = h("button", { type: "button", "aria-expanded": "false", "aria-controls": panel.id }, "Show as table");
  button.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    button.textContent = panel.hidden ? "Show as table" : "Hide table";
  });
  return button;
}

function svgButton(box: HTMLElement, plot: Plot): HTMLButtonElement {
  const button = h("button", { type: "button" }, "Download SVG");
  button.addEventListener("click", () =>
    download(`${plot.name}.svg`, standaloneSvg(box, plot.titleText, `Evenface: ${document.title}`)),
  );
  return button;
}

/** The plot with its heading, its table behind a button, and its download. */
export function plotFigure(plot: Plot): HTMLElement {
  const heading = h(plot.level === 4 ? "h4" : "h3", { id: freshId("plot") }, plot.title);
  const box = h("div", { class: "plot", role: "img", "aria-label": `${plot.titleText}. ${plot.summary}` });
  const panel = h("div", { id: freshId("table"), hidden: true }, plot.table);
  drawWhenWide(box, plot);
  return h(
    "figure",
    { class: "plot-figure", "aria-labelledby": heading.id },
    heading,
    plot.note ? h("div", { class: "note" }, plot.note) : null,
    box,
    h("div", { class: "tools" }, tableButton(panel), svgButton(box, plot)),
    panel,
  );
}
