/* Puts the focus on what a press at the data desk has come to, once for each press. */

const PLACES = ["#rm-clash", ".rm-done", "#rm-work", ".rm-notice", "h2, h3"];
let landed = 0;

export default function ({ data }) {
  if (!data.fresh || data.turn === landed) return;
  landed = data.turn;
  const desk = document.querySelector(".st-key-staff");
  const place = PLACES.map((each) => desk?.querySelector(each)).find(Boolean);
  if (!place) return;
  place.tabIndex = -1;
  place.focus();
}
