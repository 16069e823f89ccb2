/* The places of the map as every panel beside it knows them: fetched once, told to the map's frame. */

const payloads = new Map();

/** Make an element; its text is never markup. */
export const element = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

/** Decode base64. */
export const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

/** Give the places under a key, or null when they cannot be had. */
export function fetchedPlaces(key) {
  const address = `data/places/${key}.json`;
  if (!payloads.has(address)) {
    const loading = fetch(new URL(address, document.baseURI)).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
    loading.catch(() => payloads.delete(address));
    payloads.clear();
    payloads.set(address, loading);
  }
  return payloads.get(address).catch(() => null);
}

/** Tell the map's frame what is to be seen: it reads the state whenever it is ready. */
export function publish(state) {
  window.regenMapState = { ...state };
  window.dispatchEvent(new CustomEvent("regen-map:state", { detail: window.regenMapState }));
}

/** Tell whether the page is drawn in dark colours, from an element of it. */
export function isDark(root) {
  const ground = getComputedStyle(root).getPropertyValue("--st-background-color");
  const parts = /^#(..)(..)(..)/.exec(ground.trim());
  return parts
    ? parts.slice(1).reduce((sum, part) => sum + parseInt(part, 16), 0) < 384
    : window.matchMedia("(prefers-color-scheme: dark)").matches;
}

/** What scrolls: the panel beside the map, or the page where the panel is a sheet under it. */
export function scrollerOf(root) {
  for (let node = root; node; node = node.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(node).overflowY)) return node;
  }
  return document.scrollingElement;
}
