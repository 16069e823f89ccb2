/*
 * Tells the page's server what a visitor wants, so that nothing is lost: always all that is wanted,
 * and nothing more before it has answered. Of two requests at once it may lose one, and Streamlit
 * may take the whole component off the page.
 */

const PATIENCE_MS = 4000;
/** A busy server needs longer, and what is waited for must not be thrown away: 4 + 8 + 16 s. */
const MOST_SILENCES = 3;

export class Talk {
  /** `wanted` gives the query of a link that stands for all that is wanted. */
  constructor(wanted) {
    this.wanted = wanted;
    this.request = this.said = this.heard = this.silences = 0;
  }

  /** Take the number of the last request that the server's word contains; stale words are false. */
  hears(number, send) {
    this.send = send;
    const restarted = number === 0 && this.heard > 0;
    this.heard = number;
    if (number >= this.said || restarted) this.resume();
    if (number < this.request && !restarted) return false;
    this.request = this.said = number;
    return true;
  }

  tell() {
    this.request += 1;
    if (!this.waiting) this.say();
  }

  say() {
    this.said = this.request;
    this.waiting = setTimeout(() => this.unheard(), PATIENCE_MS * 2 ** this.silences);
    const { lang, ...rest } = this.wanted();
    this.send("view", { ...rest, request: this.request });
  }

  /** Say it again; and if a server that is there stays silent, as after a restart, begin anew. */
  async unheard() {
    const there = await fetch(new URL("healthz", document.baseURI), { cache: "no-store" })
      .then((response) => response.ok)
      .catch(() => false);
    if (!this.waiting) return;
    this.silences = there ? this.silences + 1 : 0;
    if (this.silences === MOST_SILENCES) {
      const wanted = Object.entries(this.wanted()).filter(([, value]) => value);
      window.location.search = new URLSearchParams(wanted);
    } else {
      this.say();
    }
  }

  resume() {
    this.stop();
    this.silences = 0;
    if (this.said < this.request) this.say();
  }

  stop() {
    clearTimeout(this.waiting);
    this.waiting = null;
  }
}
