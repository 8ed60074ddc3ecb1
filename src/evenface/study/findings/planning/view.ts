/** What this test set was able to show at all. */
import { h } from "page/dom";
import type { Finding } from "page/findings";
import { measured } from "page/measured";
import { view } from "page/view";

type Planning = Finding<object, { detectable_gap: number; power: number; sentence: string }>;

export default view<Planning>(
  "planning",
  {
    section: "verdict",
    order: 20,
    render: (found) =>
      found.map((finding) => h("p", { class: "sure" }, h("strong", {}, "How sure? "), finding.evidence.sentence)),
  },
  {
    section: "chance",
    order: 40,
    render: (found) =>
      found.map((finding) => [
        h("h3", {}, "What this test set could have shown"),
        h(
          "p",
          {},
          "A gap of ",
          measured(finding, "evidence.detectable_gap", "plainPoints"),
          " points or more between two groups would have been found with a probability of ",
          measured(finding, "evidence.power", "percent"),
          ". Smaller gaps may exist and stay unseen: no evidence of a gap is not evidence of no gap.",
        ),
      ]),
  },
);
