// Looking for what was said: one question at a time for each label. Source: soju, doc/ext/search.md (soju.im/search).

import { message } from './irc.js';
import { words } from './words.js';

const MAX_RESULTS = 100;
const ESCAPES = { '\\': '\\\\', ';': '\\:', ' ': '\\s' }; // as values of tags are written

export class Searching {
  /** `send(messages)` returns whether there is a connection; `changed()` is called behind each answer. */
  constructor(state, send, changed) {
    Object.assign(this, { state, send, changed, asked: new Map(), count: 0 });
  }

  get isOffered() {
    return 'soju.im/search' in this.state.caps;
  }

  has(label) {
    return this.asked.has(label);
  }

  /** Look for {text, from, in, after, before}; `done(results, error)` is called once. */
  ask(wanted, done) {
    const label = `f${++this.count}`;
    const escape = (value) => value.replace(/[\\; ]/g, (char) => ESCAPES[char]);
    const attributes = Object.keys(wanted).filter((key) => wanted[key]).map((key) => `${key}=${escape(wanted[key])}`);
    this.asked.set(label, done);
    const isSent = this.send([message('SEARCH', [attributes.concat(`limit=${MAX_RESULTS}`).join(';')], { label })]);
    if (!isSent) this.answer(label, [], words.noConnectionNow);
  }

  answer(label, results, error) {
    const done = this.asked.get(label);
    this.asked.delete(label);
    done(results, error);
    this.changed();
    return true;
  }

  /** The connection is gone: nobody answers any more. */
  end() {
    [...this.asked.keys()].forEach((label) => this.answer(label, [], words.noConnectionNow));
  }
}
