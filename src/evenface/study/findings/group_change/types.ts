import type { Estimate, Finding } from "page/findings";

export interface GroupSubject {
  group: string;
  levels: Record<string, string>;
  /** Of an exploratory metric or crossing; absent: the primary one. */
  metric?: string;
  by?: string[];
}
export interface GroupEvidence {
  n: number;
  correct_before: number | null;
  correct_after: number | null;
  lost: number | null;
  won: number | null;
  outcome: "won" | "lost" | "none" | "not_estimable";
  largest_loss_not_excluded: number | null;
  by_true_class: { label: string; n: number; lost: number; won: number }[];
  pictures?: { id: string; direction: "lost" | "won"; truth: string; before: string; after: string; image: string }[];
}
export type GroupChange = Finding<GroupSubject, GroupEvidence, Record<"before" | "after" | "change", Estimate>>;

/** Largest gain first; what cannot be estimated last. */
export function byChange(found: GroupChange[]): GroupChange[] {
  const rank = ({ estimates }: GroupChange): number => estimates.change.value ?? -Infinity;
  return [...found].sort((a, b) => rank(b) - rank(a));
}

/** Losses first, the largest on top. Of errors a loss is a rise. */
export function losersFirst(found: GroupChange[], ofErrors: boolean): GroupChange[] {
  return ofErrors ? byChange(found) : byChange(found).reverse();
}

/** Groups of the declared crossing and metric; anything else is exploratory. */
export function isPrimary({ subject }: GroupChange): boolean {
  return subject.metric === undefined && subject.by === undefined;
}
