/*
 * What the planner's desk can do by itself in the browser: slide through days, and save a chart as
 * a picture.
 */

const SCALE = 2;

/** Name the day that a slider stands at while it is moved, and ask for it once it is let go. */
export function slide({ target }, language, isDone) {
  const { slide: name, days } = target.dataset ?? {};
  if (!name) return;
  const day = days.split(",")[Number(target.value)];
  const said = new Date(`${day}T12:00Z`).toLocaleDateString(language, { dateStyle: "long", timeZone: "UTC" });
  target.setAttribute("aria-valuetext", said);
  const box = document.getElementById(name);
  box.value = day;
  if (isDone) box.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Draw a chart at twice its size, and save it. */
export async function savePicture(link) {
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(String(answer.status));
  const source = URL.createObjectURL(await answer.blob());
  try {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const picture = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const saved = document.createElement("a");
    saved.href = URL.createObjectURL(picture);
    saved.download = link.dataset.png;
    saved.click();
    URL.revokeObjectURL(saved.href);
  } finally {
    URL.revokeObjectURL(source);
  }
}
