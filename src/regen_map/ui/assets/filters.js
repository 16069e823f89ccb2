/* Search, families, chips and all other filters of the Explore page. */

import { isWhole } from "./patch.js";
import { element } from "./places.js";
import { CLOCK, symbol } from "./symbols.js";

const PAUSE_MS = 180;
const QUARTER_OF_AN_HOUR_S = 900;

/** The filter of opening times, and its value for the present. */
export const OPEN = "open";
export const NOW = "now";

/** Write a time of the city, such as 2026-11-28T10:00, whatever the time zone of the browser. */
function written(moment, language) {
  const time = new Date(`${moment}Z`);
  const year = time.getUTCFullYear() === new Date().getFullYear() ? undefined : "numeric";
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
  // As Europe writes it, in any language: the day before the month, and 24 hours.
  const form = new Intl.DateTimeFormat(`${language}-150`, { ...parts, year, timeZone: "UTC" });
  return form.format(time);
}

/** Search box, families, active filters as chips, and all other filters behind one heading. */
export class Filters {
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
    this.body.addEventListener("change", ({ target }) => {
      if (target === this.moment) this.momentChanged();
      else this.changed();
    });
    this.families.addEventListener("click", (event) => this.toggle(event.target.closest("button")));
    this.chips.addEventListener("click", (event) => this.remove(event.target.closest("button")));
  }

  /** Take counts and filters; labels are drawn again only with other places or words. */
  draw(payload, { c: counts, f: filters, x: unsure }) {
    if (payload !== this.payload) {
      this.payload = payload;
      this.build();
    }
    this.counts = counts;
    this.unsure = unsure;
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
    const quick = [facets.find(({ name }) => name === OPEN), facets[0]].filter(
      ({ options }) => options.length,
    );
    this.families.setAttribute("aria-label", quick.map(({ label }) => label).join(", "));
    this.options = new Map();
    this.families.replaceChildren(...quick.flatMap((facet) => this.buttons(facet)));
    this.years = this.moment = null;
    this.body.replaceChildren();
    if (this.panel.open) this.fill();
  }

  /** Draw the panel, which nobody needs before it is opened. */
  fill() {
    const { strings, facets, years } = this.payload;
    const offered = facets.slice(1).filter(({ options }) => options.length);
    const sets = offered.map((facet) =>
      facet.name === OPEN ? this.momentSet(facet, strings) : this.set(facet),
    );
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
    this.showMoment();
  }

  /** Draw what one touch must reach; the panel has the other facets. */
  buttons({ name, options, labels }) {
    return options.map((option, at) => {
      const item = element("li");
      const button = element("button", "rm-family");
      button.type = "button";
      button.dataset.facet = name;
      button.dataset.option = option;
      const count = element("small");
      const style =
        name === OPEN ? CLOCK : this.payload.families.find(({ family }) => family === option);
      button.append(symbol(style, name === OPEN), element("span", "", labels[at]), count);
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

  momentSet({ label }, strings) {
    this.moment = element("input");
    this.moment.type = "datetime-local";
    this.moment.min = "2000-01-01T00:00";
    this.moment.max = "2100-12-31T23:59";
    this.moment.step = QUARTER_OF_AN_HOUR_S;
    this.shownMoment = "";
    const set = element("fieldset", "rm-moment");
    const line = element("label", "", strings.open_at);
    line.append(this.moment);
    set.append(element("legend", "", label), line);
    return set;
  }

  get askedMoment() {
    const open = this.filters[OPEN] ?? "";
    return open === NOW ? "" : open;
  }

  /** Leave alone what a visitor is still typing: a date that is not whole has no value. */
  showMoment() {
    if (!this.moment || this.askedMoment === this.shownMoment) return;
    this.shownMoment = this.moment.value = this.askedMoment;
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
      // A nought would say that all is closed, while of many places nobody knows it.
      const unsure = name === OPEN && !counts[at] ? this.unsure : "";
      if (button && unsure) button.setAttribute("aria-label", unsure);
      else if (button) button.removeAttribute("aria-label");
      const text = unsure ? "" : counts[at].toLocaleString(this.payload.language);
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
        chips.push([name, option, labels[options.indexOf(option)] ?? this.momentChip(option)]);
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

  momentChip(moment) {
    const { strings, language } = this.payload;
    return strings.open_when.replace("{when}", written(moment, language));
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
    if (button) this.flip(button.dataset.facet, button.dataset.option);
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
      if (name === OPEN) continue;
      const boxes = this.body.querySelectorAll(`[data-facet="${name}"]:checked`);
      asked[name] = Array.from(boxes, (box) => box.dataset.option).join(",");
    }
    const [first, last] = this.years ? this.years.map((choice) => choice.value) : ["", ""];
    const [low, high] = this.payload.years ?? [];
    const years = [first || low, last || high].sort((a, b) => a - b);
    asked.years = first || last ? years.join("-") : "";
    this.want(asked);
  }

  momentChanged() {
    const { value } = this.moment;
    if (!isWhole(this.moment) || value === this.shownMoment) return;
    this.shownMoment = value;
    this.want({ ...this.filters, [OPEN]: value });
  }

  remove(chip) {
    if (!chip) return;
    const { facet, option } = chip.dataset;
    if (facet === "*") this.want({});
    else if (option) this.flip(facet, option);
    else this.want({ ...this.filters, [facet]: "" });
  }
}
