/*
 * What the benchmark sees from inside the page. Runs in every frame before any other script.
 *
 * In each frame it counts what that frame's map library shows; in the top frame it times a change,
 * from the DOM click to the first animation frame in which the map shows the expected number of places.
 * The driver sets `window.regenBenchKind` (how to count) in a script that runs before this one.
 */
(() => {
  "use strict";

  const kind = window.regenBenchKind;
  const now = () => performance.timeOrigin + performance.now();
  const frame = { map: null, cluster: null, paths: 0, pathsDrawn: 0, instances: 0, lastPaint: 0 };
  const bench = { frame, firstMarkers: null };
  window.regenBench = bench;

  /* ---- counting, in the frame that holds the map ---- */

  const wrap = (prototype, name, before, after) => {
    const original = prototype[name];
    prototype[name] = function (...args) {
      if (before) before(args);
      const result = original.apply(this, args);
      if (after) after(args);
      return result;
    };
  };

  const watchLeaflet = (L) => {
    L.Map.addInitHook(function () {
      frame.map = this;
      if (kind !== "cluster") return;
      this.on("layeradd", (event) => {
        if (event.layer._topClusterLevel) frame.cluster = event.layer;
      });
      this.on("layerremove", (event) => {
        if (event.layer === frame.cluster) frame.cluster = null;
      });
    });
    if (kind === "canvas") {
      // A place counts as shown once the canvas that holds it has been drawn.
      wrap(L.Canvas.prototype, "_addPath", () => { frame.paths += 1; });
      wrap(L.Canvas.prototype, "_removePath", () => { frame.paths -= 1; });
      wrap(L.Canvas.prototype, "_draw", null, () => { frame.pathsDrawn = frame.paths; });
    }
  };

  let leaflet;
  Object.defineProperty(window, "L", {
    configurable: true,
    get: () => leaflet,
    set: (value) => {
      leaflet = value;
      if (value && value.Map && value.Canvas) watchLeaflet(value);
    },
  });

  if (kind === "deck") {
    const drawn = (count) => { if (count > 1) frame.instances = count; };
    wrap(WebGL2RenderingContext.prototype, "drawArraysInstanced", (args) => drawn(args[3]));
    wrap(WebGL2RenderingContext.prototype, "drawElementsInstanced", (args) => drawn(args[4]));
  }
  if (kind === "regen") {
    const painted = () => { frame.lastPaint = now(); };
    for (const name of ["clearRect", "drawImage", "fill", "putImageData"]) {
      wrap(CanvasRenderingContext2D.prototype, name, painted);
    }
  }

  let timing = null;
  window.addEventListener("click", () => {
    try { window.top.regenBench.clicked(now()); } catch { /* a frame of another origin */ }
  }, true);
  if (window !== window.top) return;

  /* ---- traffic of the page's websockets ---- */

  const traffic = { received: 0, receivedMessages: 0, sentMessages: 0, last: 0 };
  bench.traffic = traffic;
  const size = (data) => data.byteLength ?? data.size ?? data.length;
  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", (event) => {
        traffic.received += size(event.data);
        traffic.receivedMessages += 1;
        traffic.last = now();
      });
    }
    send(data) {
      traffic.sentMessages += 1;
      traffic.last = now();
      super.send(data);
    }
  };

  /* ---- reading the map from the top frame ---- */

  const mapWindow = () => {
    for (const element of document.querySelectorAll("iframe")) {
      try {
        const inner = element.contentWindow;
        if (kind === "regen" ? inner.regenMap : inner.regenBench?.frame.map) return inner;
      } catch { /* a frame of another origin */ }
    }
    return (kind === "regen" ? window.regenMap : frame.map) ? window : null;
  };

  const regenCount = (inner) => {
    // A canvas is shown once it has been painted after the click; DOM markers are shown at once.
    const canvas = inner.document.querySelector("canvas");
    const stale = canvas && timing?.clickedAt && inner.regenBench.frame.lastPaint < timing.clickedAt;
    return stale ? null : inner.regenMap.shown;
  };

  const readers = {
    markers: (inner) => inner?.document.getElementsByClassName("leaflet-marker-icon").length,
    canvas: (inner) => inner?.regenBench.frame.pathsDrawn,
    cluster: (inner) => inner?.regenBench.frame.cluster?._topClusterLevel?.getChildCount(),
    regen: (inner) => (inner ? regenCount(inner) : null),
    deck: () => (document.querySelector("canvas") ? frame.instances : null),
    text: () => {
      const found = document.querySelector("[data-testid=stText]")?.textContent.match(/\d+/);
      return found ? Number(found[0]) : null;
    },
  };
  const shown = () => {
    try {
      return readers[kind](mapWindow()) ?? null;
    } catch {
      return null; // the frame is being replaced
    }
  };
  const blank = () => (kind === "regen" ? !(mapWindow()?.regenMap.shown > 0) : !shown());
  // What must stay the same object as long as the map is not built again.
  const holder = () => (kind === "deck" ? document.querySelector("canvas") : mapWindow()?.document.body);
  const leafletMap = () => {
    const inner = mapWindow();
    return kind === "regen" ? inner?.regenMap.map : inner?.regenBench.frame.map;
  };

  bench.shown = shown;
  bench.mark = () => {
    const element = holder();
    if (element) element.regenBenchMark = true;
  };
  bench.marked = () => Boolean(holder()?.regenBenchMark);
  bench.view = () => {
    const map = leafletMap();
    if (!map) return null;
    const { lat, lng } = map.getCenter();
    return { lat, lng, zoom: map.getZoom() };
  };
  let step = 1;
  bench.moveView = () => {
    const map = leafletMap();
    if (!map) return;
    const { lat, lng } = map.getCenter();
    map.setView([lat + 0.004 * step, lng + 0.006 * step], map.getZoom(), { animate: false });
    step = -step;
  };
  bench.mapBox = () => {
    // The visible part of the map, in CSS pixels of the top frame.
    const inner = mapWindow();
    const box = leafletMap()?.getContainer().getBoundingClientRect();
    if (!box) return null;
    const frameBox = inner.frameElement?.getBoundingClientRect() ?? { left: 0, top: 0 };
    return {
      left: frameBox.left + box.left,
      right: frameBox.left + box.right,
      top: frameBox.top + box.top,
      bottom: Math.min(frameBox.top + box.bottom, window.innerHeight),
    };
  };
  bench.pointOf = (lat, lon) => {
    // Where a position is on the page, in CSS pixels of the top frame.
    const inner = mapWindow();
    const map = leafletMap();
    if (!map) return null;
    const inMap = map.latLngToContainerPoint([lat, lon]);
    const mapBox = map.getContainer().getBoundingClientRect();
    const frameBox = inner.frameElement?.getBoundingClientRect() ?? { left: 0, top: 0 };
    const inFrame = { x: mapBox.left + inMap.x, y: mapBox.top + inMap.y };
    const hit = inner.document.elementFromPoint(inFrame.x, inFrame.y);
    // Controls and the legend may lie over the map.
    const free = Boolean(hit) && !hit.closest("a, button, details, .leaflet-control");
    return { x: frameBox.left + inFrame.x, y: frameBox.top + inFrame.y, free };
  };

  /* ---- timing a change ---- */

  const reached = {
    shown: (goal) => shown() === goal.value,
    other: (goal) => {
      const count = shown();
      return count !== null && count !== goal.value;
    },
    text: (goal) => [...document.querySelectorAll(goal.selector)].some(
      (element) => element.textContent.includes(goal.value)),
  };

  bench.clicked = (at) => { if (timing && timing.clickedAt === null) timing.clickedAt = at; };

  bench.arm = (goal, limit) => {
    // Start watching; the clock starts at the next click. Read the outcome from `bench.outcome`.
    bench.outcome = new Promise((resolve) => {
      const mine = { clickedAt: null, frames: 0, blankFrames: 0, blank: 0, previous: null };
      timing = mine;
      const finish = (ms) => {
        if (timing !== mine) return;
        timing = null;
        resolve({ ms, frames: mine.frames, blankFrames: mine.blankFrames, blank: mine.blank, shown: shown() });
      };
      const look = () => {
        if (timing !== mine) return;
        const at = now();
        if (mine.clickedAt !== null) {
          mine.frames += 1;
          if (reached[goal.by](goal)) {
            finish(at - mine.clickedAt);
            return;
          }
          if (blank()) {
            mine.blankFrames += 1;
            mine.blank += at - (mine.previous ?? mine.clickedAt);
          }
        }
        mine.previous = at;
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      setTimeout(() => finish(null), limit);
    });
  };

  bench.quiet = (silence, limit) => new Promise((resolve) => {
    // Wait until no script runs and nothing has been said on the websocket for a while.
    const started = now();
    const look = () => {
      const state = document.querySelector(".stApp")?.dataset.testScriptState;
      const silent = now() - Math.max(traffic.last, started) >= silence;
      if ((silent && state !== "running") || now() - started > limit) resolve({ ...traffic });
      else setTimeout(look, 20);
    };
    look();
  });

  /* ---- the first markers of a page load ---- */

  bench.load = new Promise((resolve) => {
    const look = () => {
      if (shown() > 0) {
        bench.firstMarkers = performance.now();
        resolve(bench.firstMarkers);
      } else {
        requestAnimationFrame(look);
      }
    };
    requestAnimationFrame(look);
  });
})();
