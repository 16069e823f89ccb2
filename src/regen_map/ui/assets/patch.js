/*
 * Brings what stands on a page into the form of what the server wrote anew, and leaves alone what
 * is the same already: focus, the text that a visitor is typing, and what they opened stay.
 */

const ELEMENT = 1;

const nameOf = (node) => `${node.nodeName} ${node.id ?? ""}`;

/** Give an element the attributes, the values and the children of another. */
export function patch(element, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  for (const { name } of [...element.attributes]) {
    const opened = element.matches("details") && name === "open";
    if (!opened && !fresh.hasAttribute(name)) element.removeAttribute(name);
  }
  patchChildren(element, fresh);
  patchValue(element, fresh);
}

/** Do so with children: those with an id are found again wherever they stood. */
export function patchChildren(element, fresh) {
  const known = new Map([...element.children].filter(({ id }) => id).map((each) => [nameOf(each), each]));
  let next = element.firstChild;
  for (const child of [...fresh.childNodes]) {
    const same = known.get(nameOf(child)) ?? (next && nameOf(next) === nameOf(child) ? next : null);
    if (!same) {
      element.insertBefore(child, next);
      continue;
    }
    if (same === next) next = next.nextSibling;
    else element.insertBefore(same, next);
    if (same.nodeType === ELEMENT) patch(same, child);
    else if (same.nodeValue !== child.nodeValue) same.nodeValue = child.nodeValue;
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
}

function patchValue(element, fresh) {
  if (!element.matches("select, input[value]") || element.value === fresh.value) return;
  if (isWhole(element)) element.value = fresh.value;
}

/** Tell whether a field holds all that it should: while a date is typed it is none, or another. */
export function isWhole({ value, validity }) {
  return value ? !validity.rangeUnderflow && !validity.rangeOverflow : !validity?.badInput;
}
