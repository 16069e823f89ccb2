/*
 * Search, filters, list and details beside the map. It holds the places that came by HTTP and asks
 * for each selection by HTTP too, so that the map follows at once; the page's server is told what
 * was asked, and keeps address and history. The map hears of it through two DOM events and answers
 * with two others (see places_layer.js).
 */

const FIRST_CHUNK = 20;
const CHUNK = 50;
const PAUSE_MS = 180;
const PATIENCE_MS = 4000;
const RETRY_MS = 3000;
const mounted = new WeakMap();
const payloads = new Map();

const element = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

function fetched(address) {
  if (!payloads.has(address)) {
    const loading = fetch(new URL(address, document.baseURI)).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
    loading.catch(() => payloads.delete(address));
    payloads.clear();
    payloads.set(address, loading);
  }
  return payloads.get(address);
}

const SHAPES = {
  circle: ["circle", { cx: 10, cy: 10, r: 7 }],
  square: ["rect", { x: 3.7, y: 3.7, width: 12.6, height: 12.6 }],
  diamond: ["path", { d: "M10 1.4 18.6 10 10 18.6 1.4 10Z" }],
};

function symbol(style, hollow) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("aria-hidden", "true");
  const [tag, attributes] = SHAPES[style.shape];
  const shape = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
  shape.setAttribute("class", hollow ? "hollow" : "solid");
  drawing.style.setProperty("--rm-light", style.colour);
  drawing.style.setProperty("--rm-dark", style.colour_dark);
  drawing.append(shape);
  return drawing;
}

