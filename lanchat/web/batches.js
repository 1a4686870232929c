// Batches of the host: the lines of one message are put together again, and what is told of the past comes as one page.
// Source: ircv3.net/specs/extensions/batch, .../multiline, .../chathistory.

const MAX_OPEN = 32;
const MAX_MESSAGES = 5000;
const PAGES = { chathistory: true, 'draft/chathistory': true, 'soju.im/search': true, 'draft/chathistory-targets': true };

export class Batches {
  constructor() {
    this.open = new Map();
  }

  /**
   * Return what is to be handled now: [] (nothing yet), or one of
   * {message}, {page: {kind, label, target, isEnd, messages}}.
   */
  take(message) {
    if (message.command === 'BATCH') return this.edge(message);
    const batch = this.open.get(message.tags.batch);
    if (!batch || batch.isThrough) return [{ message: batch ? labelled(message, batch) : message }];
    if (batch.messages.length < MAX_MESSAGES) batch.messages.push(message);
    return [];
  }

  forget() {
    this.open.clear();
  }

  edge(message) {
    const [reference, kind, target] = message.params;
    if (!reference) return [];
    if (reference[0] === '+') return this.begin(reference.slice(1), kind || '', target || '', message);
    const batch = this.open.get(reference.slice(1));
    this.open.delete(reference.slice(1));
    return batch && !batch.isThrough ? this.end(batch) : [];
  }

  begin(reference, kind, target, opening) {
    if (this.open.size >= MAX_OPEN) this.open.delete(this.open.keys().next().value);
    const outer = this.open.get(opening.tags.batch);
    const isThrough = kind !== 'draft/multiline' && !PAGES[kind];
    this.open.set(reference, { opening, kind, target, outer, isThrough, messages: [], label: opening.tags.label || (outer && outer.label) || '' });
    return [];
  }

  end(batch) {
    const whole = batch.kind === 'draft/multiline' ? joined(batch) : null;
    if (batch.outer && !batch.outer.isThrough) {
      if (whole) batch.outer.messages.push(whole);
      return [];
    }
    if (batch.kind === 'draft/multiline') return whole ? [{ message: whole }] : [];
    const isEnd = 'draft/chathistory-end' in batch.opening.tags;
    return [{ page: { kind: batch.kind, label: batch.label, target: batch.target, isEnd, messages: batch.messages } }];
  }
}

function labelled(message, batch) {
  if (!batch.label || message.tags.label) return message;
  return Object.assign({}, message, { tags: Object.assign({}, message.tags, { label: batch.label }) });
}

/** The one message that a multi-line batch is; its tags are those of the batch. */
function joined(batch) {
  if (!batch.messages.length) return null;
  let text = '';
  batch.messages.forEach((line, number) => {
    const goesOn = number === 0 || 'draft/multiline-concat' in line.tags;
    text += (goesOn ? '' : '\n') + (line.params[1] || '');
  });
  const [first] = batch.messages;
  const tags = Object.assign({}, first.tags, batch.opening.tags);
  return { command: first.command, params: [batch.target, text], source: batch.opening.source || first.source, tags };
}
