/** What a plot says under the pointer. Text only; the same numbers stand in the plot's table. */
let box: HTMLElement | null = null;

function hide(): void {
  if (box) box.hidden = true;
}

function create(): HTMLElement {
  const made = document.createElement("div");
  made.className = "hint";
  made.setAttribute("aria-hidden", "true");
  document.body.appendChild(made);
  document.addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  return made;
}

/** A tooltip handler for Vega: `text` is the datum's hint, lines split by \n. */
export function showHint(_view: unknown, event: MouseEvent, _item: unknown, text: unknown): void {
  box ??= create();
  if (text === null || text === undefined || text === "") {
    hide();
    return;
  }
  box.textContent = String(text);
  box.hidden = false;
  const margin = 14;
  const right = event.clientX + margin + box.offsetWidth < window.innerWidth;
  const below = event.clientY + margin + box.offsetHeight < window.innerHeight;
  box.style.left = `${Math.max(4, right ? event.clientX + margin : event.clientX - margin - box.offsetWidth)}px`;
  box.style.top = `${Math.max(4, below ? event.clientY + margin : event.clientY - margin - box.offsetHeight)}px`;
}
