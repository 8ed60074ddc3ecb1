/** How numbers are written, everywhere the same. Proportions come as fractions. */

const MINUS = "\u2212";

function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** A sentence as a terminal shows it, with true minus signs: "(change -1.7)"; the hyphen of "0-9" stays. */
export function withMinusSigns(sentence: string): string {
  return sentence.replace(/(^|[\s([])-(?=\d)/g, `$1${MINUS}`);
}

/** 0.3103 -> "31.0%". */
export function percent(fraction: number): string {
  return `${fixed(100 * fraction, 1)}%`;
}

function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** A change, signed: -0.0069 -> "−0.7". */
export function points(fraction: number): string {
  return signed(100 * fraction, 1);
}

/** A distance, without a sign: 0.119 -> "11.9". */
export function plainPoints(fraction: number): string {
  return fixed(100 * fraction, 1);
}

/** 0.0021 -> "0.002", below that "< 0.001". */
export function pValue(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** 12000 -> "12,000"; means of counts keep one decimal. */
export function count(value: number): string {
  const digits = Number.isInteger(value) ? 0 : 1;
  return value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Means of counts in one table, which have one decimal where another has. */
export function meanCount(value: number): string {
  return value.toLocaleString("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

export function decimal(value: number): string {
  return fixed(value, 2);
}

export function signedDecimal(value: number): string {
  return signed(value, 2);
}

/** A figure on a scale of its own, such as AUC: 0.1163 -> "0.116". */
export function score(value: number): string {
  return fixed(value, 3);
}

export function signedScore(value: number): string {
  return signed(value, 3);
}

/** "1 group", "2 groups". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** "a, b and c". */
export function listed(items: string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1] ?? ""}`;
}
