// What was said in one conversation, oldest first. Entries are never changed but replaced, so a drawn row knows by the
// object whether it has to be drawn again. Where something is missing in between, a gap stands in its place.
//
// An entry: {key, kind, at, nick, text, to, msgid, replyTo, reactions, isOwn, isMention, isDeleted, isBot}. `at` is the
// host's time in milliseconds. A gap: {key, kind: 'gap', at, after, before}, with the msgids at its edges.

export const MAX_ENTRIES = 10000;
const TRIMMED = 1000;
export const SPOKEN = { message: true, action: true, notice: true };

export class Log {
  constructor() {
    this.entries = [];
    this.byMsgid = new Map();
    this.version = 0;
    this.isCleared = false; // emptied by this person: older ones come only when asked for
    this.isWhole = false; // nothing older is kept anywhere
    this.serial = 0;
  }

  get length() {
    return this.entries.length;
  }

  /** Add an entry in its place; returns it, or null where it was there already. */
  add(entry) {
    if (entry.msgid && this.byMsgid.has(entry.msgid)) return null;
    const whole = Object.assign({ key: entry.msgid || `l${++this.serial}`, reactions: [] }, entry);
    this.entries.splice(this.placeAfter(whole.at), 0, whole);
    if (whole.msgid) this.byMsgid.set(whole.msgid, whole);
    this.version += 1;
    return whole;
  }

  /** Return the index behind the last entry that is not later. */
  placeAfter(at) {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle].at <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  indexOf(entry) {
    for (let index = this.placeAfter(entry.at) - 1; index >= 0 && this.entries[index].at === entry.at; index--) {
      if (this.entries[index].key === entry.key) return index;
    }
    return -1;
  }

  /** Return the index of the entry with a key, -1 if it is not here. */
  indexOfKey(key) {
    const known = this.byMsgid.get(key);
    return known ? this.indexOf(known) : this.entries.findIndex((entry) => entry.key === key);
  }

  get(msgid) {
    return this.byMsgid.get(msgid);
  }

  /** Change some fields of an entry. */
  change(entry, different) {
    const index = this.indexOf(entry);
    if (index < 0) return;
    const other = Object.assign({}, this.entries[index], different);
    this.entries[index] = other;
    if (other.msgid) this.byMsgid.set(other.msgid, other);
    this.version += 1;
  }

  remove(entry) {
    const index = this.indexOf(entry);
    if (index < 0) return;
    this.entries.splice(index, 1);
    this.byMsgid.delete(entry.msgid);
    this.version += 1;
  }

  /** Drop the oldest beyond the bound. They can be asked for again. */
  trim() {
    if (this.entries.length <= MAX_ENTRIES) return;
    for (const entry of this.entries.splice(0, TRIMMED)) this.byMsgid.delete(entry.msgid);
    while (this.entries.length && this.entries[0].kind === 'gap') this.entries.shift();
    this.isWhole = false;
    this.version += 1;
  }

  clear() {
    this.entries = [];
    this.byMsgid.clear();
    this.isWhole = false;
    this.isCleared = true;
    this.version += 1;
  }

  first() {
    return this.entries.find((entry) => entry.msgid);
  }

  last() {
    for (let index = this.entries.length - 1; index >= 0; index--) {
      if (this.entries[index].msgid) return this.entries[index];
    }
    return undefined;
  }

  // ---- gaps ------------------------------------------------------------------------------------------------------

  gaps() {
    return this.entries.filter((entry) => entry.kind === 'gap');
  }

  /** Note that something is missing between two entries, which are known by their msgids. */
  addGap(after, before) {
    const edge = this.get(after);
    if (!edge || !this.get(before)) return;
    this.add({ kind: 'gap', key: `gap-${after}`, at: edge.at + 0.5, after, before, isAsked: false });
  }

  /**
   * Fit a page into the log: {entries, joinsBefore, joinsAfter}, oldest first. `joinsBefore`: nothing is missing between
   * it and what is older here; `joinsAfter`: nor what is newer. Returns the entries that are new here.
   *
   * For example, between A and Z something is missing, and the page M … P lies there. The gap A–Z goes, and two are
   * left: A–M and P–Z. Where the page was asked for as "after A", nothing is missing before M.
   */
  addPage(page) {
    const ids = page.entries.map((entry) => entry.msgid).filter(Boolean);
    const isNewFirst = !this.byMsgid.has(ids[0]);
    const isNewLast = !this.byMsgid.has(ids[ids.length - 1]);
    const added = page.entries.map((entry) => this.add(entry)).filter(Boolean);
    if (!ids.length) return added;
    const first = this.get(ids[0]);
    const last = this.get(ids[ids.length - 1]);
    this.removeGaps(first, last, page);
    const older = this.neighbour(first, -1);
    const newer = this.neighbour(last, 1);
    if (older && isNewFirst && !page.joinsBefore) this.addGap(older.msgid, first.msgid);
    if (newer && isNewLast && !page.joinsAfter) this.addGap(last.msgid, newer.msgid);
    return added;
  }

  /** Remove the gaps that a stretch fills, cuts, or joins. */
  removeGaps(first, last, page) {
    for (const gap of this.gaps()) {
      const after = this.get(gap.after);
      const before = this.get(gap.before);
      const isCut = !after || !before || (after.at < last.at && before.at > first.at);
      const isJoined = (page.joinsBefore && before === first) || (page.joinsAfter && after === last);
      if (isCut || isJoined) this.remove(gap);
    }
  }

  neighbour(entry, step) {
    let at = this.indexOf(entry) + step;
    while (this.entries[at] && !this.entries[at].msgid) at += step;
    return this.entries[at];
  }
}
