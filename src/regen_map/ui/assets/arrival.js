/* Puts the focus on what has come into view while editing: what was opened, come back to, saved. */

let arrived = 0;

export default function ({ data }) {
  if (data.turn === arrived) return;
  arrived = data.turn;
  const own = `.st-key-${data.place}`;
  const places = [`${own} :is(h2, h3, .done)`, `${own} input`, ".st-key-editing :is(h2, h3)"];
  const place = places.map((each) => document.querySelector(each)).find(Boolean);
  if (!place) return;
  if (place.tabIndex < 0) place.tabIndex = -1;
  place.focus();
}
