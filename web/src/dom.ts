/** Elements from text. Names of groups, classes and files come from strangers' data:
 * everything enters as text nodes and attribute values, never as markup. */

export type Child = Node | string | number | null | undefined | false | Child[];
export type Attributes = Record<string, string | number | boolean | null | undefined>;

function append(parent: Node, child: Child): void {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) child.forEach((each) => append(parent, each));
  else parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
}

/** An HTML element; an attribute that is null, undefined or false is left out, true is empty. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

let used = 0;
/** An id that no other element of the page has. */
export function freshId(prefix: string): string {
  used += 1;
  return `${prefix}-${used}`;
}
