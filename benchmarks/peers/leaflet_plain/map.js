(async () => {
  "use strict";

  const BIG_QUARTER = "centro-storico";
  const map = L.map("map", { preferCanvas: true, maxZoom: 18 }).setView([44.08, 10.095], 12);
  const places = await (await fetch("places.json")).json();
  const quarters = [...new Set(places.map((place) => place.quarter))].filter((quarter) => quarter !== BIG_QUARTER);
  const circles = places.map((place) => ({
    quarter: place.quarter,
    circle: L.circleMarker([place.lat, place.lon], { radius: 5, fill: true }).bindTooltip(place.name),
  }));
  const half = document.getElementById("half");
  let position = -1;

  const apply = () => {
    const leftOut = quarters[position];
    for (const { quarter, circle } of circles) {
      const wanted = quarter !== leftOut && !(half.checked && quarter === BIG_QUARTER);
      if (wanted !== map.hasLayer(circle)) {
        if (wanted) circle.addTo(map);
        else circle.remove();
      }
    }
    document.getElementById("left-out").textContent = `Left out: ${leftOut ?? "None"}`;
  };

  half.addEventListener("change", apply);
  document.getElementById("next").addEventListener("click", () => {
    position = (position + 1) % quarters.length;
    apply();
  });
  apply();
})();
