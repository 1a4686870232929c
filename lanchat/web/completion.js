// Tab: what a half-typed name or command may become. Pure: texts in, texts out. Only behind "@", "/" or two letters, as
// Tab has to leave the editor for those who use no mouse.

import { fold } from './names.js';

const MAX_NAME_WORDS = 4;

export class Completion {
  constructor() {
    this.made = null; // [text, cursor] after the last Tab: another text means that somebody typed
  }

  /** Return [text, cursor] after one Tab, or null where there is nothing to complete. */
  next(text, cursor, names, commands, isBack) {
    const goesOn = this.made && this.made[0] === text && this.made[1] === cursor;
    if (!goesOn) {
      this.found = candidates(text.slice(0, cursor), names, commands);
      this.rest = text.slice(cursor);
      this.head = text.slice(0, this.found.start);
      this.index = isBack ? 0 : -1;
    }
    const { texts, behind } = this.found;
    if (!texts.length) return null;
    this.index = (this.index + (isBack ? -1 : 1) + texts.length) % texts.length;
    const head = this.head + texts[this.index] + (this.rest[0] === ' ' ? '' : behind);
    this.made = [head + this.rest, head.length];
    return this.made;
  }
}

function candidates(before, names, commands) {
  if (/^\/[^/ ]*$/.test(before)) return { start: 0, texts: beginning(before.slice(1), commands).map((name) => `/${name}`), behind: ' ' };
  for (const start of wordStarts(before)) {
    const typed = before.slice(start);
    const isEnough = typed[0] === '@' || typed.length >= 2;
    const texts = isEnough ? beginning(typed.replace(/^@/, ''), names) : [];
    if (texts.length) return { start, texts, behind: start ? ' ' : ': ' };
  }
  return { start: before.length, texts: [], behind: '' };
}

function beginning(start, texts) {
  return texts.filter((text) => fold(text).startsWith(fold(start)));
}

/** Where the last words begin, the longest stretch first: names may hold spaces. */
function wordStarts(before) {
  const starts = [];
  for (let index = 0; index < before.length; index++) {
    if (before[index] !== ' ' && (index === 0 || /\s/.test(before[index - 1]))) starts.push(index);
  }
  return starts.slice(-MAX_NAME_WORDS);
}
