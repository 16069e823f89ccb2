/*
 * Search, filters, list and details beside the map. It holds the places that came by HTTP and asks
 * for each selection by HTTP too, so that the map follows at once; the page's server is told what
 * was asked, and keeps address and history. The map hears of it through two DOM events and answers
 * with two others (see places_layer.js).
 */

import { Filters, NOW, OPEN } from "./filters.js";
import { bytes, element, fetchedPlaces, isDark, publish, scrollerOf } from "./places.js";
import { symbol } from "./symbols.js";
import { Talk } from "./talk.js";

const FIRST_CHUNK = 20;
const CHUNK = 50;
const RETRY_MS = 3000;
const MINUTE_MS = 60_000;
const mounted = new WeakMap();

class Explorer {
  constructor(parent) {
    this.parent = parent;
    this.root = element("section", "rm-explorer");
    this.root.id = "rm-list";
    this.root.tabIndex = -1;
    this.status = element("p", "rm-status");
    this.status.setAttribute("role", "status");
    this.details = element("article", "rm-details");
    this.details.hidden = true;
    this.list = element("ol", "rm-list");
    this.end = element("div", "rm-end");
    this.filters = new Filters((filters) => this.ask(filters));
    this.root.append(this.filters.root, this.status, this.details, this.list, this.end);
    parent.append(this.root);
    this.state = { payload: null, visible: null, selected: -1, highlighted: -1, dark: false };
    this.talk = new Talk(() => ({
      lang: this.data.l,
      ...this.filters.filters,
      place: this.place,
      stops: this.stops,
    }));
    this.hours = new Map();
    this.listen();
  }

  listen() {
    this.ending = new AbortController();
    const { signal } = this.ending;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(window, "regen-map:select", (event) => this.select(event.detail.key));
    on(window, "regen-map:highlight", (event) => this.mark(event.detail.index));
    for (const part of [this.list, this.details]) on(part, "click", (event) => this.click(event));
    for (const name of ["mouseover", "focusin"]) {
      on(this.list, name, (event) => this.point(event.target.closest("button")));
    }
    on(this.list, "pointerdown", () => (this.pressed = true));
    for (const name of ["pointerup", "pointercancel"]) {
      on(window, name, () => this.pressed && setTimeout(() => this.released()));
    }
    on(this.details, "keydown", (event) => event.key === "Escape" && this.select(""));
    for (const name of ["mouseleave", "focusout"]) on(this.list, name, () => this.point(null));
    on(window.matchMedia("(prefers-color-scheme: dark)"), "change", () =>
      setTimeout(() => this.publish({ dark: this.dark() }), 150),
    );
    on(document, "visibilitychange", () => this.askAgain());
    this.watcher = new IntersectionObserver((seen) => {
      if (seen.some((each) => each.isIntersecting)) this.grow();
    });
    this.watcher.observe(this.end);
  }

  stop() {
    this.ending.abort();
    this.talk.stop();
    clearTimeout(this.aMinute);
    this.watcher.disconnect();
    this.root.remove();
  }

  /** Take what the page's server said; what it said before it heard our last request is stale. */
  async take(data, setTriggerValue) {
    if (!this.talk.hears(data.q, setTriggerValue)) return;
    this.wanted = null;
    this.data = data;
    this.place = data.s;
    this.stops = data.m;
    document.documentElement.lang = data.l;
    const payload = await fetchedPlaces(data.u);
    if (this.data !== data || this.talk.request !== data.q) return;
    if (!payload) {
      this.status.textContent = data.e;
      setTimeout(() => this.data === data && this.take(data, setTriggerValue), RETRY_MS);
      return;
    }
    this.status.textContent = data.n;
    this.key = data.u;
    if (payload !== this.state.payload) {
      this.index = new Map(payload.places.key.map((key, at) => [key, at]));
    }
    this.show(payload, data, this.index.get(data.s) ?? -1);
    this.open();
  }

