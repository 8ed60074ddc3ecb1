import type { Child } from "page/dom";
import type { Finding, FindingsDocument } from "page/findings";

export type SectionId =
  | "verdict"
  | "groups"
  | "paid"
  | "chance"
  | "confusion"
  | "data"
  | "done"
  | "repeat"
  | "limits"
  | "words";

/** What a view may look at beside its own findings. */
export interface Page {
  document: FindingsDocument;
  /** All findings of a kind, in the document's order. */
  all<F extends Finding = Finding>(kind: string): F[];
}

/** One contribution of a kind to a section; lower `order` stands first. */
export interface Part<F extends Finding> {
  section: SectionId;
  order: number;
  /** Called only when the document holds findings of the kind. */
  render(found: F[], page: Page): Child;
}

/** How one kind of finding is shown. */
export interface View<F extends Finding = Finding> {
  kind: string;
  parts: Part<F>[];
}

export function view<F extends Finding>(kind: string, ...parts: Part<F>[]): View {
  return { kind, parts: parts as unknown as Part<Finding>[] };
}
