// What this browser keeps for the page: name, secret, names that hosts know, settings, drafts, what is not sent.
// Where nothing can be kept (private windows, full disks), everything works until the page is closed.

const PREFIX = 'lanchat.';

function area(name) {
  try {
    const storage = window[name];
    storage.setItem(`${PREFIX}try`, '1');
    storage.removeItem(`${PREFIX}try`);
    return storage;
  } catch (error) {
    return null;
  }
}

export class Keep {
  constructor(name) {
    this.storage = area(name);
    this.memory = new Map();
  }

  get isKept() {
    return this.storage !== null;
  }

  get(key, otherwise) {
    const text = this.text(PREFIX + key);
    if (text === null || text === undefined) return otherwise;
    try {
      return JSON.parse(text);
    } catch (error) {
      return otherwise;
    }
  }

  text(key) {
    if (this.memory.has(key)) return this.memory.get(key);
    return this.storage ? this.storage.getItem(key) : null;
  }

  /** Keep a value; undefined removes it. Returns whether it will still be there after a restart. */
  set(key, value) {
    const whole = PREFIX + key;
    const text = value === undefined ? undefined : JSON.stringify(value);
    this.memory.delete(whole);
    try {
      if (text === undefined) this.storage.removeItem(whole);
      else this.storage.setItem(whole, text);
      return true;
    } catch (error) {
      if (text !== undefined) this.memory.set(whole, text);
      return false;
    }
  }

  /** Return the keys that begin so, without what all of ours begin with. */
  keys(start) {
    const found = new Set([...this.memory.keys()]);
    for (let index = 0; this.storage && index < this.storage.length; index++) found.add(this.storage.key(index));
    return [...found].filter((key) => key.startsWith(PREFIX + start)).map((key) => key.slice(PREFIX.length));
  }

  forgetAll() {
    this.keys('').forEach((key) => this.set(key, undefined));
    this.memory.clear();
  }
}