  /** Ask for a selection by HTTP, and tell the page's server what was asked. */
  async ask(filters) {
    this.wanted = filters;
    this.talk.tell();
    const answer = await this.answer(filters);
    // Without an answer the page's server gives it, a little later.
    if (!answer || filters !== this.wanted) return;
    this.status.textContent = answer.n;
    this.show(this.state.payload, answer, this.state.selected);
  }

  answer(filters, cache = "default") {
    const address = `data/selections/${this.key}.json?${new URLSearchParams(filters)}`;
    return fetch(new URL(address, document.baseURI), { cache })
      .then((response) => (response.ok ? response.json() : null))
      .catch(() => null);
  }

  /** What is open now is so for a minute: ask again after it, as long as somebody looks. */
  keepUp() {
    clearTimeout(this.aMinute);
    if (document.hidden || !this.ages) return;
    this.aMinute = setTimeout(() => this.askAgain(), MINUTE_MS);
  }

  /** Whether anything is said of opening hours. */
  get ages() {
    return this.hours.size > 0 || this.filters.filters[OPEN] === NOW;
  }

  async askAgain() {
    const { filters } = this.filters;
    if (!document.hidden && this.key && this.ages) {
      this.wanted = filters;
      const answer = await this.answer(filters, "no-cache");
      if (filters !== this.wanted) return;
      const told = answer ? answer.n : this.data.e;
      if (this.status.textContent !== told) this.status.textContent = told;
      if (answer) this.replace(answer);
    }
    this.keepUp();
  }

  /** Show what has changed by itself, and leave the reader where they were. */
  replace(answer) {
    const scroller = scrollerOf(this.root);
    const { scrollTop } = scroller;
    const focused = this.list.contains(document.activeElement) && document.activeElement;
    this.show(this.state.payload, answer, this.state.selected);
    scroller.scrollTop = scrollTop;
    const again = focused && this.list.querySelector(`[data-index="${focused.dataset.index}"]`);
    if (again && again !== focused) again.focus({ preventScroll: true });
  }

  /** Show a selection: the map first. */
  show(payload, selection, selected) {
    this.publish({
      payload,
      visible: selection.b ? bytes(selection.b) : null,
      selected,
      dark: this.dark(),
    });
    this.filters.draw(payload, selection);
    this.know(selection.h);
    this.keepUp();
    const frame = document.querySelector(".st-key-map iframe");
    if (frame) frame.title = payload.strings.map;
    const listed = `${payload.language}/${payload.version}/${selection.b}/${selection.o}`;
    if (listed === this.listed) return;
    this.listed = listed;
    this.order = this.ordered(selection);
    // A row that is being pressed must still be there when it is let go.
    if (this.pressed) this.late = true;
    else this.redraw();
  }

  released() {
    this.pressed = false;
    if (this.late) this.redraw();
    this.late = false;
  }

  publish(changes) {
    Object.assign(this.state, changes);
    publish(this.state);
  }

  dark() {
    const dark = isDark(this.root);
    this.root.classList.toggle("rm-dark", dark);
    return dark;
  }

  /* ------------------------------------------------------------------- list */

  /** Indices of what is visible: best matches first, then in the order of the catalogue. */
  ordered({ o: ranked }) {
    const { visible, payload } = this.state;
    const first = ranked ? Array.from(new Uint32Array(bytes(ranked).buffer)) : [];
    const placed = new Set(first);
    const order = first;
    for (let index = 0; index < payload.places.key.length; index += 1) {
      const shown = visible === null || (visible[index >> 3] >> (index & 7)) & 1;
      if (shown && !placed.has(index)) order.push(index);
    }
    return order;
  }

  redraw() {
    const { strings } = this.state.payload;
    this.list.setAttribute("aria-label", strings.list);
    this.list.replaceChildren();
    scrollerOf(this.root).scrollTop = 0;
    if (!this.order.length) this.list.append(element("li", "rm-nothing", strings.nothing_found));
    this.grow();
  }

