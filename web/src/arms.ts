/** Findings of a comparison stand once for each arm; the page shows one arm at a time, after first. */
import { choice } from "page/choice";
import type { Child } from "page/dom";
import type { Finding } from "page/findings";
import type { Page } from "page/view";

export type Arm = "before" | "after" | "model";

/** "after (attention)"; an evaluation's only arm has no need of a name. */
export function armName(arm: string, page: Page): string {
  const { names } = page.document.design;
  const name = arm === "after" ? names[1] : names[0];
  if (arm === "model") return name ?? "";
  return name && name !== arm ? `${arm} (${name})` : arm;
}

/** " after" in a sentence about one arm of a comparison. */
export function armWord(arm: Arm): string {
  return arm === "model" ? "" : ` ${arm}`;
}

/** A sentence about one arm: "After: class mix gives ..." from "Class mix gives ...". */
export function ofArm(arm: Arm, sentence: string): string {
  const named = { before: "Before: ", after: "After: ", model: "" }[arm];
  return named ? `${named}${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}` : sentence;
}

export function byArm<F extends Finding<{ arm: Arm }>>(found: F[], page: Page, draw: (finding: F) => Child): Child {
  const rank = { after: 0, model: 0, before: 1 };
  const sorted = [...found].sort((a, b) => rank[a.subject.arm] - rank[b.subject.arm]);
  return choice(
    "Show",
    sorted.map((finding) => ({ name: armName(finding.subject.arm, page), draw: () => draw(finding) })),
  );
}
