/*
 * One position that staff set on the map by a click, by dragging or with the arrow keys; beside it
 * where it was before, what is proposed, and how exact it is. Or positions that a change moves.
 *
 * In:  `set` {subject, words, editable, now, accuracy, before, apart, proposals, moves, streets}. Positions
 *      are [lat, lon] or null; a proposal is {at, accuracy, label}, a move {before, after, label},
 *      a street {at, label}, which is named where there is no background.
 *      Another subject is shown whole; otherwise the view stays as it is.
 * Out: through the frame's component, {lat, lon, zoom, seq} for each position that is set.
 */
(function () {
  "use strict";

  const KEY_PAUSE_MS = 500;
  const MOST_LABELS = 12;
  const NAMING_ZOOM = 15;
  // Less than half of a phone's map on either side of a point; Leaflet would not break a name.
  const LABEL = "width:max-content;max-width:min(16rem,38vw);white-space:normal;overflow-wrap:anywhere";
  const STEP_PX = 4;
  const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

  const LIGHT = { ink: "#0b57d0", old: "#5b5149", paper: "#ffffff", text: "#22262b", hint: "#8a4b00" };
  const DARK = { ink: "#8ab4ff", old: "#c9bfb2", paper: "#15181c", text: "#f4f1ea", hint: "#f2b04a" };

  const box = (css, text) => {
    const node = document.createElement("div");
    node.style.cssText = css;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  class PositionView {
    constructor(map, options) {
      this.map = map;
      this.options = options;
      this.named = L.layerGroup().addTo(map);
      this.drawn = L.layerGroup().addTo(map);
      this.state = null;
      this.seq = Date.now();
      map.attributionControl.setPrefix(false);
      map.doubleClickZoom.disable();
      this.background();
      map.on("moveend", () => this.paint && this.name());
      map.on("click", ({ latlng }) => this.state?.editable && this.tell(latlng));
      this.scale = L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
      new ResizeObserver(() => {
        map.invalidateSize({ pan: false });
        if (!this.touched) this.frame();
      }).observe(map.getContainer());
      for (const name of ["pointerdown", "wheel", "keydown"]) {
        map.getContainer().addEventListener(name, () => (this.touched = true));
      }
      const scheme = window.matchMedia("(prefers-color-scheme: dark)");
      scheme.addEventListener("change", () => setTimeout(() => this.draw(), 150));
      this.frame();
    }

    background() {
      const source = this.options.tiles[0];
      if (!source) return;
      const link = document.createElement(source.attribution_url ? "a" : "i");
      link.textContent = source.attribution;
      if (source.attribution_url) {
        link.href = source.attribution_url;
        link.target = "_blank";
        link.rel = "noopener";
      }
      const tiles = L.tileLayer(source.url, {
        maxNativeZoom: source.max_zoom,
        maxZoom: 20,
        attribution: link.outerHTML,
        referrerPolicy: "strict-origin-when-cross-origin",
      });
      // Streets have their names on the background, as soon as there is one.
      tiles.once("tileload", () => this.named.remove());
      tiles.addTo(this.map);
    }

    /** Name the streets, from near enough. */
    name() {
      this.named.clearLayers();
      if (this.map.getZoom() < NAMING_ZOOM) return;
      const { text } = this.paint;
      const seen = this.map.getBounds().pad(0.1);
      const taken = [];
      for (const { at, label } of this.state?.streets || []) {
        if (!seen.contains(at)) continue;
        const { x, y } = this.map.latLngToContainerPoint(at);
        const wide = Math.min(160, label.length * 6.5);
        // A name that would stand on another one waits until one looks nearer.
        if (taken.some((each) => Math.abs(each.y - y) < 18 && Math.abs(each.x - x) < (each.wide + wide) / 2)) continue;
        taken.push({ x, y, wide });
        const written = box(
          `width:max-content;max-width:160px;transform:translate(-50%,-50%);font-size:12px;` +
            `font-style:italic;text-align:center;color:${text};opacity:.85`,
          label,
        );
        const icon = L.divIcon({ html: written, className: "", iconSize: [0, 0] });
        this.named.addLayer(L.marker(at, { icon, interactive: false, keyboard: false }));
      }
    }

    /** Take what is to be shown: the only way in. */
    set(state) {
      const other = state.subject !== this.state?.subject;
      this.state = state;
      if (other) this.touched = false;
      this.dress();
      this.draw();
      if (other || this.isHidden(state.now)) this.frame();
      this.name();
    }

    dress() {
      const { words, editable, language } = this.state;
      document.documentElement.lang = language;
      const container = this.map.getContainer();
      container.setAttribute("role", "region");
      container.setAttribute("aria-label", words.map);
      container.style.cursor = editable ? "crosshair" : "";
      const { _zoomInButton: nearer, _zoomOutButton: farther } = this.map.zoomControl;
      for (const [button, text] of [
        [nearer, words.zoom_in],
        [farther, words.zoom_out],
      ]) {
        button.setAttribute("aria-label", text);
        button.title = text;
      }
    }

    colours() {
      const ground = getComputedStyle(window.parent.document.body).colorScheme;
      const app = window.parent.document.querySelector(".stApp");
      const paint = app ? getComputedStyle(app).backgroundColor.match(/\d+/g) : null;
      const dark = paint ? Number(paint[0]) < 128 : ground === "dark";
      document.documentElement.classList.toggle("dark", dark);
      return dark ? DARK : LIGHT;
    }

    draw() {
      if (!this.state) return;
      const { now, accuracy, before, proposals, moves } = this.state;
      // A marker that is being moved by the arrow keys keeps the focus when it is drawn anew.
      const focused = this.marker && document.activeElement === this.marker.getElement();
      this.paint = this.colours();
      this.drawn.clearLayers();
      this.marker = null;
      for (const each of proposals) this.proposal(each);
      const labelled = moves.length <= MOST_LABELS;
      for (const each of moves) this.move(each.before, each.after, each.label, labelled);
      if (before) this.move(before, now, this.state.apart, true);
      if (!now) return;
      if (accuracy) this.circle(now, accuracy, this.paint.ink, "");
      if (this.state.editable) this.place(now, focused);
      else this.dot(now, this.paint.ink, true);
    }

    proposal({ at, accuracy, label }) {
      if (accuracy) this.circle(at, accuracy, this.paint.hint, "3 6");
      const dot = this.dot(at, this.paint.hint, false);
      dot.bindTooltip(box(LABEL, label), { direction: "top" });
      if (this.state.editable) dot.on("click", () => this.tell(L.latLng(at)));
    }

    move(before, after, label, labelled) {
      const { old, ink } = this.paint;
      const told = { direction: "auto", permanent: labelled, offset: [9, 0] };
      if (before && after) {
        const line = L.polyline([before, after], { color: old, weight: 2, dashArray: "6 5" });
        this.drawn.addLayer(line);
      }
      const left = before ? this.dot(before, old, false) : null;
      const reached = after && !this.state.editable ? this.dot(after, ink, true) : null;
      if (label && (reached || left)) (reached || left).bindTooltip(box(LABEL, label), told);
    }

    circle(at, radius, color, dashArray) {
      const style = { color, weight: 1.5, dashArray, fillOpacity: 0.1, interactive: false };
      this.drawn.addLayer(L.circle(at, { radius, ...style }));
    }

    dot(at, color, solid) {
      const dot = L.circleMarker(at, {
        radius: 7,
        color: solid ? this.paint.paper : color,
        fillColor: solid ? color : this.paint.paper,
        weight: solid ? 2 : 3,
        fillOpacity: 1,
      });
      this.drawn.addLayer(dot);
      return dot;
    }

    place(at, focused) {
      const { ink, paper } = this.paint;
      const pin = box(
        `width:22px;height:22px;margin:11px;box-sizing:border-box;border-radius:50%;` +
          `background:${ink};border:3px solid ${paper};box-shadow:0 0 0 2px ${ink}`,
      );
      const icon = L.divIcon({ html: pin, className: "position-pin", iconSize: [44, 44] });
      this.marker = L.marker(at, { icon, draggable: true, autoPan: true, zIndexOffset: 1000 });
      this.drawn.addLayer(this.marker);
      const node = this.marker.getElement();
      node.setAttribute("aria-label", this.state.words.marker);
      node.title = this.state.words.marker;
      node.addEventListener("keydown", (event) => this.onKey(event));
      this.marker.on("dragend", () => this.tell(this.marker.getLatLng()));
      if (focused) node.focus({ preventScroll: true });
    }

    onKey(event) {
      const step = STEPS[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      const pixels = event.shiftKey ? STEP_PX * 10 : STEP_PX;
      const at = this.map.latLngToContainerPoint(this.marker.getLatLng());
      const moved = at.add([step[0] * pixels, step[1] * pixels]);
      this.marker.setLatLng(this.map.containerPointToLatLng(moved));
      clearTimeout(this.pause);
      const { subject } = this.state;
      this.pause = setTimeout(() => {
        if (this.marker && this.state.subject === subject) this.tell(this.marker.getLatLng());
      }, KEY_PAUSE_MS);
    }

    tell({ lat, lng }) {
      clearTimeout(this.pause);
      this.seq += 1;
      const { subject } = this.state;
      const said = { lat, lon: lng, zoom: this.map.getZoom(), subject, seq: this.seq };
      window.Streamlit.setComponentValue(said);
    }

    isHidden(at) {
      return Boolean(at) && !this.map.getBounds().contains(at);
    }

    /** Show all that is told; where nothing is, the town. */
    frame() {
      const { now, accuracy, before, proposals, moves } = this.state || { proposals: [], moves: [] };
      const points = [now, before];
      for (const each of moves) points.push(each.before, each.after);
      const told = points.filter(Boolean).map((each) => L.latLng(each).toBounds(1));
      if (now && accuracy) told.push(L.latLng(now).toBounds(accuracy * 2));
      for (const each of proposals) told.push(L.latLng(each.at).toBounds((each.accuracy || 0) * 2 + 1));
      const [minx, miny, maxx, maxy] = this.options.home;
      const bounds = L.latLngBounds([]);
      for (const each of told) bounds.extend(each);
      if (!told.length) bounds.extend([miny, minx]).extend([maxy, maxx]);
      // A little to the left: a label then stands on the right, clear of the buttons.
      const clear = { paddingTopLeft: [44, 50], paddingBottomRight: [56, 50] };
      this.map.fitBounds(bounds, { ...clear, maxZoom: 18, animate: false });
    }
  }

  window.RegenMapPosition = {
    mount(map, options) {
      // The frame comes with a page that nobody may enlarge.
      for (const each of document.querySelectorAll("meta[name=viewport]"))
        each.content = "width=device-width, initial-scale=1";
      window.regenMapPosition = new PositionView(map, options);
      return window.regenMapPosition;
    },
  };
})();