  grow() {
    if (!this.order) return;
    const done = this.list.querySelectorAll("button").length;
    const size = done ? CHUNK : FIRST_CHUNK;
    const rows = this.order.slice(done, done + size).map((index) => this.row(index));
    this.list.append(...rows);
  }

  row(index) {
    const { places, kinds, quarters, families, phases, strings, exact_within_m } = this.state.payload;
    const item = element("li");
    const button = element("button", "rm-row");
    button.type = "button";
    button.dataset.index = String(index);
    const accuracy = places.accuracy[index];
    const located = places.lat[index] !== null;
    button.append(
      symbol(families[places.family[index]], accuracy === null || accuracy > exact_within_m),
    );
    const texts = element("span", "rm-texts");
    texts.append(element("span", "rm-name", places.name[index]));
    const facts = [
      kinds[places.kind[index]] ?? families[places.family[index]].label,
      quarters[places.quarter[index]],
      this.isSilent(index) ? this.data.z[0] : "",
    ].filter(Boolean);
    texts.append(element("span", "rm-meta", facts.join(" · ")));
    texts.append(element("span", "rm-hours", this.hours.get(index)));
    const tags = [
      places.closed[index] ? strings.closed : "",
      phases[places.phase[index]]?.label ?? "",
      located ? "" : strings.not_on_map,
    ].filter(Boolean);
    if (tags.length) {
      const line = element("span", "rm-tags");
      line.append(...tags.map((tag) => element("span", "rm-tag", tag)));
      texts.append(line);
    }
    button.append(texts);
    item.append(button);
    return item;
  }

  /** Tell whether a place with a door states no opening hours. */
  isSilent(index) {
    if (this.data.z !== this.told) {
      this.told = this.data.z;
      this.silent = this.told[1] ? bytes(this.told[1]) : null;
    }
    return this.silent === null || (this.silent[index >> 3] >> (index & 7)) & 1;
  }

  /** Take what is open now; rows that are drawn already say it too, and stay where they are. */
  know(openings) {
    const told = ([words, indices]) => indices.map((index) => [index, words]);
    this.hours = new Map(Object.entries(openings).flatMap(told));
    for (const row of this.list.querySelectorAll(".rm-row")) {
      const words = this.hours.get(Number(row.dataset.index)) ?? "";
      const shown = row.querySelector(".rm-hours");
      if (shown.textContent !== words) shown.textContent = words;
    }
  }

  /** Show on the map what the pointer or the focus is on in the list. */
  point(button) {
    const index = button ? Number(button.dataset.index) : -1;
    if (index === this.state.highlighted) return;
    this.mark(index);
    this.publish({ highlighted: index });
  }

  mark(index) {
    this.state.highlighted = index;
    for (const row of this.list.querySelectorAll(".rm-row.rm-marked")) {
      row.classList.remove("rm-marked");
    }
    const row = index >= 0 && this.list.querySelector(`[data-index="${index}"]`);
    if (row) row.classList.add("rm-marked");
  }

  /* ---------------------------------------------------------------- details */

  click(event) {
    const target = event.target.closest("button");
    if (!target) return;
    if (target.dataset.walk) this.toggleStop(target.dataset.walk);
    else if (target.dataset.index) this.select(this.state.payload.places.key[target.dataset.index]);
    else if (target.dataset.select !== undefined) this.select(target.dataset.select);
    else if (target.dataset.copy !== undefined) this.copy(target.dataset);
  }

  /** Copy the address of what is open, or select it where the browser lets nobody copy. */
  async copy({ copied, selected }) {
    const address = this.details.querySelector(".rm-address");
    const done = this.details.querySelector(".rm-copied");
    try {
      await navigator.clipboard.writeText(address.value);
      done.textContent = copied;
    } catch {
      address.focus();
      address.select();
      done.textContent = selected;
    }
  }

