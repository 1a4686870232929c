// Which entries of a log are in the page: a window of a hundred to two hundred, moved by fifty. The twin of nothing: a
// terminal draws lines by itself. Pure but for `Anchor`, which is the only one that writes where the log is scrolled to.

export const SHOWN = 100;
export const MAX_SHOWN = 200;
export const STEP = 50;
export const NEAR_END_PX = 30;

export class Window {
  constructor() {
    this.startKey = null; // of the first entry shown; null: not chosen yet
    this.endKey = null; // of the last entry shown; null: whatever comes is shown
    this.isAtEnd = true;
  }

  /** Return [start, end) of the entries to show. */
  range(log) {
    const { length } = log;
    let end = this.endKey === null ? length : log.indexOfKey(this.endKey) + 1;
    if (end <= 0) end = length;
    if (end === length) this.endKey = null;
    let start = this.startKey === null ? -1 : log.indexOfKey(this.startKey);
    const isTooLong = end - start > MAX_SHOWN;
    if (start < 0 || start > end || (isTooLong && this.isAtEnd)) start = Math.max(0, end - SHOWN);
    else if (isTooLong) end = start + MAX_SHOWN;
    this.set(log, start, end);
    return [start, end];
  }

  set(log, start, end) {
    this.startKey = log.entries[start] ? log.entries[start].key : null;
    this.endKey = end < log.length && log.entries[end - 1] ? log.entries[end - 1].key : null;
  }

  /** Show fifty older ones; returns false where there are none here. */
  older(log) {
    const [start, end] = this.range(log);
    if (start === 0) return false;
    const from = Math.max(0, start - STEP);
    this.isAtEnd = false;
    this.set(log, from, Math.min(end, from + MAX_SHOWN));
    return true;
  }

  newer(log) {
    const [start, end] = this.range(log);
    if (end === log.length) return false;
    const to = Math.min(log.length, end + STEP);
    this.set(log, Math.max(start, to - MAX_SHOWN), to);
    return true;
  }

  /** Show what is around an entry. */
  around(log, index) {
    this.isAtEnd = false;
    this.set(log, Math.max(0, index - STEP), Math.min(log.length, index + STEP));
  }

  toEnd() {
    this.startKey = this.endKey = null;
    this.isAtEnd = true;
  }
}

/** Keeps what is looked at where it is, by row and pixel, whatever is drawn above and below it. */
export class Anchor {
  constructor(element) {
    this.element = element;
    this.rows = [];
  }

  isNearEnd(px) {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight <= px;
  }

  /** Note where the rows in sight are. */
  note() {
    const { top, bottom } = this.element.getBoundingClientRect();
    this.rows = [];
    for (const row of this.element.querySelectorAll('[data-key]')) {
      const place = row.getBoundingClientRect();
      if (place.bottom <= top) continue;
      if (place.top >= bottom && this.rows.length) break;
      this.rows.push([row.dataset.key, place.top - top]);
    }
  }

  /** Put the first of the noted rows that is still there back where it was. */
  restore() {
    const { top } = this.element.getBoundingClientRect();
    for (const [key, before] of this.rows) {
      const row = this.row(key);
      if (!row) continue;
      const moved = row.getBoundingClientRect().top - top - before;
      if (Math.abs(moved) > 0.4) this.scroll(this.element.scrollTop + moved);
      return;
    }
  }

  row(key) {
    return [...this.element.querySelectorAll('[data-key]')].find((row) => row.dataset.key === key);
  }

  toEnd() {
    this.scroll(this.element.scrollHeight);
  }

  /** Bring a row to this part of the height: 0 is the top. */
  bring(row, part) {
    const { top, height } = this.element.getBoundingClientRect();
    const place = row.getBoundingClientRect();
    this.scroll(this.element.scrollTop + place.top - top - (height - place.height) * part);
  }

  scroll(top) {
    this.element.scrollTo(0, top); // Safari passes over `scrollTop =` while a finger's swing lasts
  }
}
