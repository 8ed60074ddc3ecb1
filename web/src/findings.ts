/** findings.json as the page sees it. The contract is the JSON Schema in
 * src/evenface/study/findings; each kind's view declares its own subject and evidence. */

export interface Estimable {
  value: number;
  low: number | null;
  high: number | null;
  n: number;
  method: string;
}
export interface NotEstimable {
  value: null;
  reason: string;
  n: number;
}
export type Estimate = Estimable | NotEstimable;

export interface Finding<Subject = object, Evidence = object, Estimates = Record<string, Estimate>> {
  id: string;
  kind: string;
  subject: Subject;
  estimates: Estimates;
  test: { name: string; family: string; level: number } | null;
  p: number | null;
  p_adjusted: number | null;
  severity: "info" | "notice" | "warning" | "critical";
  evidence: Evidence;
}

export interface Design {
  metric: string;
  definition: string;
  tasks: string[];
  by: string[];
  rows: number;
  rows_are?: string;
  groups: number;
  runs: number[];
  level: number;
  min_group: number;
  margin?: number;
  /** Of the primary metric; a share where absent. */
  unit?: "share" | "years";
  rows_only_before?: number;
  rows_only_after?: number;
  correction: string;
  names: string[];
}

export interface FindingsDocument {
  schema_version: 1;
  document: "comparison" | "evaluation";
  title: string;
  made: { tool: string; version: string; command: string; time: string };
  design: Design;
  contains_pictures?: boolean;
  findings: Finding[];
}

/** Characters that turn the reading direction: one in a name would turn the sentence around it. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g;

/** The document embedded in the page, or why it cannot be read. */
export function readEmbedded(text: string): FindingsDocument | string {
  let value: FindingsDocument;
  try {
    value = JSON.parse(text, (_key, each: unknown) =>
      typeof each === "string" ? each.replace(DIRECTION, "\ufffd") : each,
    ) as FindingsDocument;
  } catch {
    return "This page holds no findings. It is the empty form that `evenface report` fills in.";
  }
  if (value?.schema_version !== 1) {
    return `These findings have schema version ${String(value?.schema_version)}; this page reads version 1. Write the report again with the version of Evenface that made the findings.`;
  }
  return value;
}

export function isEstimable(estimate: Estimate | undefined): estimate is Estimable {
  return estimate !== undefined && estimate.value !== null;
}

/** True when the estimate carries an interval. */
export function hasInterval(estimate: Estimate | undefined): estimate is Estimable & { low: number; high: number } {
  return isEstimable(estimate) && estimate.low !== null && estimate.high !== null;
}
