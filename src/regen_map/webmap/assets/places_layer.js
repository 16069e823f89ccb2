/*
 * The places on the map: one canvas layer that owns the features in the browser and is the
 * only writer of map state. It knows Leaflet and two DOM events, nothing of the page's toolkit.
 *
 * In:  "regen-map:state" on the page's window, whose detail (also kept as `regenMapState`) is
 *      {payload, visible, selected, highlighted, dark, route, area, drawing, colouring}; a route is
 *      the indices of the stops of a walk, in order; an area is {ring} of [lon, lat] or
 *      {index, metres}; drawing holds the words of what draws an area, where one may be drawn; a
 *      colouring is {classes, legend, title, how, rule}, one byte per feature that counts in the legend
 *      of {label, colour, colourDark, mark, places}, or null for colours by family.
 * Out: "regen-map:select" {key}, "regen-map:highlight" {index} and "regen-map:area" {ring} on the
 *      page's window.
 */
(function () {
  "use strict";

  const PAGE = window.parent;
  const RADIUS = 9;
  const ROOM = 56;
  const TOUCH_REACH = 24;
  const MOUSE_REACH = 13;
  const MOST_LISTED = 14;
  const SEPARATING_ZOOM = 18;
  const BADGE_RADIUS = 12;
  const BADGE_STEP = 25;
  const MOST_CORNERS = 200;
  const MARKED = 1.25;
  const TAU = Math.PI * 2;

  const element = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  /* ---------------------------------------------------------------- symbols */

  function outline(context, shape, x, y, r) {
    context.beginPath();
    if (shape === "circle") {
      context.arc(x, y, r, 0, TAU);
    } else if (shape === "square") {
      const side = r * 0.9;
      context.rect(x - side, y - side, side * 2, side * 2);
    } else {
      const tip = r * 1.22;
      context.moveTo(x, y - tip);
      context.lineTo(x + tip, y);
      context.lineTo(x, y + tip);
      context.lineTo(x - tip, y);
    }
    context.closePath();
  }

  /** Relative luminance of #rrggbb, as the Web Content Accessibility Guidelines define it. */
  function luminance(colour) {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  /** Black or white, whichever is read better on a colour: 4.5:1 or more on any. */
  function inkOn(colour) {
    return luminance(colour) > 0.179 ? "#000000" : "#ffffff";
  }

  class Symbols {
    constructor(payload, dark, ratio) {
      this.payload = payload;
      this.dark = dark;
      this.ratio = ratio;
      this.sprites = new Map();
    }

    paper() {
      return this.dark ? "#15181c" : "#ffffff";
    }

    colour(family) {
      const style = this.payload.families[family];
      return this.dark ? style.colour_dark : style.colour;
    }

    /** What has no colour of its own while colours tell of something else. */
    neutral() {
      return { colour: this.dark ? "#b9b2a5" : "#6a6258", mark: "" };
    }

    sprite(family, hollow, phase, stalled, scale, look = null) {
      const name = `${family}/${hollow}/${phase}/${stalled}/${scale}/${look?.colour}/${look?.mark}`;
      let sprite = this.sprites.get(name);
      if (!sprite) {
        sprite = this.drawn(family, hollow, phase, stalled, scale, look);
        this.sprites.set(name, sprite);
      }
      return sprite;
    }

    drawn(family, hollow, phase, stalled, scale, look = null) {
      const size = Math.ceil((RADIUS + 8) * 2 * scale);
      const sprite = element("canvas");
      sprite.width = sprite.height = size * this.ratio;
      sprite.side = size;
      const context = sprite.getContext("2d");
      context.scale(this.ratio, this.ratio);
      const middle = size / 2;
      const radius = RADIUS * scale;
      const style = this.payload.families[family];
      const colour = look ? look.colour : this.colour(family);
      outline(context, style.shape, middle, middle, radius);
      context.lineJoin = "round";
      context.lineWidth = 4;
      context.strokeStyle = this.paper();
      context.stroke();
      context.fillStyle = hollow ? this.paper() : colour;
      context.fill();
      const rim = look?.mark ? 3.8 : 2.6;
      outline(context, style.shape, middle, middle, hollow ? radius + 0.3 - rim / 2 : radius);
      context.lineWidth = hollow ? rim : 1;
      context.strokeStyle = hollow ? colour : this.paper();
      context.stroke();
      if (look?.mark) this.mark(context, middle, scale, look.mark, inkOn(hollow ? this.paper() : colour));
      if (phase >= 0) this.ring(context, middle, radius + 4.5, phase, stalled);
      return sprite;
    }

    mark(context, middle, scale, sign, ink) {
      context.font = `700 ${11 * scale}px system-ui, sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillStyle = ink;
      context.fillText(sign, middle, middle + 0.6);
    }

    ring(context, middle, radius, phase, stalled) {
      const ink = this.dark ? "#f2b04a" : "#8a4b00";
      context.beginPath();
      context.arc(middle, middle, radius, -Math.PI / 2, TAU - Math.PI / 2);
      context.setLineDash(this.payload.phases[phase].dash);
      context.lineWidth = 2.2;
      context.strokeStyle = ink;
      context.stroke();
      context.setLineDash([]);
      if (!stalled) return;
      const x = middle + radius * 0.72;
      const y = middle - radius * 0.72;
      context.beginPath();
      context.arc(x, y, 4.6, 0, TAU);
      context.fillStyle = ink;
      context.fill();
      context.fillStyle = this.paper();
      context.fillRect(x - 2, y - 2.3, 1.4, 4.6);
      context.fillRect(x + 0.6, y - 2.3, 1.4, 4.6);
    }
  }

  /* ------------------------------------------------------------ the features */

  class Features {
    /** Positions in Web Mercator units of one world width, so that a zoom is one multiplication. */
    constructor(payload) {
      const { lat, lon } = payload.places;
      this.payload = payload;
      this.count = lat.length;
      this.x = new Float64Array(this.count);
      this.y = new Float64Array(this.count);
      for (let index = 0; index < this.count; index += 1) {
        if (lat[index] === null) {
          this.x[index] = this.y[index] = NaN;
        } else {
          const sine = Math.sin((lat[index] * Math.PI) / 180);
          this.x[index] = lon[index] / 360 + 0.5;
          this.y[index] = 0.5 - Math.log((1 + sine) / (1 - sine)) / (2 * TAU);
        }
      }
      this.areas = Object.entries(payload.areas).map(([index, geometry]) => ({
        index: Number(index),
        rings: geometry.flat().map((ring) => ring.map(([x, y]) => L.latLng(y, x))),
      }));
    }

    located(index) {
      return this.x[index] === this.x[index];
    }

    latLng(index) {
      const { lat, lon } = this.payload.places;
      return L.latLng(lat[index], lon[index]);
    }

    hollow(index) {
      const accuracy = this.payload.places.accuracy[index];
      return accuracy === null || accuracy > this.payload.exact_within_m;
    }
  }

  /* ---------------------------------------------------------------- painting */

  const Canvas = L.Renderer.extend({
    initialize(view) {
      L.Renderer.prototype.initialize.call(this, { padding: 0.15, pane: "overlayPane" });
      this._layers = {};
      this.view = view;
    },
    _initContainer() {
      this._container = element("canvas", "places-canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._context = this._container.getContext("2d");
    },
    _destroyContainer() {
      this._container.remove();
    },
    _updatePaths() {},
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = ratio * size.x;
      this._container.height = ratio * size.y;
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      this.ratio = ratio;
      this.paint();
    },
    paint() {
      if (!this._bounds) return;
      const context = this._context;
      context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      context.clearRect(0, 0, this._container.width, this._container.height);
      context.translate(-this._bounds.min.x, -this._bounds.min.y);
      this.view.paintOn(context, this._bounds, this.ratio);
    },
  });

  /** Features that would cover each other, gathered round the first of them. */
  class Groups {
    constructor(count) {
      this.next = new Int32Array(count);
      this.group = new Int32Array(count);
      this.clear();
    }

    clear() {
      this.x = [];
      this.y = [];
      this.first = [];
      this.last = [];
      this.size = [];
      this.cells = new Map();
      this.group.fill(-1);
    }

    add(index, x, y, reach) {
      const column = Math.floor(x / reach);
      const row = Math.floor(y / reach);
      for (let c = column - 1; c <= column + 1; c += 1) {
        for (let r = row - 1; r <= row + 1; r += 1) {
          const group = this.cells.get(c * 1048576 + r);
          if (group !== undefined && Math.hypot(this.x[group] - x, this.y[group] - y) < reach) {
            this.next[this.last[group]] = index;
            this.next[index] = -1;
            this.last[group] = index;
            this.size[group] += 1;
            this.group[index] = group;
            return;
          }
        }
      }
      const group = this.x.push(x) - 1;
      this.y.push(y);
      this.first.push(index);
      this.last.push(index);
      this.size.push(1);
      this.group[index] = group;
      this.next[index] = -1;
      const cell = column * 1048576 + row;
      if (!this.cells.has(cell)) this.cells.set(cell, group);
    }

    /** Whether a feature is drawn with its own symbol. */
    alone(index) {
      return this.size[this.group[index]] === 1;
    }

    members(group) {
      const found = [];
      for (let index = this.first[group]; index >= 0; index = this.next[index]) found.push(index);
      return found;
    }

    nearest(point, reach) {
      let best = -1;
      let closest = reach * reach;
      for (let group = 0; group < this.x.length; group += 1) {
        const distance = (this.x[group] - point.x) ** 2 + (this.y[group] - point.y) ** 2;
        if (distance < closest) {
          closest = distance;
          best = group;
        }
      }
      return best;
    }
  }

  /* -------------------------------------------------------------- the layer */

  class PlacesView {
    constructor(map, options) {
      this.map = map;
      this.options = options;
      this.state = { payload: null, visible: null, selected: -1, highlighted: -1, dark: false };
      this.route = new Route(this);
      this.shown = 0;
      this.version = 0;
      this.canvas = new Canvas(this).addTo(map);
      this.tooltip = element("div", "places-tooltip");
      this.tooltip.hidden = true;
      map.getContainer().append(this.tooltip);
      this.background = new Background(map, options.tiles, () => this.canvas.paint());
      this.drawing = new Drawing(this);
      this.controls = null;
      this.listen();
      if (PAGE.regenMapState) this.set(PAGE.regenMapState);
    }

    listen() {
      const map = this.map;
      const onState = (event) => this.set(event.detail);
      PAGE.addEventListener("regen-map:state", onState);
      window.addEventListener("pagehide", () =>
        PAGE.removeEventListener("regen-map:state", onState),
      );
      new ResizeObserver(() => {
        map.invalidateSize({ pan: false });
        if (this.controls) this.controls.legend.unfold();
        if (this.touched) return;
        this.atStart({ animate: false });
        if (this.state.selected >= 0) this.reveal(this.state.selected);
      }).observe(map.getContainer());
      for (const name of ["pointerdown", "wheel", "keydown"]) {
        map.getContainer().addEventListener(name, () => (this.touched = true), { once: true });
      }
      map.on("mousemove", (event) => this.hover(event.layerPoint, event.containerPoint));
      map.on("mouseout", () => this.highlight(-1));
      map.on("click", (event) => this.click(event));
      map.on("movestart zoomstart", () => this.hideTooltip());
      this.keepStill();
    }

    /** Let nothing glide before those who ask for less motion, whatever moves the map. */
    keepStill() {
      const { map } = this;
      const { inertia } = map.options;
      map.on("dragstart", () => (map.options.inertia = inertia && this.moves()));
      const { setView, panBy } = map;
      const still = (options) => (this.moves() ? options : { ...options, animate: false });
      map.setView = (center, zoom, options) => setView.call(map, center, zoom, still(options));
      map.panBy = (offset, options) => panBy.call(map, offset, still(options));
    }

    /** Show the whole walk, or where there is none, the town. */
    atStart(options) {
      const { map } = this;
      if (this.route.located.length > 1) {
        const room = { paddingTopLeft: [64, 40], paddingBottomRight: [40, 64], maxZoom: 18 };
        map.fitBounds(this.route.bounds(), { ...room, ...options });
      } else {
        map.fitBounds(homeBounds(this.options.home), options);
      }
    }

    /** Apply a state of the page: the only way in. */
    set(state) {
      const changed = state.payload !== this.state.payload || state.dark !== this.state.dark;
      const chosen = state.selected !== this.state.selected || state.payload !== this.state.payload;
      const before = this.state;
      this.state = { ...state };
      if (!state.payload) return;
      if (state.payload !== before.payload) {
        this.features = new Features(state.payload);
        this.groups = new Groups(this.features.count);
      }
      if (changed) this.dress();
      this.count();
      if (this.route.take(state.route || [])) this.atStart({ animate: false });
      this.drawing.take(state);
      this.canvas.paint();
      this.version += 1;
      if (chosen && state.selected >= 0) this.reveal(state.selected);
      if (chosen) this.closeChooser();
      if (this.controls) this.controls.refresh();
    }

    dress() {
      const { payload, dark } = this.state;
      this.symbols = new Symbols(payload, dark, Math.min(window.devicePixelRatio || 1, 2));
      document.documentElement.lang = payload.language;
      document.documentElement.classList.toggle("dark", dark);
      this.background.dress(payload.strings);
      if (this.controls) this.controls.remove();
      this.controls = new Controls(this);
    }

    /** What a feature's class is, while colours tell of classes; else undefined. */
    shade(index) {
      const { colouring } = this.state;
      return colouring?.legend[colouring.classes[index]];
    }

    /** The look of a feature's class, null while colours tell families. */
    look(index) {
      if (!this.state.colouring) return null;
      const shade = this.shade(index);
      if (!shade) return this.symbols.neutral();
      return { colour: this.state.dark ? shade.colourDark : shade.colour, mark: shade.mark };
    }

    isVisible(index) {
      const { visible } = this.state;
      return visible === null || (visible[index >> 3] >> (index & 7)) & 1;
    }

    count() {
      let shown = 0;
      for (let index = 0; index < this.features.count; index += 1) {
        if (this.isVisible(index) && this.features.located(index)) shown += 1;
      }
      this.shown = shown;
    }

    /* ------------------------------------------------------------- painting */

    paintOn(context, bounds, ratio) {
      if (!this.features) return;
      if (this.symbols.ratio !== ratio) {
        this.symbols = new Symbols(this.state.payload, this.state.dark, ratio);
      }
      const origin = this.map.getPixelOrigin();
      const scale = 256 * 2 ** this.map.getZoom();
      this.project = (index) => ({
        x: this.features.x[index] * scale - origin.x,
        y: this.features.y[index] * scale - origin.y,
      });
      this.gather(bounds, scale, origin);
      this.route.place();
      this.paintAreas(context);
      this.drawing.paint(context);
      if (!this.background.showing) this.paintStreets(context, bounds);
      this.route.paintLine(context);
      for (let group = 0; group < this.groups.x.length; group += 1) {
        if (this.groups.size[group] === 1) this.paintSymbol(context, this.groups.first[group]);
        else this.paintGroup(context, group);
      }
      this.route.paintNumbers(context);
      this.paintChosen(context);
    }

    gather(bounds, scale, origin) {
      const { x, y, count } = this.features;
      const zoom = this.map.getZoom();
      const reach = zoom >= 18 ? 12 : zoom >= 16 ? 17 : 24;
      const margin = 24;
      const left = bounds.min.x - margin;
      const right = bounds.max.x + margin;
      const top = bounds.min.y - margin;
      const bottom = bounds.max.y + margin;
      this.groups.clear();
      for (let index = 0; index < count; index += 1) {
        if (!this.isVisible(index) || this.route.has(index)) continue;
        const px = x[index] * scale - origin.x;
        const py = y[index] * scale - origin.y;
        if (px >= left && px <= right && py >= top && py <= bottom) {
          this.groups.add(index, px, py, reach);
        }
      }
    }

    paintSymbol(context, index, scale = 1) {
      const { family, phase, stalled } = this.state.payload.places;
      const { x, y } = this.project(index);
      const look = this.look(index);
      const sprite = this.symbols.sprite(
        family[index],
        this.features.hollow(index),
        look ? -1 : phase[index],
        look ? 0 : stalled[index],
        look ? scale * MARKED : scale,
        look,
      );
      const side = sprite.side;
      context.drawImage(sprite, x - side / 2, y - side / 2, side, side);
    }

    paintGroup(context, group) {
      const x = this.groups.x[group];
      const y = this.groups.y[group];
      const size = this.groups.size[group];
      const radius = size < 10 ? 12 : size < 100 ? 15 : 19;
      const { family } = this.state.payload.places;
      const shares = new Array(this.state.payload.families.length).fill(0);
      for (let index = this.groups.first[group]; index >= 0; index = this.groups.next[index]) {
        shares[family[index]] += 1;
      }
      context.beginPath();
      context.arc(x, y, radius + 2, 0, TAU);
      context.fillStyle = this.symbols.paper();
      context.fill();
      let angle = -Math.PI / 2;
      context.lineWidth = 4;
      shares.forEach((share, each) => {
        if (!share) return;
        const end = angle + (share / size) * TAU;
        context.beginPath();
        context.arc(x, y, radius - 1, angle, end);
        context.strokeStyle = this.state.colouring
          ? this.symbols.neutral().colour
          : this.symbols.colour(each);
        context.stroke();
        angle = end;
      });
      if (this.route.covers(x, y, radius)) return;
      context.fillStyle = this.state.dark ? "#f4f1ea" : "#22262b";
      context.font = `600 ${size < 100 ? 12 : 11}px system-ui, sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(String(size), x, y + 0.5);
    }

    paintAreas(context) {
      for (const { index, rings } of this.features.areas) {
        if (!this.isVisible(index)) continue;
        context.beginPath();
        for (const ring of rings) {
          ring.forEach((latLng, step) => {
            const { x, y } = this.map.latLngToLayerPoint(latLng);
            if (step) context.lineTo(x, y);
            else context.moveTo(x, y);
          });
          context.closePath();
        }
        const colour = this.areaColour(index);
        const chosen = index === this.state.selected || index === this.state.highlighted;
        context.globalAlpha = chosen ? 0.35 : 0.18;
        context.fillStyle = colour;
        context.fill("evenodd");
        context.globalAlpha = 1;
        context.lineWidth = chosen ? 3 : 1.5;
        context.strokeStyle = colour;
        context.stroke();
      }
    }

    /** The colour of an area: of its class only where its symbol tells the same without colour. */
    areaColour(index) {
      const look = this.look(index);
      if (!look) return this.symbols.colour(this.state.payload.places.family[index]);
      return (this.groups.alone(index) ? look : this.symbols.neutral()).colour;
    }

    paintStreets(context, bounds) {
      const zoom = this.map.getZoom();
      const taken = [];
      const ink = this.state.dark ? "#b9b2a5" : "#6a6258";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineJoin = "round";
      for (const [name, kind, lat, lon] of this.state.payload.streets) {
        const quarter = kind === "quarter";
        if (quarter ? zoom > 17 : zoom < (kind === "square" ? 16 : 17)) continue;
        const { x, y } = this.map.latLngToLayerPoint([lat, lon]);
        if (!bounds.contains([x, y])) continue;
        context.font = quarter
          ? "italic 600 13px Georgia, serif"
          : `${kind === "square" ? 600 : 400} 11px system-ui, sans-serif`;
        const half = context.measureText(name).width / 2 + 4;
        const middle = quarter ? y - 24 : y + 24;
        const line = { left: x - half, right: x + half, top: middle - 8, bottom: middle + 8 };
        const covered = taken.some(
          (other) =>
            line.left < other.right &&
            line.right > other.left &&
            line.top < other.bottom &&
            line.bottom > other.top,
        );
        if (covered) continue;
        taken.push(line);
        context.lineWidth = 3;
        context.strokeStyle = this.state.dark ? "#1d2126" : "#f4f0e8";
        context.strokeText(name, x, middle);
        context.fillStyle = ink;
        context.fillText(name, x, middle);
      }
    }

    paintChosen(context) {
      const { highlighted, selected, dark } = this.state;
      for (const [index, chosen] of [
        [highlighted, false],
        [selected, true],
      ]) {
        if (index < 0 || !this.features.located(index)) continue;
        const { x, y } = this.route.badge(index) ?? this.project(index);
        if (chosen) this.paintAccuracy(context, index);
        context.beginPath();
        context.arc(x, y, RADIUS + 10, 0, TAU);
        context.fillStyle = dark ? "rgba(255,255,255,.16)" : "rgba(20,24,28,.12)";
        context.fill();
        context.lineWidth = chosen ? 3 : 2;
        context.strokeStyle = dark ? "#ffffff" : "#14181c";
        context.stroke();
        if (this.route.badge(index)) this.route.paintBadge(context, index);
        else this.paintSymbol(context, index, 1.15);
      }
    }

    paintAccuracy(context, index) {
      const { x, y } = this.project(index);
      const radius = this.accuracy(index);
      if (!radius) return;
      context.beginPath();
      context.arc(x, y, radius, 0, TAU);
      context.fillStyle = this.state.dark ? "rgba(242,176,74,.14)" : "rgba(138,75,0,.09)";
      context.fill();
      context.setLineDash([6, 5]);
      context.lineWidth = 1.5;
      context.strokeStyle = this.state.dark ? "#f2b04a" : "#8a4b00";
      context.stroke();
      context.setLineDash([]);
    }

    /** By how many pixels the position of a place may be wrong; 0 where that is not stated. */
    accuracy(index) {
      const metres = this.state.payload.places.accuracy[index] || 0;
      const { lat } = this.features.latLng(index);
      const metresPerPixel =
        (40075016.686 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** this.map.getZoom());
      return metres / metresPerPixel;
    }

    /* ----------------------------------------------------------- interaction */

    hover(layerPoint, containerPoint) {
      // A finger's touch is told as a move of the mouse too, and nothing ends it.
      if (!this.features || window.matchMedia("(hover: none)").matches) return;
      const members = this.at(layerPoint, MOUSE_REACH);
      this.map.getContainer().classList.toggle("over-place", members.length > 0);
      if (!members.length) {
        this.highlight(-1);
        return;
      }
      this.highlight(members.length === 1 ? members[0] : -1);
      this.showTooltip(members, containerPoint);
    }

    highlight(index) {
      if (index < 0) this.hideTooltip();
      if (index === this.state.highlighted) return;
      this.state.highlighted = index;
      this.canvas.paint();
      PAGE.dispatchEvent(new CustomEvent("regen-map:highlight", { detail: { index } }));
    }

    showTooltip(members, point) {
      const { name } = this.state.payload.places;
      const lines = members.slice(0, 4).map((index) => element("div", "", name[index]));
      const shade = members.length === 1 && this.shade(members[0]);
      if (shade) lines.push(element("div", "class", shade.label));
      if (members.length > 4) {
        lines.push(element("div", "more", `+ ${members.length - 4}`));
      }
      this.tooltip.replaceChildren(...lines);
      const right = point.x > this.map.getSize().x / 2;
      this.tooltip.style.left = right ? "" : `${point.x + 16}px`;
      this.tooltip.style.right = right ? `${this.map.getSize().x - point.x + 16}px` : "";
      this.tooltip.style.top = `${Math.max(4, point.y - 14)}px`;
      this.tooltip.hidden = false;
    }

    hideTooltip() {
      this.tooltip.hidden = true;
    }

    click(event) {
      if (!this.features || this.drawing.active) return;
      this.closeChooser();
      const touch = event.originalEvent && event.originalEvent.pointerType === "touch";
      const members = this.at(event.layerPoint, touch ? TOUCH_REACH : MOUSE_REACH);
      if (members.length) this.open(members);
    }

    /** What lies under a point: a stop of the walk, else symbols, else areas. */
    at(layerPoint, reach) {
      const stop = this.route.nearest(layerPoint, reach);
      if (stop >= 0) return [stop];
      const group = this.groups.nearest(layerPoint, reach);
      if (group >= 0) return this.groups.members(group);
      return this.areasAt(this.map.layerPointToLatLng(layerPoint));
    }

    /** Visible areas that a position lies in. */
    areasAt({ lat, lng }) {
      return this.features.areas
        .filter(({ index, rings }) => {
          const sides = rings.flatMap((ring) => ring.slice(1).map((end, at) => [ring[at], end]));
          const crossed = sides.filter(
            ([a, b]) =>
              a.lat > lat !== b.lat > lat &&
              lng < ((b.lng - a.lng) * (lat - a.lat)) / (b.lat - a.lat) + a.lng,
          );
          return this.isVisible(index) && crossed.length % 2;
        })
        .map(({ index }) => index);
    }

    /** Select a lone place; list the few that share a point; come closer to the many. */
    open(members) {
      if (members.length === 1) {
        this.select(members[0]);
        return;
      }
      if (members.length > MOST_LISTED && this.map.getZoom() < SEPARATING_ZOOM) {
        const around = L.latLngBounds(members.map((index) => this.features.latLng(index)));
        const zoom = Math.max(
          this.map.getZoom() + 1,
          Math.min(SEPARATING_ZOOM, this.map.getBoundsZoom(around.pad(0.2))),
        );
        this.map.setView(around.getCenter(), zoom);
        return;
      }
      this.hideTooltip();
      this.chooser = new Chooser(this, members);
    }

    closeChooser() {
      if (this.chooser) this.chooser.close();
      this.chooser = null;
    }

    select(index) {
      const key = this.state.payload.places.key[index];
      PAGE.dispatchEvent(new CustomEvent("regen-map:select", { detail: { key } }));
    }

    moves() {
      return !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    }

    /** Bring a place into view without changing the zoom, and only if it is out of it. */
    reveal(index) {
      if (!this.features.located(index)) return;
      const { x, y } = this.map.getSize();
      const room = ROOM + Math.min(this.accuracy(index), Math.min(x, y) / 4);
      this.map.panInside(this.features.latLng(index), { padding: [room, room] });
    }

    /** Stops of the walk, or located and visible places, in the order of the keyboard's steps. */
    steps() {
      if (this.route.located.length) return this.route.located;
      const found = [];
      for (let index = 0; index < this.features.count; index += 1) {
        if (this.isVisible(index) && this.features.located(index)) found.push(index);
      }
      const { x, y } = this.features;
      return found.sort((a, b) => x[a] - x[b] || y[a] - y[b] || a - b);
    }
  }

  /* --------------------------------------------------------------- the walk */

  /** The stops of a walk as numbers, and straight lines between those that have a position. */
  class Route {
    constructor(view) {
      this.view = view;
      this.stops = [];
      this.located = [];
      this.badges = new Map();
    }

    /** Take the stops; true when all of them must be brought into view. */
    take(stops) {
      if (stops.join() === this.stops.join()) return false;
      const before = this.stops;
      this.stops = stops;
      this.numbers = new Map(stops.map((index, at) => [index, at + 1]));
      this.located = stops.filter((index) => this.view.features.located(index));
      this.badges.clear();
      // A walk that is being made moves the map only when it leaves it.
      const edited = stops.some((index) => before.includes(index)) || this.located.length === 1;
      return !edited || !this.view.map.getBounds().contains(this.bounds());
    }

    has(index) {
      return this.stops.length > 0 && this.numbers.has(index);
    }

    badge(index) {
      return this.badges.get(index);
    }

    bounds() {
      return L.latLngBounds(this.located.map((index) => this.view.features.latLng(index)));
    }

    nearest(point, reach) {
      let best = -1;
      let closest = (reach + BADGE_RADIUS / 2) ** 2;
      for (const [index, { x, y }] of this.badges) {
        const distance = (x - point.x) ** 2 + (y - point.y) ** 2;
        if (distance < closest) {
          closest = distance;
          best = index;
        }
      }
      return best;
    }

    ink() {
      return this.view.state.dark ? "#f4f1ea" : "#14181c";
    }

    /** Find room for the numbers. */
    place() {
      this.badges.clear();
      for (const index of this.located) this.badges.set(index, this.free(this.view.project(index)));
    }

    /** Whether a number of the walk stands where that of a group would. */
    covers(x, y, radius) {
      const reach = BADGE_RADIUS + radius;
      return [...this.badges.values()].some((badge) => Math.hypot(badge.x - x, badge.y - y) < reach);
    }

    paintLine(context) {
      const points = this.located.map((index) => this.view.project(index));
      context.lineJoin = context.lineCap = "round";
      for (const [width, dash, colour] of [
        [6, [], this.view.symbols.paper()],
        [2.6, [1, 6], this.ink()],
      ]) {
        context.beginPath();
        points.forEach(({ x, y }, at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
        context.setLineDash(dash);
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.stroke();
      }
      context.setLineDash([]);
      context.lineCap = "butt";
    }

    paintNumbers(context) {
      for (const index of this.located) this.paintLeader(context, this.view.project(index), index);
      for (const index of this.located) this.paintBadge(context, index);
    }

    /** Find room for a number beside those that are placed already. */
    free(point) {
      const placed = [...this.badges.values()];
      for (let ring = 0; ring < 5; ring += 1) {
        for (let turn = 0; turn < Math.max(1, ring * 6); turn += 1) {
          const angle = (turn / Math.max(1, ring * 6)) * TAU;
          const x = point.x + Math.cos(angle) * ring * BADGE_STEP;
          const y = point.y + Math.sin(angle) * ring * BADGE_STEP;
          const open = placed.every((other) => Math.hypot(other.x - x, other.y - y) >= BADGE_STEP);
          if (open) return { x, y };
        }
      }
      return point;
    }

    paintLeader(context, from, index) {
      const to = this.badges.get(index);
      if (to.x === from.x && to.y === from.y) return;
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.lineWidth = 1.5;
      context.strokeStyle = this.ink();
      context.stroke();
      context.beginPath();
      context.arc(from.x, from.y, 3, 0, TAU);
      context.fillStyle = this.ink();
      context.fill();
    }

    /** Draw a stop's number: on solid ground where the position is known, hollow where it is not. */
    paintBadge(context, index) {
      const { x, y } = this.badges.get(index);
      const paper = this.view.symbols.paper();
      const hollow = this.view.features.hollow(index);
      context.beginPath();
      context.arc(x, y, BADGE_RADIUS, 0, TAU);
      context.fillStyle = hollow ? paper : this.ink();
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = hollow ? this.ink() : paper;
      context.stroke();
      context.fillStyle = hollow ? this.ink() : paper;
      context.font = "700 13px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(String(this.numbers.get(index)), x, y + 0.5);
    }
  }

  function homeBounds([minx, miny, maxx, maxy]) {
    return L.latLngBounds([miny, minx], [maxy, maxx]);
  }

  /* ------------------------------------------------------------ background */

  /** Tiles when they can be had, plain paper when not; a failure is told quietly, once. */
  class Background {
    constructor(map, sources, onChange) {
      this.map = map;
      this.sources = sources;
      this.onChange = onChange;
      this.showing = false;
      this.chosen = sources.length ? sources[0].id : "";
      this.notice = element("div", "map-notice");
      this.notice.setAttribute("role", "status");
      this.notice.hidden = true;
      map.getContainer().append(this.notice);
      map.attributionControl.setPrefix(false);
      this.choose(this.chosen);
    }

    dress(strings) {
      this.strings = strings;
      this.tell();
    }

    choose(id) {
      if (this.layer) this.layer.remove();
      this.layer = null;
      this.chosen = id;
      this.failed = false;
      this.showing = false;
      const source = this.sources.find((each) => each.id === id);
      if (source) this.layer = this.tiles(source).addTo(this.map);
      this.tell();
      this.onChange();
    }

    tiles(source) {
      const layer = L.tileLayer(source.url, {
        maxNativeZoom: source.max_zoom,
        maxZoom: 20,
        attribution: credit(source),
        referrerPolicy: "strict-origin-when-cross-origin",
      });
      let loaded = 0;
      layer.on("tileload", () => {
        loaded += 1;
        if (loaded > 1) return;
        this.showing = true;
        this.failed = false;
        this.tell();
        this.onChange();
      });
      layer.on("tileerror", () => {
        if (loaded || this.failed) return;
        this.failed = true;
        this.tell();
      });
      return layer;
    }

    tell() {
      clearTimeout(this.timer);
      this.notice.hidden = !(this.failed && this.strings);
      if (this.notice.hidden) return;
      this.notice.textContent = this.strings.no_background;
      this.timer = setTimeout(() => {
        this.notice.hidden = true;
      }, 8000);
    }
  }

  function credit(source) {
    const link = element("a", "", source.attribution);
    link.href = source.attribution_url || "#";
    link.target = "_blank";
    link.rel = "noopener";
    return source.attribution_url ? link.outerHTML : element("i", "", source.attribution).innerHTML;
  }

  /* ------------------------------------------------------------- the chooser */

  /** The places that share a point, as a list of buttons. */
  class Chooser {
    constructor(view, members) {
      const { strings, places, kinds } = view.state.payload;
      this.view = view;
      this.before = document.activeElement;
      this.box = element("div", "places-chooser");
      this.box.setAttribute("role", "dialog");
      const title = strings.here_are.replace("{n}", String(members.length));
      this.box.setAttribute("aria-label", title);
      const head = element("div", "head");
      head.append(element("strong", "", title), this.closing(strings.close));
      const list = element("ul");
      for (const index of members) list.append(this.line(index, places, kinds));
      this.box.append(head, list);
      this.box.addEventListener("keydown", (event) => this.onKey(event));
      L.DomEvent.disableClickPropagation(this.box);
      L.DomEvent.disableScrollPropagation(this.box);
      view.map.getContainer().append(this.box);
      list.querySelector("button").focus({ preventScroll: true });
    }

    closing(label) {
      const button = element("button", "close", "×");
      button.type = "button";
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => this.view.closeChooser());
      return button;
    }

    line(index, places, kinds) {
      const item = element("li");
      const button = element("button", "place");
      button.type = "button";
      button.append(element("span", "name", places.name[index]));
      if (places.kind[index] >= 0) {
        button.append(element("span", "kind", kinds[places.kind[index]]));
      }
      const shade = this.view.shade(index);
      if (shade) button.append(element("span", "kind", shade.label));
      button.addEventListener("mouseenter", () => this.view.highlight(index));
      button.addEventListener("focus", () => this.view.highlight(index));
      button.addEventListener("click", () => this.view.select(index));
      item.append(button);
      return item;
    }

    onKey(event) {
      const buttons = [...this.box.querySelectorAll("button.place")];
      const here = buttons.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") this.view.closeChooser();
      else if (step) buttons[(here + step + buttons.length) % buttons.length].focus();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    close() {
      this.box.remove();
      if (this.before && this.before.isConnected) this.before.focus({ preventScroll: true });
    }
  }

  /* --------------------------------------------------------------- controls */

  const ICONS = {
    home: "M4 12 12 4.5 20 12M6.5 10.5V19.5H17.5V10.5",
    locate: "M12 5A7 7 0 1 0 12 19 7 7 0 1 0 12 5M12 2V6.5M12 17.5V22M2 12H6.5M17.5 12H22",
    fullscreen: "M4 9V4H9M15 4H20V9M20 15V20H15M9 20H4V15",
  };

  function icon(path) {
    const space = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(space, "svg");
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(space, "path");
    line.setAttribute("d", path);
    drawing.append(line);
    return drawing;
  }

  class Controls {
    constructor(view) {
      this.view = view;
      this.strings = view.state.payload.strings;
      this.parts = [];
      const map = view.map;
      if (map.zoomControl) {
        map.zoomControl._zoomInButton.setAttribute("aria-label", this.strings.zoom_in);
        map.zoomControl._zoomInButton.title = this.strings.zoom_in;
        map.zoomControl._zoomOutButton.setAttribute("aria-label", this.strings.zoom_out);
        map.zoomControl._zoomOutButton.title = this.strings.zoom_out;
      }
      const container = map.getContainer();
      container.setAttribute("role", "region");
      container.setAttribute("aria-label", this.strings.map);
      container.tabIndex = -1;
      this.bar = element("div", "map-buttons leaflet-bar");
      L.DomEvent.disableClickPropagation(this.bar);
      this.button("home", () => view.atStart({ animate: view.moves() }));
      this.button("locate", () => this.locate());
      if (document.fullscreenEnabled) this.button("fullscreen", () => this.fullscreen());
      this.add(this.bar);
      this.scale = L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
      this.legend = new Legend(view, this.strings);
      this.add(this.legend.box);
      this.stepper = new Stepper(view, this.strings);
      this.add(this.stepper.box);
    }

    add(node) {
      this.parts.push(node);
      this.view.map.getContainer().append(node);
    }

    button(name, onClick) {
      const button = element("button", `map-button ${name}`);
      button.append(icon(ICONS[name]));
      button.type = "button";
      button.title = this.strings[name];
      button.setAttribute("aria-label", this.strings[name]);
      button.addEventListener("click", onClick);
      this.bar.append(button);
    }

    locate() {
      const { map, background } = this.view;
      const say = (text) => {
        background.notice.textContent = text;
        background.notice.hidden = false;
        clearTimeout(background.timer);
        background.timer = setTimeout(() => {
          background.notice.hidden = true;
        }, 6000);
      };
      map.off("locationfound locationerror");
      map.once("locationfound", ({ latlng, accuracy }) => {
        if (this.here) this.here.remove();
        this.here = L.layerGroup([
          L.circle(latlng, { radius: accuracy, weight: 1, color: "#0b57d0", fillOpacity: 0.12 }),
          L.circleMarker(latlng, { radius: 7, weight: 3, color: "#fff", fillColor: "#0b57d0", fillOpacity: 1 }),
        ]).addTo(map);
        map.panTo(latlng, { animate: this.view.moves() });
      });
      map.once("locationerror", () => say(this.strings.not_located_you));
      say(this.strings.locating);
      map.locate({ enableHighAccuracy: true, timeout: 12000 });
    }

    fullscreen() {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen().catch(() => {});
    }

    refresh() {
      this.stepper.refresh();
      this.legend.take(this.view.state.colouring ?? null);
    }

    remove() {
      for (const part of this.parts) part.remove();
      this.scale.remove();
    }
  }

  /** The area that is asked for, and the drawing of another, corner by corner. */
  class Drawing {
    constructor(view) {
      this.view = view;
      this.area = null;
      this.corners = null;
      this.box = element("div", "map-drawing");
      this.box.style.cssText =
        "position:absolute;z-index:950;top:10px;right:10px;max-width:min(20rem,calc(100% - 80px));" +
        "display:flex;flex-wrap:wrap;justify-content:flex-end;gap:6px;font-size:14px";
      L.DomEvent.disableClickPropagation(this.box);
      // Leaflet does not know a button again that its own touch has taken away.
      this.box.addEventListener("click", (event) => event.stopPropagation());
      view.map.getContainer().append(this.box);
      view.map.on("click", ({ latlng }) => this.add(latlng));
      view.map.on("dblclick", () => this.finish());
      view.map.on("mousemove", ({ latlng }) => this.follow(latlng));
      window.addEventListener("keydown", (event) => this.onKey(event));
    }

    get active() {
      return this.corners !== null;
    }

    take({ area, drawing, dark }) {
      this.area = area ?? null;
      const words = drawing ? { ...drawing } : null;
      const same = JSON.stringify(words) === JSON.stringify(this.words) && dark === this.dark;
      this.words = words;
      this.dark = dark;
      if (same) return;
      if (!words) this.stop();
      this.dress();
    }

    /** Put the buttons there that do something now. */
    dress() {
      this.box.replaceChildren();
      this.box.hidden = !this.words;
      if (!this.words) return;
      const { draw, hint, done, cancel } = this.words;
      if (!this.active) {
        this.button("draw", draw, () => this.start());
        return;
      }
      const told = element("p", "map-notice", hint);
      told.style.cssText = "position:static;margin:0;flex:1 1 100%;width:auto";
      told.setAttribute("role", "status");
      this.box.append(told);
      this.button("done", done, () => this.finish());
      this.button("cancel", cancel, () => this.cancel());
    }

    button(name, label, onClick) {
      const button = element("button", `map-draw ${name}`, label);
      button.type = "button";
      const [ground, ink] = this.dark ? ["#262b31", "#f4f1ea"] : ["#fff", "#22262b"];
      button.style.cssText =
        `min-height:44px;min-width:44px;padding:0 14px;font:600 14px/1.2 inherit;cursor:pointer;` +
        `background:${ground};color:${ink};border:2px solid rgba(120,120,120,.6);border-radius:6px`;
      button.style.fontFamily = "inherit";
      button.addEventListener("click", onClick);
      this.box.append(button);
    }

    start() {
      this.corners = [];
      this.view.map.doubleClickZoom.disable();
      this.view.map.getContainer().style.cursor = "crosshair";
      this.dress();
      this.view.canvas.paint();
      this.box.querySelector(".cancel").focus();
    }

    stop() {
      if (!this.active) return;
      this.corners = this.pointer = null;
      this.view.map.doubleClickZoom.enable();
      this.view.map.getContainer().style.cursor = "";
      this.view.canvas.paint();
    }

    cancel() {
      this.stop();
      this.dress();
      this.box.querySelector(".draw")?.focus();
    }

    /** Add a corner; the second touch of a double one is at the same point. */
    add(latLng) {
      if (!this.active || this.corners.length >= MOST_CORNERS) return;
      const last = this.corners.at(-1);
      if (last && this.distance(last, latLng) < 6) return;
      this.corners.push(latLng);
      this.view.canvas.paint();
    }

    follow(latLng) {
      if (!this.active) return;
      this.pointer = latLng;
      this.view.canvas.paint();
    }

    distance(a, b) {
      const { map } = this.view;
      return map.latLngToLayerPoint(a).distanceTo(map.latLngToLayerPoint(b));
    }

    finish() {
      if (!this.active || this.corners.length < 3) return;
      const ring = this.corners.map(({ lat, lng }) => [lng, lat]);
      this.cancel();
      PAGE.dispatchEvent(new PAGE.CustomEvent("regen-map:area", { detail: { ring } }));
    }

    onKey(event) {
      if (!this.active) return;
      if (event.key === "Escape") this.cancel();
      else if (event.key === "Enter" && !event.target.closest?.("button")) this.finish();
      else return;
      // What has the focus now must not take the same key for a touch.
      event.preventDefault();
    }

    paint(context) {
      if (this.active) {
        const next = this.pointer && this.corners.length ? [this.pointer] : [];
        this.outline(context, [...this.corners, ...next].map((each) => this.point(each)));
        for (const corner of this.corners) {
          const { x, y } = this.point(corner);
          context.fillStyle = this.ink();
          context.fillRect(x - 4, y - 4, 8, 8);
        }
      } else if (this.area?.ring) {
        this.outline(
          context,
          this.area.ring.map(([lon, lat]) => this.point(L.latLng(lat, lon))),
        );
      } else if (this.area && this.view.features.located(this.area.index)) {
        this.circle(context, this.view.features.latLng(this.area.index), this.area.metres);
      }
    }

    point(latLng) {
      return this.view.map.latLngToLayerPoint(latLng);
    }

    ink() {
      return this.dark ? "#8ab4ff" : "#0b57d0";
    }

    outline(context, points) {
      context.beginPath();
      points.forEach(({ x, y }, at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.closePath();
      this.fill(context);
    }

    circle(context, middle, metres) {
      const { x, y } = this.point(middle);
      const edge = this.point(L.latLng(middle.lat + metres / 111320, middle.lng));
      context.beginPath();
      context.arc(x, y, Math.abs(edge.y - y), 0, TAU);
      this.fill(context);
    }

    fill(context) {
      context.globalAlpha = 0.1;
      context.fillStyle = this.ink();
      context.fill("evenodd");
      context.globalAlpha = 1;
      context.lineWidth = 2.5;
      context.setLineDash([8, 5]);
      context.strokeStyle = this.ink();
      context.stroke();
      context.setLineDash([]);
    }
  }

  /** What the symbols mean, in words, and which background is shown. */
  class Legend {
    constructor(view, strings) {
      this.view = view;
      this.strings = strings;
      this.box = element("details", "map-legend");
      L.DomEvent.disableClickPropagation(this.box);
      L.DomEvent.disableScrollPropagation(this.box);
      this.summary = element("summary");
      this.summary.addEventListener("click", () => {
        view.legendOpen = !this.box.open;
      });
      this.told = element("div");
      this.box.append(this.summary, this.told);
      if (view.background.sources.length) this.box.append(this.backgrounds(strings));
      this.take(view.state.colouring ?? null);
    }

    /** Tell what the colours mean; what is told already stays, and so do focus and openness. */
    take(colouring) {
      const said = colouring && JSON.stringify([colouring.title, colouring.rule, colouring.how, colouring.legend]);
      if (said === this.said) return;
      this.said = said;
      this.colouring = colouring;
      this.unfold();
      this.summary.textContent = colouring ? colouring.title : this.strings.legend;
      const symbols = this.symbols(colouring);
      this.told.replaceChildren(
        ...(colouring ? [this.classes(colouring), this.reading(colouring, symbols)] : [symbols]),
      );
    }

    /** Open or close as the visitor left it; until then, open where there is room. */
    unfold() {
      this.box.open = this.view.legendOpen ?? this.hasRoom();
    }

    /** Whether the legend opens by itself: sooner where colours cannot be read without it. */
    hasRoom() {
      const { x, y } = this.view.map.getSize();
      return this.colouring ? x > 600 && y > 600 : x > 1000 && window.innerHeight > 800;
    }

    /** The classes, each with its mark, its words and how many places are in it. */
    classes({ title, legend }) {
      const list = element("ul", "map-classes");
      list.setAttribute("aria-label", title);
      for (const { label, colour, colourDark, mark, places } of legend) {
        const item = element("li");
        const sample = element("b", "class-sample", mark);
        sample.setAttribute("aria-hidden", "true");
        sample.style.background = this.view.state.dark ? colourDark : colour;
        sample.style.color = inkOn(this.view.state.dark ? colourDark : colour);
        item.append(sample, element("span", "", label), element("small", "", places));
        list.append(item);
      }
      return list;
    }

    /** What holds where several projects share a place, and what the shapes mean. */
    reading({ how, rule }, symbols) {
      const box = element("details", "map-reading");
      box.open = this.readingOpen ?? false;
      box.addEventListener("toggle", () => {
        this.readingOpen = box.open;
      });
      box.append(element("summary", "", how), element("p", "", rule), symbols);
      return box;
    }

    /** The shapes, and what is drawn round them where colours tell families. */
    symbols(colouring) {
      const { payload } = this.view.state;
      const look = colouring && this.view.symbols.neutral();
      const list = element("ul");
      payload.families.forEach((family, each) => {
        if (family.on_map) list.append(this.line(each, false, -1, 0, family.label, look));
      });
      list.append(this.line(0, true, -1, 0, this.strings.approximate, look));
      for (const { phase, stalled, label } of colouring ? [] : payload.rings) {
        list.append(this.line(0, false, phase, stalled, label));
      }
      list.append(this.groupLine(this.strings.several_here));
      return list;
    }

    line(family, hollow, phase, stalled, label, look = null) {
      const item = element("li");
      const sprite = this.view.symbols.drawn(family, hollow, phase, stalled, 0.85, look);
      sprite.style.width = sprite.style.height = `${sprite.side}px`;
      sprite.setAttribute("aria-hidden", "true");
      item.append(sprite, element("span", "", label));
      return item;
    }

    groupLine(label) {
      const item = element("li");
      item.append(element("b", "group-sample", "3"), element("span", "", label));
      return item;
    }

    backgrounds(strings) {
      const set = element("fieldset");
      set.append(element("legend", "", strings.background));
      const choices = [
        ...this.view.background.sources.map(({ id, name }) => [id, name]),
        ["", strings.paper],
      ];
      for (const [id, name] of choices) {
        const label = element("label");
        const radio = element("input");
        radio.type = "radio";
        radio.name = "background";
        radio.checked = id === this.view.background.chosen;
        radio.addEventListener("change", () => this.view.background.choose(id));
        label.append(radio, element("span", "", name));
        set.append(label);
      }
      return set;
    }
  }

  /** One tab stop from which the arrow keys reach every place, one by one. */
  class Stepper {
    constructor(view, strings) {
      this.view = view;
      this.strings = strings;
      this.box = element("div", "places-stepper");
      this.box.tabIndex = 0;
      this.box.setAttribute("role", "application");
      this.box.setAttribute("aria-label", strings.step_through);
      this.told = element("div", "places-told");
      this.told.setAttribute("aria-live", "polite");
      this.box.append(element("span", "hint", strings.step_through), this.told);
      this.box.addEventListener("keydown", (event) => this.onKey(event));
      this.box.addEventListener("blur", () => this.view.highlight(-1));
      this.order = null;
    }

    refresh() {
      this.order = null;
    }

    onKey(event) {
      this.order = this.order || this.view.steps();
      const { highlighted, selected } = this.view.state;
      const here = this.order.indexOf(highlighted >= 0 ? highlighted : selected);
      const last = this.order.length - 1;
      const target = {
        ArrowRight: Math.min(last, here + 1),
        ArrowDown: Math.min(last, here + 1),
        ArrowLeft: Math.max(0, here - 1),
        ArrowUp: Math.max(0, here - 1),
        Home: 0,
        End: last,
      }[event.key];
      if (event.key === "Enter" && here >= 0) this.view.select(this.order[here]);
      else if (event.key === "Escape") this.view.highlight(-1);
      else if (target !== undefined && last >= 0) this.go(target);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    go(position) {
      const index = this.order[position];
      const { places, kinds } = this.view.state.payload;
      this.view.highlight(index);
      this.view.reveal(index);
      const kind = places.kind[index] >= 0 ? `, ${kinds[places.kind[index]]}` : "";
      const shade = this.view.shade(index);
      const more = shade ? `, ${shade.label}` : "";
      this.told.textContent = `${places.name[index]}${kind}${more} (${position + 1}/${this.order.length})`;
    }
  }

  window.RegenMap = {
    mount(map, options) {
      // The frame comes with a page that nobody may enlarge.
      for (const each of document.querySelectorAll("meta[name=viewport]"))
        each.content = "width=device-width, initial-scale=1";
      window.regenMap = new PlacesView(map, options);
      return window.regenMap;
    },
  };
})();