/** Search box, families, active filters as chips, and all other filters behind one heading. */
class Filters {
  constructor(ask) {
    this.ask = ask;
    this.filters = {};
    this.spelled = "";
    this.root = element("div", "rm-filters");
    this.search = element("input", "rm-search");
    this.search.type = "search";
    this.search.maxLength = 200;
    this.families = element("ul", "rm-families");
    this.chips = element("ul", "rm-chips");
    this.panel = element("details", "rm-panel");
    this.heading = element("summary");
    this.body = element("div", "rm-facets");
    this.panel.append(this.heading, this.body);
    this.root.append(this.search, this.families, this.chips, this.panel);
    this.panel.addEventListener("toggle", () => {
      if (!this.payload || this.body.childElementCount) return;
      this.fill();
      this.updateAll();
    });
    this.search.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.typed(), PAUSE_MS);
    });
    this.search.addEventListener("change", () => this.typed());
    this.body.addEventListener("change", () => this.changed());
    this.families.addEventListener("click", (event) => this.toggle(event.target.closest("button")));
    this.chips.addEventListener("click", (event) => this.remove(event.target.closest("button")));
  }

  /** Take counts and filters; labels are drawn again only with other places or words. */
  draw(payload, { c: counts, f: filters }) {
    if (payload !== this.payload) {
      this.payload = payload;
      this.build();
    }
    this.counts = counts;
    this.take(filters);
  }

  /** Show filters at once, so that the next touch starts from them, and ask for what they leave. */
  want(filters) {
    this.take(Object.fromEntries(Object.entries(filters).filter(([, value]) => value)));
    this.ask(this.filters);
  }

  take(filters) {
    this.filters = filters;
    this.updateAll();
    this.spell(filters.q ?? "");
    this.drawChips();
  }

  /** Put words into the search box, but leave alone what a visitor typed who asked for them. */
  spell(q) {
    if (q === this.spelled) return;
    clearTimeout(this.pause);
    this.search.value = this.spelled = q;
  }

  chosen(facet) {
    return this.filters[facet] ? this.filters[facet].split(",") : [];
  }

  build() {
    const { strings, facets } = this.payload;
    this.search.placeholder = strings.search_example;
    this.search.setAttribute("aria-label", strings.search);
    this.heading.textContent = strings.filters;
    this.chips.setAttribute("aria-label", strings.active_filters);
    this.families.setAttribute("aria-label", facets[0].label);
    this.options = new Map();
    this.families.replaceChildren(...this.familyButtons(facets[0]));
    this.years = null;
    this.body.replaceChildren();
    if (this.panel.open) this.fill();
  }

  /** Draw the panel, which nobody needs before it is opened. */
  fill() {
    const { strings, facets, years } = this.payload;
    const offered = facets.slice(1).filter(({ options }) => options.length);
    const sets = offered.map((facet) => this.set(facet));
    if (years && years[0] < years[1]) {
      this.years = this.yearChoices(years);
      sets.splice(4, 0, this.yearSet(strings));
    }
    this.body.replaceChildren(...sets);
  }

  updateAll() {
    this.payload.facets.forEach((facet, at) => this.update(facet, this.counts[at]));
    const years = this.filters.years ? this.filters.years.split("-") : ["", ""];
    if (this.years) this.years.forEach((choice, at) => (choice.value = years[at]));
  }

  familyButtons({ name, options, labels }) {
    return options.map((option, at) => {
      const item = element("li");
      const button = element("button", "rm-family");
      button.type = "button";
      button.dataset.option = option;
      const count = element("small");
      const style = this.payload.families.find(({ family }) => family === option);
      button.append(symbol(style), element("span", "", labels[at]), count);
      item.append(button);
      this.options.set(`${name}:${option}`, { button, line: item, count });
      return item;
    });
  }

  set({ name, label, options, labels }) {
    const set = element("fieldset");
    set.append(element("legend", "", label));
    options.forEach((option, at) => {
      const line = element("label", "rm-option");
      const box = element("input");
      box.type = "checkbox";
      box.dataset.facet = name;
      box.dataset.option = option;
      const count = element("small");
      line.append(box, element("span", "", labels[at]), count);
      set.append(line);
      this.options.set(`${name}:${option}`, { box, line, count });
    });
    return set;
  }

  yearChoices([first, last]) {
    return [0, 1].map(() => {
      const choice = element("select");
      choice.append(new Option(this.payload.strings.any_year, ""));
      for (let year = first; year <= last; year += 1) choice.append(new Option(year, year));
      return choice;
    });
  }

  yearSet(strings) {
    const set = element("fieldset", "rm-years");
    set.append(element("legend", "", strings.years));
    [strings.year_from, strings.year_to].forEach((text, at) => {
      const line = element("label", "", `${text} `);
      line.append(this.years[at]);
      set.append(line);
    });
    return set;
  }

  update({ name, options }, counts) {
    const chosen = this.chosen(name);
    options.forEach((option, at) => {
      const drawn = this.options.get(`${name}:${option}`);
      if (!drawn) return;
      const { box, button, line, count } = drawn;
      const on = chosen.includes(option);
      if (box) box.checked = on;
      else button.setAttribute("aria-pressed", String(on));
      const text = counts[at].toLocaleString(this.payload.language);
      if (count.textContent === text) return;
      count.textContent = text;
      line.classList.toggle("rm-none", !counts[at]);
    });
  }

  drawChips() {
    const { strings, facets } = this.payload;
    const { q, years } = this.filters;
    const chips = q ? [["q", "", `«${q}»`]] : [];
    for (const { name, options, labels } of facets) {
      for (const option of this.chosen(name)) {
        chips.push([name, option, labels[options.indexOf(option)]]);
      }
    }
    if (years) chips.push(["years", "", `${strings.years}: ${years.replace("-", "–")}`]);
    if (chips.length > 1) chips.push(["*", "", strings.clear_all]);
    const drawn = JSON.stringify([chips, strings.remove]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const focused = this.chips.contains(document.activeElement);
    this.chips.replaceChildren(...chips.map((chip) => this.chip(...chip)));
    if (focused) (this.chips.querySelector("button") ?? this.heading).focus({ preventScroll: true });
  }

  chip(facet, option, label) {
    const item = element("li");
    const button = element("button", facet === "*" ? "rm-chip rm-all" : "rm-chip");
    button.type = "button";
    button.dataset.facet = facet;
    button.dataset.option = option;
    button.append(element("span", "", label));
    if (facet !== "*") {
      button.append(element("b", "", "×"));
      button.setAttribute("aria-label", this.payload.strings.remove.replace("{what}", label));
    }
    item.append(button);
    return item;
  }

  typed() {
    clearTimeout(this.pause);
    const q = this.search.value.trim();
    if (!this.payload || q === this.spelled) return;
    this.spelled = q;
    this.want({ ...this.filters, q });
  }

  toggle(button) {
    if (button) this.flip("family", button.dataset.option);
  }

  flip(facet, option) {
    const chosen = new Set(this.chosen(facet));
    if (!chosen.delete(option)) chosen.add(option);
    const { options } = this.payload.facets.find(({ name }) => name === facet);
    const kept = options.filter((each) => chosen.has(each));
    this.want({ ...this.filters, [facet]: kept.join(",") });
  }

  changed() {
    const asked = { ...this.filters };
    for (const { name } of this.payload.facets.slice(1)) {
      const boxes = this.body.querySelectorAll(`[data-facet="${name}"]:checked`);
      asked[name] = Array.from(boxes, (box) => box.dataset.option).join(",");
    }
    const [first, last] = this.years ? this.years.map((choice) => choice.value) : ["", ""];
    const [low, high] = this.payload.years ?? [];
    const years = [first || low, last || high].sort((a, b) => a - b);
    asked.years = first || last ? years.join("-") : "";
    this.want(asked);
  }

  remove(chip) {
    if (!chip) return;
    const { facet, option } = chip.dataset;
    if (facet === "*") this.want({});
    else if (option) this.flip(facet, option);
    else this.want({ ...this.filters, [facet]: "" });
  }
}

