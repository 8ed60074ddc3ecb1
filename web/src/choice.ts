/** Parts of the page that are drawn anew for what the reader picks. */
import { freshId, h, type Child } from "page/dom";

const FEW = 3;

function radios(label: string, options: string[], picked: (index: number) => void): HTMLElement {
  const group = freshId("choice");
  return h(
    "fieldset",
    { class: "switch" },
    h("legend", {}, label),
    options.map((option, index) => {
      const input = h("input", { type: "radio", name: group, value: index, checked: index === 0 });
      input.addEventListener("change", () => picked(index));
      return h("label", {}, input, option);
    }),
  );
}

function select(label: string, options: string[], picked: (index: number) => void): HTMLElement {
  const list = h(
    "select",
    {},
    options.map((option, index) => h("option", { value: index }, option)),
  );
  list.addEventListener("change", () => picked(list.selectedIndex));
  return h("div", { class: "switch" }, h("label", {}, h("span", { class: "asked" }, label), list));
}

/** What to pick from: radio buttons for a few options, a list for more, nothing for one. The first
 * option holds until another is picked. */
export function picker(label: string, options: string[], picked: (index: number) => void): Child {
  if (options.length < 2) return null;
  return options.length <= FEW ? radios(label, options, picked) : select(label, options, picked);
}

/** The options' pictures, one at a time; the first to begin with. */
export function choice(label: string, options: { name: string; draw: () => Child }[]): Child {
  const place = h("div", {});
  const show = (index: number): void => place.replaceChildren(h("div", {}, options[index]?.draw()));
  show(0);
  const names = options.map(({ name }) => name);
  return [picker(label, names, show), place];
}

/** A view of the groups by one metric over one crossing. */
export interface Variant {
  metric: string;
  by: string;
  draw(): Child;
}

function distinct(items: string[]): string[] {
  return [...new Set(items)];
}

/** Metric and crossing, picked apart. The first variant is the one that was declared before looking;
 * the crossing is kept when another metric is picked, as far as that metric has it. */
export function explored(variants: Variant[]): Child {
  const declared = variants[0];
  if (!declared) return null;
  const named = (name: string, own: string): string => (name === own ? `${name} (declared)` : name);
  const place = h("div", {});
  const crossings = h("div", {});
  let metric = declared.metric;
  let by = declared.by;
  const show = (): void => {
    const found = variants.find((one) => one.metric === metric && one.by === by);
    place.replaceChildren(h("div", {}, found?.draw()));
  };
  const offer = (): void => {
    const possible = variants.filter((one) => one.metric === metric).map((one) => one.by);
    const names = distinct(possible.includes(by) ? [by, ...possible] : possible);
    by = names[0] ?? by;
    const options = names.map((name) => named(name, declared.by));
    const picked = (index: number): void => {
      by = names[index] ?? by;
      show();
    };
    crossings.replaceChildren(h("div", {}, picker("Groups by", options, picked)));
    show();
  };
  const metrics = distinct(variants.map((one) => one.metric));
  const options = metrics.map((name) => named(name, declared.metric));
  const ofMetric = picker("Metric", options, (index) => {
    metric = metrics[index] ?? metric;
    offer();
  });
  offer();
  return [h("div", { class: "switches" }, ofMetric, crossings), place];
}

/** Said of every figure that was not declared before looking. */
export const EXPLORATORY = "Exploratory: not the comparison that was declared before looking.";
