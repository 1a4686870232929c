// What was said before: asked for in pages, and fitted into the logs. Source: ircv3.net/specs/extensions/chathistory.
//
//     entering, the first time      LATEST *             the last hundred
//     entering again                AFTER the last known, up to five pages; more: LATEST, and a gap before it
//     scrolling up                  BEFORE the first
//     a gap                         BETWEEN its edges
//     a message from elsewhere      AROUND it

import { stamp } from './clock.js';
import { message } from './irc.js';
import { applyPage } from './room.js';

export const PAGE = 100;
export const OLDER = 50;
const MAX_CATCH_UP_PAGES = 5;
const AGAIN_MS = 10000; // after a refusal, before the page asks by itself again

export class History {
  /** `send(messages)` returns whether there is a connection; `entered(conversation, isCertain)` is told once its past is here. */
  constructor(state, send, entered) {
    Object.assign(this, { state, send, entered, asked: new Map(), count: 0 });
  }

  get isOffered() {
    return 'draft/chathistory' in this.state.caps && 'batch' in this.state.caps && 'labeled-response' in this.state.caps;
  }

  ask(conversation, kind, refs, limit, purpose, more) {
    const label = `h${++this.count}`;
    const size = Math.min(limit, Number(this.state.tokens.CHATHISTORY) || limit);
    const asked = Object.assign({ conversation, kind, refs, purpose, limit: size }, more);
    if (!this.isOffered || !this.send([message('CHATHISTORY', [kind, conversation.name, ...refs, String(size)], { label })])) return false;
    this.asked.set(label, asked);
    conversation.isLoading = true;
    return true;
  }

  forget() {
    for (const { gap, conversation, done } of this.asked.values()) {
      if (gap) conversation.log.change(gap, { isAsked: false });
      if (done) done(null);
    }
    this.asked.clear();
  }

  // ---- asking ------------------------------------------------------------------------------------------------------

  enter(conversation) {
    const last = conversation.log.last();
    const isAsked = last ? this.after(conversation, `msgid=${last.msgid}`, 1) : this.latest(conversation, null);
    if (!isAsked) this.done(conversation, false);
  }

  latest(conversation, known) {
    return this.ask(conversation, 'LATEST', ['*'], PAGE, 'latest', { known });
  }

  after(conversation, ref, page) {
    return this.ask(conversation, 'AFTER', [ref], PAGE, 'after', { page });
  }

  /** Ask for older ones; `isWanted`: somebody asked for them, not the page by itself. */
  older(conversation, isWanted) {
    const first = conversation.log.first();
    const isTooSoon = !isWanted && Date.now() - (conversation.refusedAt || 0) < AGAIN_MS;
    if (conversation.isLoading || conversation.log.isWhole || isTooSoon) return false;
    if (!first) return this.ask(conversation, 'LATEST', ['*'], OLDER, 'latest', {});
    return this.ask(conversation, 'BEFORE', [`msgid=${first.msgid}`], OLDER, 'before', { first });
  }

  fill(conversation, gap) {
    if (gap.isAsked || !this.ask(conversation, 'BETWEEN', [`msgid=${gap.after}`, `msgid=${gap.before}`], PAGE, 'between', {})) return;
    const [label] = [...this.asked.keys()].slice(-1);
    conversation.log.change(gap, { isAsked: true });
    this.asked.get(label).gap = conversation.log.entries.find((entry) => entry.key === gap.key);
  }

  /** Ask for what is around a message; `done` is given its entry, or null. */
  around(conversation, msgid, done) {
    if (!this.ask(conversation, 'AROUND', [`msgid=${msgid}`], 50, 'around', { msgid, done })) done(null);
  }

  // ---- answers -----------------------------------------------------------------------------------------------------

  /** Take a page that was asked for; returns whether it was. */
  page(page) {
    const asked = this.asked.get(page.label);
    if (!asked) return false;
    this.asked.delete(page.label);
    asked.conversation.isLoading = false;
    this[asked.purpose === 'latest' ? 'tookLatest' : `took_${asked.purpose}`](asked, page);
    return true;
  }

  /** Take a refusal of what was asked for; returns whether it was one. */
  refused(label) {
    const asked = this.asked.get(label);
    if (!asked) return false;
    this.asked.delete(label);
    const { conversation } = asked;
    conversation.isLoading = false;
    conversation.refusedAt = Date.now();
    if (asked.gap) conversation.log.change(asked.gap, { isAsked: false });
    if (asked.done) asked.done(null);
    if (asked.purpose === 'after') this.afterRefused(asked);
    else if (asked.purpose === 'before' && asked.refs[0].startsWith('msgid=')) this.byTime(asked);
    else if (asked.purpose === 'latest') this.done(conversation, false);
    return true;
  }

  /** The host does not know the message: it forgot, or is another one. By its time it may tell all the same. */
  afterRefused(asked) {
    const last = asked.conversation.log.last();
    const isByTime = asked.refs[0].startsWith('timestamp=');
    if (isByTime || !last || !this.after(asked.conversation, `timestamp=${stamp(last.at)}`, 1)) this.latest(asked.conversation, null);
  }

  byTime(asked) {
    this.ask(asked.conversation, 'BEFORE', [`timestamp=${stamp(asked.first.at)}`], OLDER, 'before', { first: asked.first });
  }

  took_after(asked, page) {
    const { conversation } = asked;
    const { entries } = applyPage(this.state, conversation, page, { joinsBefore: true, joinsAfter: page.isEnd });
    const last = entries[entries.length - 1];
    if (page.isEnd || !last) return this.done(conversation, true);
    if (asked.page < MAX_CATCH_UP_PAGES && this.after(conversation, `msgid=${last.msgid}`, asked.page + 1)) return undefined;
    return this.latest(conversation, last.msgid) || this.done(conversation, false);
  }

  tookLatest(asked, page) {
    const { conversation } = asked;
    const isFirst = !conversation.log.first();
    applyPage(this.state, conversation, page, { joinsBefore: page.isEnd, joinsAfter: true });
    if (isFirst || page.isEnd) conversation.log.isWhole = page.isEnd;
    this.done(conversation, true);
  }

  took_before(asked, page) {
    applyPage(this.state, asked.conversation, page, { joinsBefore: page.isEnd, joinsAfter: true });
    if (page.isEnd || !page.messages.length) asked.conversation.log.isWhole = true;
  }

  took_between(asked, page) {
    const { conversation, gap } = asked;
    if (!page.messages.length && gap) conversation.log.remove(gap);
    else applyPage(this.state, conversation, page, { joinsBefore: true, joinsAfter: page.isEnd || page.messages.length < asked.limit });
  }

  took_around(asked, page) {
    const { log } = asked.conversation;
    const oldest = log.first();
    applyPage(this.state, asked.conversation, page, { joinsBefore: false, joinsAfter: false });
    if (oldest && log.first() !== oldest) log.isWhole = false;
    asked.done(log.get(asked.msgid) || null);
  }

  done(conversation, isCertain) {
    conversation.hasEntered = true;
    conversation.log.trim();
    this.entered(conversation, isCertain);
  }
}
