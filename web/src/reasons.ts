/** Why something is not shown, as it goes on after a colon: "not applicable" unless the reason itself says what it is. */
export function notShown(why?: string): string {
  if (!why) return "not applicable";
  return why.startsWith("not ") ? why : `not applicable. ${why}`;
}
