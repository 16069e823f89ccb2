/* The symbols of the map, as small drawings for lists and buttons. */

const SHAPES = {
  circle: ["circle", { cx: 10, cy: 10, r: 7 }],
  square: ["rect", { x: 3.7, y: 3.7, width: 12.6, height: 12.6 }],
  diamond: ["path", { d: "M10 1.4 18.6 10 10 18.6 1.4 10Z" }],
  clock: ["path", { d: "M10 2.5a7.5 7.5 0 1 0 .01 0M10 5.8V10l3 2.2" }],
};
/** The symbol of opening times, in the colour of the text. */
export const CLOCK = { shape: "clock", colour: "currentColor", colour_dark: "currentColor" };

/** Draw a symbol: filled, or hollow for an approximate position. */
export function symbol(style, hollow) {
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
