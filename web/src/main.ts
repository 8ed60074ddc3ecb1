import "page/styles.css";
import { h } from "page/dom";
import { readEmbedded, type Finding } from "page/findings";
import { followReading, layout } from "page/layout";
import { allDrawn } from "page/plot";
import type { Page } from "page/view";

/** What is folded on screen is open on paper. */
function unfoldForPrint(): void {
  let closed: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll<HTMLDetailsElement>("main details:not([open])")];
    closed.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => closed.forEach((details) => (details.open = false)));
}

async function start(root: HTMLElement): Promise<void> {
  const made = readEmbedded(document.getElementById("findings")?.textContent ?? "");
  if (typeof made === "string") {
    root.append(h("main", { class: "frame" }, h("h1", {}, "Nothing to show"), h("p", {}, made)));
    return;
  }
  document.title = made.title;
  const page: Page = {
    document: made,
    all: <F extends Finding>(kind: string) => made.findings.filter((found) => found.kind === kind) as unknown as F[],
  };
  root.append(layout(page));
  followReading(root);
  unfoldForPrint();
  await allDrawn();
}

const root = document.getElementById("report");
if (root) {
  void start(root).finally(() => {
    document.documentElement.dataset["ready"] = "true";
  });
}