  /** Write out the addresses that the server, which does not know where it stands, left short. */
  complete() {
    for (const each of this.details.querySelectorAll("[data-address]")) {
      const short = each.dataset.address;
      const whole = new URL(short, document.baseURI).href;
      if (each.matches("input")) each.value = whole;
      else each.href = each.href.replace(encodeURIComponent(short), encodeURIComponent(whole));
    }
    this.keepWalk();
  }

  /** Let the links to walks keep what was asked for, and the visitor's own walk. */
  keepWalk() {
    for (const each of this.details.querySelectorAll("[data-open-walk]"))
      each.href = this.walkAddress(each.dataset.openWalk);
  }

  walkAddress(walk) {
    const asked = new URLSearchParams(window.location.search);
    asked.set("lang", this.data.l);
    asked.set("walk", walk);
    if (this.stops) asked.set("stops", this.stops);
    else asked.delete("stops");
    return new URL(`walks?${asked}`, document.baseURI).href;
  }

  /** Select at once in the browser; the server follows with the details. */
  select(key) {
    if (!this.state.payload) return;
    const index = this.index.get(key) ?? -1;
    this.asked = key;
    if (key === "") this.returning = this.state.selected;
    this.place = key;
    this.publish({ selected: index, highlighted: -1 });
    this.talk.tell();
  }

  open() {
    const { s: key, d: html } = this.data;
    const shown = this.details.dataset.key ?? "";
    const drawn = `${key}/${html}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.details.hidden = !key;
    this.root.classList.toggle("rm-open", Boolean(key));
    if (key) {
      this.details.innerHTML = html;
      this.complete();
      this.details.prepend(this.back());
      this.details.querySelector(".rm-walk")?.replaceWith(this.walkTools(key));
    } else {
      this.details.replaceChildren();
    }
    this.details.dataset.key = key;
    if (key === shown) return;
    if (key) this.listTop = scrollerOf(this.root).scrollTop;
    scrollerOf(this.root).scrollTop = key ? 0 : (this.listTop ?? 0);
    if (this.asked === key) this.focus(key);
    this.asked = undefined;
  }

  /** Offer to put a place into the visitor's own walk, and to open that. */
  walkTools(key) {
    const { strings, most_stops: most } = this.state.payload;
    const tools = element("p", "rm-actions rm-walk");
    const mine = this.mine();
    const chosen = mine.includes(key);
    const button = element("button", "rm-action", chosen ? strings.walk_remove : strings.walk_add);
    button.type = "button";
    button.dataset.walk = key;
    button.disabled = !chosen && mine.length >= most;
    tools.append(button);
    if (mine.length) {
      const text = strings.walk_open.replace("{n}", mine.length.toLocaleString(this.data.l));
      const link = element("a", "rm-action", text);
      link.href = this.walkAddress("mine");
      link.target = "_self";
      tools.append(link);
    }
    return tools;
  }

  mine() {
    return this.stops ? this.stops.split(",") : [];
  }

  toggleStop(key) {
    const mine = this.mine();
    this.stops = (mine.includes(key) ? mine.filter((each) => each !== key) : [...mine, key]).join();
    const tools = this.walkTools(key);
    this.details.querySelector(".rm-walk").replaceWith(tools);
    this.keepWalk();
    tools.querySelector("button").focus({ preventScroll: true });
    this.talk.tell();
  }

  focus(key) {
    const row = this.list.querySelector(`[data-index="${this.returning}"]`);
    const target = key ? this.details.querySelector(".rm-title") : row;
    if (!target) return;
    target.focus({ preventScroll: true });
    if (!key) target.scrollIntoView({ block: "nearest" });
  }

  back() {
    const button = element("button", "rm-back", `‹ ${this.state.payload.strings.back_to_list}`);
    button.type = "button";
    button.dataset.select = "";
    return button;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let explorer = mounted.get(parentElement);
  if (!explorer) {
    explorer = new Explorer(parentElement);
    mounted.set(parentElement, explorer);
  }
  explorer.take(data, setTriggerValue);
  return () => {
    explorer.stop();
    mounted.delete(parentElement);
  };
}