class Explorer {
  constructor(parent) {
    this.parent = parent;
    this.root = element("section", "rm-explorer");
    this.status = element("p", "rm-status");
    this.status.setAttribute("role", "status");
    this.details = element("article", "rm-details");
    this.details.hidden = true;
    this.list = element("ol", "rm-list");
    this.list.id = "rm-list";
    this.list.tabIndex = -1;
    this.end = element("div", "rm-end");
    this.filters = new Filters((filters) => this.ask(filters));
    this.root.append(this.filters.root, this.status, this.details, this.list, this.end);
    parent.append(this.root);
    this.state = { payload: null, visible: null, selected: -1, highlighted: -1, dark: false };
    this.request = this.said = this.heard = 0;
    this.hours = new Map();
    this.listen();
  }

  listen() {
    this.stops = new AbortController();
    const { signal } = this.stops;
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
    this.watcher = new IntersectionObserver((seen) => {
      if (seen.some((each) => each.isIntersecting)) this.grow();
    });
    this.watcher.observe(this.end);
  }

  stop() {
    this.stops.abort();
    clearTimeout(this.waiting);
    this.watcher.disconnect();
    this.root.remove();
  }

  /** Take what the page's server said; what it said before it heard our last request is stale. */
  async take(data, setTriggerValue) {
    this.send = setTriggerValue;
    const restarted = data.q === 0 && this.heard > 0;
    this.heard = data.q;
    if (data.q >= this.said || restarted) this.resume();
    if (data.q < this.request && !restarted) return;
    this.request = this.said = data.q;
    this.wanted = null;
    this.data = data;
    this.place = data.s;
    document.documentElement.lang = data.l;
    const payload = await fetched(`data/places/${data.u}.json`).catch(() => null);
    if (this.data !== data || this.request !== data.q) return;
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
    this.know(data.h);
    this.show(payload, data, this.index.get(data.s) ?? -1);
    this.open();
  }

  /** Ask for a selection by HTTP, and tell the page's server what was asked. */
  async ask(filters) {
    this.wanted = filters;
    this.tell();
    const address = `data/selections/${this.key}.json?${new URLSearchParams(filters)}`;
    const answer = await fetch(new URL(address, document.baseURI))
      .then((response) => (response.ok ? response.json() : null))
      .catch(() => null);
    // Without an answer the page's server gives it, a little later.
    if (!answer || filters !== this.wanted) return;
    this.status.textContent = answer.n;
    this.show(this.state.payload, answer, this.state.selected);
  }

  tell() {
    this.request += 1;
    if (!this.waiting) this.say();
  }

  /**
   * Tell the page's server all that is wanted, and nothing more before it has answered: of two
   * requests at once it may lose one, and Streamlit may take the whole component off the page.
   */
  say() {
    this.said = this.request;
    this.waiting = setTimeout(() => this.unheard(), PATIENCE_MS);
    this.send("view", { ...this.filters.filters, place: this.place, request: this.request });
  }

  /** Say it again; and if a server that is there stays silent, as after a restart, begin anew. */
  async unheard() {
    const there = await fetch(new URL("healthz", document.baseURI), { cache: "no-store" })
      .then((response) => response.ok)
      .catch(() => false);
    if (!this.waiting) return;
    if (there && this.missed) {
      const wanted = { lang: this.data.l, ...this.filters.filters };
      if (this.place) wanted.place = this.place;
      window.location.search = new URLSearchParams(wanted);
    } else {
      this.missed = there;
      this.say();
    }
  }

  resume() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.missed = false;
    if (this.said < this.request) this.say();
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
    window.regenMapState = { ...this.state };
    window.dispatchEvent(new CustomEvent("regen-map:state", { detail: window.regenMapState }));
  }

  dark() {
    const ground = getComputedStyle(this.root).getPropertyValue("--st-background-color");
    const parts = /^#(..)(..)(..)/.exec(ground.trim());
    const dark = parts
      ? parts.slice(1).reduce((sum, part) => sum + parseInt(part, 16), 0) < 384
      : window.matchMedia("(prefers-color-scheme: dark)").matches;
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
    this.scroller().scrollTop = 0;
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
    if (target.dataset.index) this.select(this.state.payload.places.key[target.dataset.index]);
    else if (target.dataset.select !== undefined) this.select(target.dataset.select);
  }

  /** Select at once in the browser; the server follows with the details. */
  select(key) {
    if (!this.state.payload) return;
    const index = this.index.get(key) ?? -1;
    this.asked = key;
    if (key === "") this.returning = this.state.selected;
    this.place = key;
    this.publish({ selected: index, highlighted: -1 });
    this.tell();
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
      this.details.prepend(this.back());
    } else {
      this.details.replaceChildren();
    }
    this.details.dataset.key = key;
    if (key === shown) return;
    if (key) this.listTop = this.scroller().scrollTop;
    this.scroller().scrollTop = key ? 0 : (this.listTop ?? 0);
    if (this.asked === key) this.focus(key);
    this.asked = undefined;
  }

  /** What scrolls: the panel beside the map, or the page where the panel is a sheet under it. */
  scroller() {
    for (let node = this.root; node; node = node.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(node).overflowY)) return node;
    }
    return document.scrollingElement;
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
