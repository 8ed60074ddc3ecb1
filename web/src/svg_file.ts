/** A plot as a file of its own: title above, source below, light colours, no variables. */
const NS = "http://www.w3.org/2000/svg";
const LINE_PX = 20;
const EDGE_PX = 16;

function lightColours(): Map<string, string> {
  const probe = document.createElement("div");
  probe.className = "light";
  probe.hidden = true;
  document.body.appendChild(probe);
  const style = getComputedStyle(probe);
  const names = [
    "ink",
    "muted",
    "line",
    "paper",
    "accent",
    "lost",
    "none",
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `hue-${n}`),
  ];
  const colours = new Map(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  probe.remove();
  return colours;
}

function wrap(text: string, width_px: number): string[] {
  const perLine = Math.max(20, Math.floor(width_px / 8));
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1] ?? "";
    if (last && last.length + word.length + 1 > perLine) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

function text(line: string, x: number, y: number, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(NS, "text");
  element.textContent = line;
  const all = { x: String(x), y: String(y), "font-family": "sans-serif", ...attributes };
  for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
  return element;
}

/** The drawing inside `box` as SVG text. */
export function standaloneSvg(box: Element, title: string, source: string): string {
  const drawing = box.querySelector("svg");
  if (!drawing) throw new Error("nothing is drawn yet");
  const copy = drawing.cloneNode(true) as SVGElement;
  const width = Number(drawing.getAttribute("width")) + 2 * EDGE_PX;
  const lines = wrap(title, width - 2 * EDGE_PX);
  const top = EDGE_PX + lines.length * LINE_PX + 8;
  const height = top + Number(drawing.getAttribute("height")) + 2 * LINE_PX;
  const file = document.createElementNS(NS, "svg");
  for (const [name, value] of Object.entries({
    xmlns: NS,
    width: String(width),
    height: String(height),
    viewBox: `0 0 ${width} ${height}`,
  }))
    file.setAttribute(name, value);
  const paper = document.createElementNS(NS, "rect");
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: "var(--paper)" }))
    paper.setAttribute(name, value);
  copy.setAttribute("x", String(EDGE_PX));
  copy.setAttribute("y", String(top));
  const titleLines = lines.map((line, i) =>
    text(line, EDGE_PX, EDGE_PX + LINE_PX * (i + 0.7), { "font-size": "15", "font-weight": "600", fill: "var(--ink)" }),
  );
  file.append(
    paper,
    ...titleLines,
    copy,
    text(source, EDGE_PX, height - LINE_PX / 2, { "font-size": "11", fill: "var(--muted)" }),
  );
  const colours = lightColours();
  return new XMLSerializer()
    .serializeToString(file)
    .replace(/var\(--([a-z0-9-]+)\)/g, (whole, name: string) => colours.get(name) ?? whole);
}

/** Hands the text to the browser as a download; nothing leaves the machine. */
export function download(name: string, svg: string): void {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
