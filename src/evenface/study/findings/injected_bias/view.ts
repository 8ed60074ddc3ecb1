/** Simulated data only: the bias that was put in is known, so that finding it can be checked. */
import { h, type Child } from "page/dom";
import type { Estimate, Finding } from "page/findings";
import { interval, value } from "page/measured";
import { table } from "page/table";
import { view } from "page/view";

interface Evidence {
  knobs: { knob: string; group: string; strength: number; words: string }[];
  found: boolean;
  sentence?: string;
}
type Injected = Finding<{ group: string }, Evidence, Record<"before" | "after", Estimate>>;

function one(finding: Injected): Child {
  const { evidence, subject } = finding;
  return h(
    "div",
    { class: "callout" },
    h("h3", {}, evidence.found ? "The bias that was put in was found" : "The bias that was put in was not found"),
    h("p", {}, `These faces are simulated, and a bias against ${subject.group} was built into them:`),
    h(
      "ul",
      {},
      evidence.knobs.map((knob) => h("li", {}, `${knob.group}: ${knob.words}`)),
    ),
    table(
      `Distance of ${subject.group} to the rest`,
      [{ head: "distance to the rest" }, { head: "points", numeric: true }, { head: "interval", numeric: true }],
      [
        ["before", value(finding, "before", "points"), interval(finding, "before", "points")],
        ["after", value(finding, "after", "points"), interval(finding, "after", "points")],
      ],
    ),
    evidence.sentence ? h("p", {}, evidence.sentence) : null,
  );
}

export default view<Injected>("injected_bias", { section: "chance", order: 0, render: (found) => found.map(one) });
