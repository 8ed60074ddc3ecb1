/** What the findings do not show, in plain words. */
import { h } from "page/dom";
import type { Finding } from "page/findings";
import { view } from "page/view";

type Limits = Finding<object, { sentences: string[] }>;

export default view<Limits>("limits", {
  section: "limits",
  order: 10,
  render: (found) =>
    h(
      "ul",
      { class: "sentences" },
      found.flatMap(({ evidence }) => evidence.sentences).map((sentence) => h("li", {}, sentence)),
    ),
});
