/*
 * A panel beside the map that the server writes: walks, events and projects. A touch on one of its
 * controls changes one or more names of the page's link; the server answers with the panel anew and
 * with what the map is to show.
 */

import { savePicture, slide } from "./desk.js";
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
    this.root.id = "rm-list";
    this.root.tabIndex = -1;
    this.status = element("p", "rm-status");
    this.status.setAttribute("role", "status");
    this.body = element("div", "rm-body");
    this.names = element("datalist");
    this.names.id = "rm-places";
    this.nearby = element("datalist");
    this.nearby.id = "rm-nearby";
    this.root.append(this.status, this.body, this.names, this.nearby);
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
    on(window, "regen-map:area", ({ detail: { ring } }) => this.drawn(ring));
    on(this.body, "click", (event) => this.click(event.target.closest("button")));
    on(this.body, "click", (event) => this.follow(event));
    on(this.body, "click", (event) => this.savePicture(event));
    on(this.body, "input", ({ target }) => {
      if (target.type !== "checkbox") this.typed = target;
    });
    // A search box that is emptied by its own cross tells of no change.
    for (const name of ["change", "search"]) on(this.body, name, (event) => this.changed(event.target));
    for (const name of ["input", "change"]) {
      on(this.body, name, (event) => slide(event, this.data.l, name === "change"));
    }
    on(this.body, "keydown", (event) => {
      const adding = event.target.matches("input[list]:not([data-near])");
      if (event.key === "Enter" && adding) this.find(event.target);
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
    const without = {
      route: [],
      selected: -1,
      highlighted: -1,
      area: null,
      drawing: null,
      colouring: null,
    };
    publish({ ...this.state, ...without });
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
    // Only the page on which an area can be drawn shows one.
    const drawing = this.body.querySelector("#rm-drawing")?.dataset ?? null;
    this.show({
      payload,
      visible: data.b ? bytes(data.b) : null,
      selected: this.index.get(data.s) ?? -1,
      route: data.r,
      colouring: data.c && colouringOf(data.c),
      dark: this.dark(),
      area: drawing && this.area(data.w),
      drawing,
    });
    const frame = document.querySelector(".st-key-map iframe");
    if (frame) frame.title = payload.strings.map;
  }

  /** Put the server's text in place; what is another thing is read from its top. */
  write({ d: html, n: status, k: shown, s: place }) {
    const touched = this.html === undefined ? place : this.touched;
    if (html !== this.html) {
      const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
      const fresh = element("template");
      fresh.innerHTML = html;
      this.keep(fresh.content);
      patchChildren(this.body, fresh.content);
      for (const box of this.body.querySelectorAll("input[data-toggle]")) {
        box.checked = this.terms(box.dataset.toggle).includes(box.value);
      }
      this.load();
      this.html = html;
      if (shown !== this.shown) this.arrive();
      this.mark(this.state.highlighted);
      this.refocus(focused, shown);
    }
    const said = [this.done(), status].filter(Boolean).join(". ");
    if (this.status.textContent !== said) this.status.textContent = said;
    if (touched && touched === place && shown === this.shown) this.reveal(place);
    this.touched = null;
    this.shown = shown;
    if (this.sought) this.answered();
  }

  /** Begin at the top; back from what had a row of its own, at that row. */
  arrive() {
    scrollerOf(this.root).scrollTop = 0;
    const left = this.body.querySelector(`#${CSS.escape(`rm-${this.shown}`)}`);
    left?.scrollIntoView({ block: "center" });
    this.returned = left?.querySelector("a");
  }

  /** Put into what was written anew what it cannot know: what was fetched, what is being typed. */
  keep(fresh) {
    const holder = fresh.querySelector("[data-load]");
    if (holder && this.loaded?.id === holder.id) {
      holder.replaceChildren(this.loaded.content.cloneNode(true));
    }
    const twin = this.typed?.id && fresh.querySelector(`#${CSS.escape(this.typed.id)}`);
    if (twin) twin.value = this.typed.value;
  }

  /** Fetch what stands under an address, once, and put it in its place. */
  async load() {
    const holder = this.body.querySelector("[data-load]");
    const address = holder?.dataset.load;
    if (!address || address === this.loading) return;
    this.loading = address;
    const found = element("template");
    try {
      const answer = await fetch(new URL(address, document.baseURI));
      if (!answer.ok) throw new Error(String(answer.status));
      found.innerHTML = await answer.text();
    } catch {
      found.content.append(element("p", "rm-small", holder.dataset.failed));
      if (this.loading === address) this.loading = "";
    }
    if (![address, ""].includes(this.loading) || !holder.isConnected) return;
    this.loaded = { id: holder.id, content: found.content.cloneNode(true) };
    patchChildren(holder, found.content);
  }

  /** Say what has become of the stop that the visitor moved, added or took away. */
  done() {
    const { act } = this;
    this.act = null;
    const templates = this.body.querySelector(".rm-stops")?.dataset;
    if (!act || !templates || !this.index?.has(act.key)) return "";
    const index = this.index.get(act.key);
    const at = this.data.r.indexOf(index);
    const there = (this.data.w.stops ?? "").split(",").includes(act.key);
    if (act.what === "removed" ? there : at < 0) return "";
    const { places, language } = this.state.payload;
    const count = (number) => number.toLocaleString(language);
    const parts = { name: places.name[index], n: count(at + 1), total: count(this.data.r.length) };
    return (templates[act.what] ?? "").replace(/\{(name|n|total)\}/g, (_, part) => parts[part]);
  }

  /** Give the focus back to what had it; or to what stands for it, once that is gone. */
  refocus(focused, shown) {
    if (!focused || document.activeElement === focused) return;
    const stands = shown === this.shown ? ".rm-after" : ".rm-title";
    const next = focused.isConnected ? focused : (this.returned ?? this.body.querySelector(stands));
    this.returned = null;
    next?.focus({ preventScroll: true });
  }

  /** Bring into view what is told of a place. */
  reveal(key) {
    const line = this.body.querySelector(`[data-key="${CSS.escape(key)}"]`);
    line?.closest("details")?.setAttribute("open", "");
    line?.scrollIntoView({ block: "nearest" });
  }

  /** Offer the places of the town to be added to a walk, by name. */
  know({ places, quarters, streets }) {
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
    const labels = [...this.byLabel.keys()];
    this.streets = [...new Set(streets.map(([name]) => name))];
    this.names.replaceChildren(...labels.map((label) => new Option(label)));
    this.nearby.replaceChildren(...[...labels, ...this.streets].map((label) => new Option(label)));
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
    this.sought = null;
    this.wanted = { ...this.wanted, ...changes };
    this.talk.tell();
  }

  /* Each touch starts from all that is wanted, not from what is shown: quick ones all count. */
  click(button) {
    if (!button || !this.index) return;
    const { set, toggle, select, step, add, remove, move, by, order, find, copy } = button.dataset;
    const edit = (changed) => this.want({ stops: changed.join() });
    if (move || remove) this.act = { key: move || remove, what: move ? "moved" : "removed" };
    const { stops } = this;
    if (add) this.add(add, asked(set));
    else if (set) this.want(asked(set));
    else if (toggle) this.toggle(toggle, button.value, false);
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
    this.act = { key, what: "added" };
    this.want({ stops: [...new Set([...this.stops, key])].join(), ...more });
  }

  /** Do at once what a link to another state of this page asks for; a new tab gets the link. */
  follow(event) {
    const link = event.target.closest("a[data-set]");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (!link || elsewhere) return;
    event.preventDefault();
    this.want(asked(link.dataset.set));
  }

  /** Save a chart as a picture, or say that it could not be. */
  savePicture(event) {
    const link = event.target.closest("a[data-png]");
    if (!link) return;
    event.preventDefault();
    savePicture(link).catch(() => (this.status.textContent = link.dataset.failed));
  }

  changed(input) {
    if (this.typed === input) this.typed = null;
    if (!isWhole(input)) return;
    bound(input);
    if (this.backwards(input.closest(".rm-days"))) return;
    const { toggle, range, near, within, usual } = input.dataset;
    if (toggle) this.toggle(toggle, input.value, input.checked);
    else if (range) this.range(range);
    else if (near) this.around(input);
    else if (within) this.around(this.body.querySelector(`#${within}`));
    else if (input.name) this.ask({ [input.name]: input.value === usual ? "" : input.value });
    else if (this.byLabel?.has(input.value)) this.find(input);
  }

  /** Say so where days would end before they begin, and ask for nothing. */
  backwards(days) {
    if (!days) return false;
    const [first, last] = Array.from(days.querySelectorAll("input"), ({ value }) => value);
    const told = this.body.querySelector("#rm-days-told");
    const wrong = Boolean(first && last && last < first);
    told.textContent = wrong ? told.dataset.told : "";
    return wrong;
  }

  /** Ask for another selection, of which the first rows are listed. */
  ask(changes) {
    if (Object.entries(changes).every(([name, value]) => (this.wanted[name] ?? "") === value)) return;
    this.want("p.rows" in this.wanted ? { ...changes, "p.rows": "" } : changes);
  }

  terms(name) {
    return (this.wanted[name] ?? "").split(",").filter(Boolean);
  }

  /** Add a term to those that are chosen under a name, or take it away. */
  toggle(name, term, chosen) {
    const others = this.terms(name).filter((each) => each !== term);
    this.ask({ [name]: (chosen ? [...others, term] : others).join() });
  }

  /** Ask for years from one to another, of which either may be open. */
  range(name) {
    const boxes = [...this.body.querySelectorAll(`[data-range="${CSS.escape(name)}"]`)];
    if (!boxes.every(isWhole)) return;
    const [first, last] = boxes.map(({ value }) => value && value.padStart(4, "0"));
    this.ask({ [name]: first || last ? `${first || "0000"}-${last || "9999"}` : "" });
  }

  /** Ask for what is near a place or a street, by its name as far as nothing else has it. */
  around(box) {
    const sought = plain(box.value);
    const metres = this.body.querySelector(`#${box.dataset.near}`).value;
    if (!sought) {
      if (this.wanted["p.near"]) this.ask({ "p.near": "", "p.within": "" });
      return;
    }
    const names = [...this.byLabel.keys(), ...this.streets];
    const exact = names.filter((name) => plain(name) === sought);
    const alike = exact.length ? exact : names.filter((name) => plain(name).includes(sought));
    const name = exact.length || alike.length === 1 ? alike[0] : box.value;
    const near = this.byLabel.get(name) ?? name;
    this.ask({ "p.near": near, "p.within": metres, "p.area": "" });
    this.sought = { name: near, none: box.dataset.none };
  }

  /** Say so as long as the server knows no place and no street of the name that was asked for. */
  answered() {
    const { name, none } = this.sought;
    const given = this.data.w["p.near"];
    if (given === name) this.sought = null;
    const told = this.body.querySelector("#rm-near-told");
    if (told) told.textContent = given ? "" : none;
  }

  /** Ask for what lies in an area that was drawn on the map. */
  drawn(ring) {
    const corners = ring.map((corner) => corner.map((degrees) => degrees.toFixed(5)).join());
    this.ask({ "p.area": corners.join(";"), "p.near": "", "p.within": "" });
  }

  /** Tell the map which area is asked for: a ring of corners, or a circle about a place. */
  area({ "p.area": corners, "p.near": near, "p.within": metres }) {
    if (corners) return { ring: corners.split(";").map((corner) => corner.split(",").map(Number)) };
    return this.index.has(near) ? { index: this.index.get(near), metres: Number(metres) } : null;
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

/** Read what the colours of the map tell, as the server writes it. */
function colouringOf({ b: classes, l: legend, t: title, h: how, r: rule }) {
  const shades = legend.map(([label, colour, colourDark, mark, places]) => {
    return { label, colour, colourDark, mark, places };
  });
  return { classes: bytes(classes), legend: shades, title, how, rule };
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

/** Hold the other end of a range to what was typed: its words may be there before the server's. */
function bound(input) {
  const [first, last] = input.closest("[data-ends]")?.querySelectorAll("input") ?? [];
  if (!last) return;
  if (input === first) last.min = first.value;
  if (input === last) first.max = last.value;
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
