// What is half-typed in each conversation. It survives a reload in this page, and a restart of the browser in any.

const MAX_CHARS = 300000;

export class Drafts {
  constructor(tab, keep) {
    Object.assign(this, { tab, keep });
  }

  get(name) {
    const here = this.tab.get(`draft.${name}`, null);
    return here === null ? this.keep.get(`draft.${name}`, '') : here;
  }

  set(name, text) {
    if (text.length > MAX_CHARS) return;
    this.tab.set(`draft.${name}`, text);
    this.keep.set(`draft.${name}`, text || undefined);
  }
}
