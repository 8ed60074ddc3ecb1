import { h, type Child } from "page/dom";
import { glossary } from "page/glossary";
import type { FindingsDocument } from "page/findings";
import { count, listed, plural } from "page/numbers";
import * as registry from "page/registry";
import { sections, type Section } from "page/sections";
import type { Page, View } from "page/view";

function aboutLine(made: FindingsDocument): Child {
  const { design } = made;
  const runs =
    design.runs.length === 2 ? `${design.runs.join(" + ")} training runs` : plural(design.runs[0] ?? 1, "training run");
  const facts = [
    design.definition === design.metric ? design.metric : `${design.metric}: ${design.definition}`,
    `${plural(design.groups, "group")} by ${listed(design.by)}`,
    `${count(design.rows)} ${design.rows_are ?? "rows"}`,
    runs,
  ];
  return h(
    "ul",
    { class: "facts" },
    facts.map((fact) => h("li", {}, fact)),
  );
}

function masthead(made: FindingsDocument): HTMLElement {
  const day = new Date(made.made.time);
  const when = Number.isNaN(day.getTime())
    ? made.made.time
    : day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return h(
    "header",
    { class: "masthead" },
    h(
      "p",
      { class: "brand" },
      "Evenface ",
      h("span", {}, made.document === "comparison" ? "Before and after" : "Evaluation"),
      h("span", {}, when),
    ),
    h("h1", {}, made.title),
    aboutLine(made),
    made.contains_pictures
      ? h("p", { class: "badge" }, "Contains pictures of people. Treat this file as personal data.")
      : null,
  );
}

function partsOf(section: Section, page: Page): Child[] {
  const views: View[] = Object.values(registry);
  return views
    .flatMap((view) =>
      view.parts.filter((part) => part.section === section.id).map((part) => ({ part, found: page.all(view.kind) })),
    )
    .filter(({ found }) => found.length > 0)
    .sort((a, b) => a.part.order - b.part.order)
    .map(({ part, found }) => part.render(found, page));
}

/** Findings that a newer Evenface made and this page cannot draw: said, not dropped. */
function unknownKinds(page: Page): Child {
  const known = new Set(Object.values(registry).map((view) => view.kind));
  const unknown = [...new Set(page.document.findings.map(({ kind }) => kind).filter((kind) => !known.has(kind)))];
  return unknown.length
    ? h("p", {}, `findings.json also holds findings that this page cannot show: ${listed(unknown)}.`)
    : null;
}

function sectionElement(section: Section, number: number, page: Page): HTMLElement {
  const content = section.id === "words" ? [glossary(page)] : partsOf(section, page);
  if (section.id === "limits") content.push(unknownKinds(page));
  return h(
    "section",
    { id: section.id, "aria-labelledby": `${section.id}-heading` },
    h(
      "h2",
      { id: `${section.id}-heading` },
      h("span", { class: "ordinal", "aria-hidden": "true" }, number),
      section.question,
    ),
    content.length ? content : h("p", { class: "empty" }, section.empty),
  );
}

function contents(list: Section[]): HTMLElement {
  const links = h(
    "ol",
    {},
    list.map((section) => h("li", {}, h("a", { href: `#${section.id}` }, section.short))),
  );
  const folded = h("details", { class: "contents-folded" }, h("summary", {}, "Contents"), links.cloneNode(true));
  folded.addEventListener("click", (event) => {
    if ((event.target as Element).closest("a")) folded.open = false;
  });
  return h(
    "nav",
    { class: "contents", "aria-label": "Contents" },
    h("div", { class: "contents-wide" }, h("p", {}, "Contents"), links),
    folded,
  );
}

/** Marks the part that is being read in the table of contents. */
export function followReading(root: HTMLElement): void {
  const links = new Map(
    [...root.querySelectorAll<HTMLAnchorElement>(".contents-wide a")].map((link) => [link.hash.slice(1), link]),
  );
  const watcher = new IntersectionObserver(
    (entries) => {
      const top = entries.find((entry) => entry.isIntersecting);
      if (!top) return;
      links.forEach((link) => link.removeAttribute("aria-current"));
      links.get(top.target.id)?.setAttribute("aria-current", "true");
    },
    { rootMargin: "-10% 0px -80% 0px" },
  );
  root.querySelectorAll("section[id]").forEach((section) => watcher.observe(section));
}

/** The whole page for a document. */
export function layout(page: Page): HTMLElement {
  const list = sections(page.document.document);
  return h(
    "div",
    { class: "frame" },
    h("a", { class: "skip", href: "#main" }, "Skip to the report"),
    contents(list),
    h(
      "div",
      { class: "column" },
      masthead(page.document),
      h(
        "main",
        { id: "main", tabindex: -1 },
        list.map((section, index) => sectionElement(section, index + 1, page)),
      ),
      h(
        "footer",
        {},
        `Made by ${page.document.made.tool} ${page.document.made.version}. One file, no network; every number comes from findings.json.`,
      ),
    ),
  );
}
