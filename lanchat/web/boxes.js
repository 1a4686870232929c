// What is not sent, kept for a reload and a restart. Each page has a box of its own, so that two pages of one browser do
// not send the same twice; the box of a page that is gone is taken over by one that is open.
//
// A page that is open says so every few seconds (`beat`). One that was asleep looks whether its box is still there.

import { randomWord } from './proof.js';

const BEAT_MS = 5000;
const GONE_MS = 20000;
const LEFT_MS = 5000; // for a page that is only loaded anew to come back

export class Boxes {
  /**
   * `tab` is kept until the page is closed, `keep` for good. `adopted(items)` is given what another page left; `lost()`
   * is called where another page has taken ours over while we were asleep.
   */
  constructor(tab, keep, adopted, lost) {
    Object.assign(this, { tab, keep, adopted, lost });
    this.id = tab.get('tab', '') || randomWord(6);
    if (this.isTaken()) this.id = randomWord(6); // a page that was duplicated begins with the other's number
    tab.set('tab', this.id);
    this.items = keep.get(`box.${this.id}`, { items: [] }).items;
    this.beat();
  }

  /** A page marks its box as left when it is closed or loaded anew; one that is still open has a running heart. */
  isTaken() {
    const box = this.keep.get(`box.${this.id}`, null);
    return Boolean(box && !box.isLeft && Date.now() - box.at < BEAT_MS * 2);
  }

  start() {
    this.timer = setInterval(() => this.beat(), BEAT_MS);
    window.addEventListener('pagehide', () => this.write({ isLeft: true }));
    window.addEventListener('pageshow', () => this.beat());
    this.adopt();
  }

  write(more) {
    this.at = Date.now();
    this.keep.set(`box.${this.id}`, Object.assign({ items: this.items, at: Date.now() }, more));
  }

  beat() {
    const wasAsleep = this.at && Date.now() - this.at > GONE_MS;
    if (wasAsleep && this.items.length && !this.keep.get(`box.${this.id}`, null)) {
      this.items = [];
      this.lost();
    }
    this.write({});
    if (this.timer) this.adopt();
  }

  put(items) {
    this.items = items;
    this.write({});
  }

  /** Take over what pages left that are gone. */
  adopt() {
    for (const key of this.keep.keys('box.')) {
      const box = this.keep.get(key, { items: [], at: 0 });
      const isGone = Date.now() - box.at > (box.isLeft ? LEFT_MS : GONE_MS);
      if (key === `box.${this.id}` || !isGone) continue;
      this.keep.set(key, undefined);
      if (box.items.length) this.adopted(box.items);
    }
  }
}
