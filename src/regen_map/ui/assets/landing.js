/* Puts the focus on what a press at the data desk has come to, once for each press. */

const landed = new Map();

export default function ({ data }) {
  const { turn, where, places } = data;
  if (turn === (landed.get(where) ?? 0)) return;
  landed.set(where, turn);
  const place = places.map((each) => document.querySelector(each)).find(Boolean);
  if (!place) return;
  if (place.tabIndex < 0) place.tabIndex = -1;
  place.focus();
}
