/*
 * A panel beside the map that the server writes: walks and events. A touch on one of its controls
 * changes one or more names of the page's link; the server answers with the panel anew and with
 * what the map is to show.
 */

import { isWhole, patchChildren } from "./patch.js";
import { bytes, element, fetchedPlaces, isDark, publish, scrollerOf } from "./places.js";
import { Talk } from "./talk.js";

const RETRY_MS = 3000;
const mounted = new WeakMap();

/** Make two ways to write a name the same: accents, capitals and signs do not count. */
const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu)?.join(" ") ?? "";

class Panel {
  constructor(parent) {
    this.root = element("section", "rm-explorer rm-visit");
    this.status = element("p", "rm-status");
    this.status.setAttribute("role", "status");
    this.body = element("div", "rm-body");
    this.body.id = "rm-list";
    this.body.tabIndex = -1;
    this.names = element("datalist");
    this.names.id = "rm-places";
    this.root.append(this.status, this.body, this.names);
    parent.append(this.root);
    this.state = { payload: null, visible: null, selected: -1, highlighted: -1, dark: false };
    this.shown = "";
    this.wanted = {};
    this.talk = new Talk(() => this.wanted);
    this.listen();
  }

  listen() {
    this.ending = new AbortController();
    const { signal } = this.ending;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(window, "regen-map:select", ({ detail: { key } }) => {
      this.touched = key;
      this.select(key);
    });
    on(window, "regen-map:highlight", (event) => this.mark(event.detail.index));
    on(this.body, "click", (event) => this.click(event.target.closest("button")));
    on(this.body, "change", (event) => this.changed(event.target));
    on(this.body, "keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input[list]")) this.find(event.target);
    });
    for (const name of ["mouseover", "focusin"]) {
      on(this.body, name, (event) => this.point(event.target.closest("[data-key]")));
    }
    for (const name of ["mouseleave", "focusout"]) on(this.body, name, () => this.point(null));
    on(window.matchMedia("(prefers-color-scheme: dark)"), "change", () =>
      setTimeout(() => this.show({ dark: this.dark() }), 150),
    );
  }

  stop() {
    this.ending.abort();
    this.talk.stop();
    this.root.remove();
    // The next page's map starts without this page's walk.
    publish({ ...this.state, route: [], selected: -1, highlighted: -1 });
  }

  async take(data, send) {
    if (!this.talk.hears(data.q, send)) return;
    this.data = data;
    this.wanted = data.w;
    document.documentElement.lang = data.l;
    this.dark();
    this.write(data);
    const payload = await fetchedPlaces(data.u);
    if (this.data !== data) return;
    if (!payload) {
      this.status.textContent = data.e;
      setTimeout(() => this.data === data && this.take(data, send), RETRY_MS);
      return;
    }
    if (payload !== this.state.payload) this.know(payload);
    this.show({
      payload,
      visible: data.b ? bytes(data.b) : null,
      selected: this.index.get(data.s) ?? -1,
      route: data.r,
      dark: this.dark(),
    });
    const frame = document.querySelector(".st-key-map iframe");
    if (frame) frame.title = payload.strings.map;
  }

  /** Put the server's text in place; what is another thing is read from its top. */
  write({ d: html, n: status, k: shown, s: place }) {
    const touched = this.html === undefined ? place : this.touched;
    if (this.status.textContent !== status) this.status.textContent = status;
    if (html !== this.html) {
      const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
      const fresh = element("template");
      fresh.innerHTML = html;
      patchChildren(this.body, fresh.content);
      this.html = html;
      if (shown !== this.shown) scrollerOf(this.root).scrollTop = 0;
      this.mark(this.state.highlighted);
      this.refocus(focused, shown);
    }
    if (touched && touched === place && shown === this.shown) this.reveal(place);
    this.touched = null;
    this.shown = shown;
  }

  /** Give the focus back to what had it; or to what stands for it, once that is gone. */
  refocus(focused, shown) {
    if (!focused || document.activeElement === focused) return;
    const stands = shown === this.shown ? ".rm-after" : ".rm-title";
    const next = focused.isConnected ? focused : this.body.querySelector(stands);
    next?.focus({ preventScroll: true });
  }

  /** Bring into view what is told of a place. */
  reveal(key) {
    const line = this.body.querySelector(`[data-key="${CSS.escape(key)}"]`);
    line?.closest("details")?.setAttribute("open", "");
    line?.scrollIntoView({ block: "nearest" });
  }

  /** Offer the places of the town to be added to a walk, by name. */
  know({ places, quarters }) {
    this.index = new Map(places.key.map((key, at) => [key, at]));
    this.byLabel = new Map();
    places.key.forEach((key, at) => {
      if (places.kind[at] < 0) return;
      let label = places.name[at];
      for (const more of [quarters[places.quarter[at]], key]) {
        if (more && this.byLabel.has(label)) label = `${places.name[at]} (${more})`;
      }
      this.byLabel.set(label, key);
    });
    this.names.replaceChildren(...[...this.byLabel.keys()].map((label) => new Option(label)));
  }

  dark() {
    const dark = isDark(this.root);
    this.root.classList.toggle("rm-dark", dark);
    return dark;
  }

  show(changes) {
    Object.assign(this.state, changes);
    publish(this.state);
  }

  want(changes) {
    this.wanted = { ...this.wanted, ...changes };
    this.talk.tell();
  }

  /* Each touch starts from all that is wanted, not from what is shown: quick ones all count. */
  click(button) {
    if (!button || !this.index) return;
    const { set, select, step, add, remove, move, by, order, find, copy } = button.dataset;
    const edit = (changed) => this.want({ stops: changed.join() });
    const { stops } = this;
    if (add) this.add(add, asked(set));
    else if (set) this.want(asked(set));
    else if (select) this.look(select);
    else if (step) this.step(Number(step));
    else if (remove) edit(stops.filter((each) => each !== remove));
    else if (move) edit(moved(stops, move, Number(by), this.leftOut()));
    else if (order) edit(ordered(stops, order.split(",")));
    else if (find) this.find(this.body.querySelector(`#${find}`));
    else if (copy) this.copy(button, new URL(copy, document.baseURI).href);
  }

  get stops() {
    return (this.wanted.stops ?? "").split(",").filter(Boolean);
  }

  add(key, more) {
    this.want({ stops: [...new Set([...this.stops, key])].join(), ...more });
  }

  changed(input) {
    if (!isWhole(input)) return;
    if (input.name) this.want({ [input.name]: input.value });
    else if (this.byLabel?.has(input.value)) this.find(input);
  }

  leftOut() {
    return Array.from(this.body.querySelectorAll(".rm-left [data-key]"), ({ dataset }) => dataset.key);
  }

  /** Select at once in the browser; the server follows with the rest. */
  select(key) {
    if (!this.index) return;
    this.show({ selected: this.index.get(key) ?? -1, highlighted: -1 });
    this.want({ place: key });
  }

  /** Select what is to be looked at on the map, which a phone may have scrolled away. */
  look(key) {
    document.querySelector(".st-key-map")?.scrollIntoView({ block: "nearest" });
    this.select(key);
  }

  step(by) {
    const keys = this.data.r.map((index) => this.state.payload.places.key[index]);
    const next = keys[keys.indexOf(this.wanted.place) + by];
    if (next) this.select(next);
  }

  /** Add the place that is typed into a box: by its whole name, or by a part that no other has. */
  find(box) {
    const sought = plain(box.value);
    if (!sought || !this.byLabel) return;
    const names = [...this.byLabel.keys()];
    const alike = names.filter((name) => plain(name).includes(sought));
    const exact = names.filter((name) => name === box.value.trim() || plain(name) === sought);
    const [found, ...others] = exact.length ? exact : alike;
    const button = this.body.querySelector(`[data-find="${box.id}"]`);
    const told = this.body.querySelector(`#${box.id}-told`);
    told.textContent = found ? (others.length ? button.dataset.several : "") : button.dataset.none;
    if (!found || others.length) return;
    box.value = "";
    this.add(this.byLabel.get(found));
  }

  /** Copy an address, or show it selected where the browser lets nobody copy. */
  async copy({ dataset: { copied, selected } }, address) {
    const told = this.body.querySelector("#rm-shared");
    try {
      await navigator.clipboard.writeText(address);
      told.textContent = copied;
    } catch {
      const box = element("input", "rm-address");
      box.readOnly = true;
      box.value = address;
      box.setAttribute("aria-label", selected);
      told.replaceChildren(box, selected);
      box.select();
    }
  }

  point(line) {
    const index = (line && this.index?.get(line.dataset.key)) ?? -1;
    if (index === this.state.highlighted) return;
    this.mark(index);
    this.show({ highlighted: index });
  }

  mark(index) {
    this.state.highlighted = index;
    const key = this.state.payload?.places.key[index];
    for (const line of this.body.querySelectorAll("[data-key]")) {
      line.classList.toggle("rm-marked", line.dataset.key === key);
    }
  }
}

/** Read names and values of a link. */
function asked(query) {
  return Object.fromEntries(new URLSearchParams(query));
}

/** Move a stop past others, and past those that are left out without counting them. */
function moved(stops, key, by, leftOut) {
  const rest = stops.filter((each) => each !== key);
  let at = stops.indexOf(key) + by;
  while (leftOut.includes(rest[by < 0 ? at : at - 1])) at += by;
  const there = stops.includes(key) && at >= 0 && at <= rest.length;
  return there ? [...rest.slice(0, at), key, ...rest.slice(at)] : stops;
}

/** Put stops into an order that was suggested; those it does not know come last. */
function ordered(stops, order) {
  const place = (key) => (order.includes(key) ? order.indexOf(key) : order.length);
  return [...stops].sort((a, b) => place(a) - place(b));
}

export default function ({ data, parentElement, setTriggerValue }) {
  let panel = mounted.get(parentElement);
  if (!panel) {
    panel = new Panel(parentElement);
    mounted.set(parentElement, panel);
  }
  panel.take(data, setTriggerValue);
  return () => {
    panel.stop();
    mounted.delete(parentElement);
  };
}
