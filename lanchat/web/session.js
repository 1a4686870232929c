// Being in the rooms of a host: link, state, past and what is said, put together. The view drives this, and is told by
// `changed` when there is something to draw, and by `events` what happened (said, mentioned, opened …).

import { Batches } from './batches.js';
import { stamp } from './clock.js';
import { Person } from './handshake.js';
import { Heard } from './heard.js';
import { History } from './history.js';
import { message } from './irc.js';
import { Link } from './link.js';
import { fold, isChannel } from './names.js';
import { Outbox } from './outbox.js';
import { ID_TAG, messagesOf, parts } from './phrasing.js';
import { newSecret, randomWord } from './proof.js';
import { refusalText } from './answers.js';
import { apply, found, targets } from './room.js';
import { Searching } from './searching.js';
import { State } from './state.js';
import { words } from './words.js';

const MAX_ASKED_MEMBERS = 500;
const TALKS_SINCE_MS = 60 * 86400000;
const MAX_TALKS = 30;
const TYPING_AGAIN_MS = 3000; // ircv3.net/specs/client-tags/typing
const MARK_AGAIN_MS = 3000;
const JOIN_REFUSALS = { 403: 1, 405: 1, 407: 1, 437: 1, 471: 1, 473: 1, 474: 1, 475: 1, 476: 1, 477: 1, 489: 1 };

export class Session {
  /** `facts`: {address, lookUp(): a promise of room.json, keep, box: {items, keep(items)}, changed(), events(list)} */
  constructor(facts) {
    Object.assign(this, facts);
    this.state = new State();
    this.batches = new Batches();
    this.outbox = new Outbox(this.box.items, this.box.keep);
    this.link = new Link(this.address, this);
    this.history = new History(this.state, (messages) => this.link.send(messages), (...args) => this.entered(...args));
    this.searching = new Searching(this.state, (messages) => this.link.send(messages), () => this.changed());
    Object.assign(this, { nick: '', password: '', room: null, source: '', condition: { kind: 'connecting', seconds: 0 } });
    Object.assign(this, { keys: new Map(), remarks: [], wantedRoom: '', wantsToSee: '', refusal: null, toldTyping: 0, markerDue: null, markerAt: 0 });
  }

  // ---- coming and going --------------------------------------------------------------------------------------------

  start(nick, password) {
    Object.assign(this, { nick, password, refusal: null });
    this.link.start();
  }

  leave() {
    this.link.stop();
  }

  /** Tell the link who goes there: what this host is, and what it knows of us. */
  async person() {
    const room = await this.lookUp();
    const isOther = this.room && room.host !== this.room.host;
    if (isOther) Object.assign(this, { password: '', remarks: [words.otherHost] });
    this.room = room;
    room.rooms.forEach((one) => this.state.titles.set(fold(one.channel), one.name));
    const secrets = this.keep.get('secrets', {});
    if (this.keep.isKept && !secrets[room.host]) this.keep.set('secrets', Object.assign(secrets, { [room.host]: newSecret() }));
    const known = this.keep.get('names', {})[room.host] || [];
    return new Person({ nick: this.nick, password: this.password, secret: this.keep.isKept ? secrets[room.host] : '', known });
  }

  known(name) {
    const names = this.keep.get('names', {});
    this.keep.set('names', Object.assign(names, { [this.room.host]: (names[this.room.host] || []).concat(name) }));
  }

  welcomed(nick, remark) {
    const { state } = this;
    Object.assign(state, { nick, caps: this.link.caps });
    if (remark) this.remarks.push(remark);
    this.source = nick;
    this.batches.forget();
    this.history.forget();
    this.link.send(this.roomsToJoin().map((name) => message('JOIN', this.keys.has(fold(name)) ? [name, this.keys.get(fold(name))] : [name])));
    this.askForTalks();
    this.enterTalks();
    this.changed();
  }

  /** Talk with people is asked for where something waits to be said, or it is open; all else when it is new or opened. */
  enterTalks() {
    const { state } = this;
    this.outbox.items.filter((item) => !isChannel(item.target)).forEach((item) => state.open(item.target));
    for (const talk of state.people()) {
      if (!this.history.isOffered || talk === state.current || this.outbox.of(talk.key).length) this.enterTalk(talk);
    }
  }

  roomsToJoin() {
    const known = this.state.channels().filter((one) => !one.isGone).map((one) => one.name);
    if (known.length) return known;
    const kept = this.keep.get(`rooms.${this.room.host}`, []);
    const first = this.wantedRoom || this.room.channel;
    return kept.some((name) => fold(name) === fold(first)) ? kept : [first].concat(kept);
  }

  keepRooms() {
    const names = this.state.channels().filter((one) => one.isJoined).map((one) => one.name);
    this.keep.set(`rooms.${this.room.host}`, names);
  }

  status(condition) {
    const wasUp = this.condition.kind === 'up';
    if (condition.kind === 'lost') {
      this.outbox.disconnected();
      this.state.disconnect();
      this.history.forget();
      this.searching.end();
    }
    this.wasLost = this.wasLost || (wasUp && condition.kind !== 'up');
    this.condition = condition;
    this.changed();
  }

  refused(refusal) {
    this.refusal = refusal;
    this.condition = { kind: 'refused', seconds: 0 };
    this.changed();
  }

  tick(now) {
    if (this.markerDue && now - this.markerAt > MARK_AGAIN_MS) this.sendMarker();
    for (const conversation of this.state.conversations.values()) {
      for (const [key, [, until]] of conversation.typing) if (until <= now) conversation.typing.delete(key) && this.changed();
    }
  }

  // ---- hearing -----------------------------------------------------------------------------------------------------

  hear(heard) {
    this.batches.take(heard).forEach((one) => (one.page ? this.hearPage(one.page) : this.hearMessage(one.message)));
    this.flush();
    this.changed();
  }

  hearPage(page) {
    page.messages.forEach((one) => this.outbox.arrived(one.tags[ID_TAG])); // before what was doubtful is settled
    if (page.kind === 'draft/chathistory-targets') targets(page).forEach((target) => this.hearTarget(target));
    else if (this.searching.has(page.label)) this.searching.answer(page.label, found(this.state, page), '');
    else this.history.page(page);
  }

  hearMessage(heard) {
    const { label } = heard.tags;
    const now = Date.now();
    if (this.isAnswered(heard, label, now)) return;
    if (this.state.isOwn(heard.source.split('!')[0])) this.hearOwn(heard);
    const events = apply(this.state, heard, now);
    events.forEach((event) => this.handle(event));
    if (events.length) this.events(events);
  }

  /** A refusal of what we asked for by ourselves is dealt with here; tells whether it was one. */
  isAnswered(heard, label, now) {
    const isRefusal = heard.command === 'FAIL' || /^[45]\d\d$/.test(heard.command);
    if (!isRefusal) return false;
    const text = refusalText(this.state, new Heard(heard, now, now, false));
    if (label && this.outbox.refused(label, text.replace(/\.$/, ''))) return true;
    if (label && this.searching.has(label)) return this.searching.answer(label, [], words.searchFailed(text));
    if (JOIN_REFUSALS[heard.command]) this.joinRefused(heard.params[1] || '', text);
    return Boolean(label) && this.history.refused(label);
  }

  joinRefused(name, text) {
    const isSaid = this.outbox.of(fold(name)).length > 0; // what was said there has to be seen, to be decided about
    const conversation = isSaid ? this.state.open(name) : this.state.find(name);
    if (conversation) conversation.isGone = true;
    for (const item of this.outbox.of(fold(name))) if (item.state !== 'failed') this.outbox.set(item.id, { state: 'failed', why: text });
    if (!this.state.conversations.size) this.events([{ type: 'outside', text }]);
  }

  hearOwn(heard) {
    if (heard.source.includes('!')) this.source = heard.source;
    this.outbox.arrived(heard.tags[ID_TAG]);
  }

  /** Somebody was talked to, at that time for the last time: what is new is asked for, all else once it is opened. */
  hearTarget({ name, at }) {
    if (isChannel(name)) return;
    const talk = this.state.open(name);
    if (!talk || talk.hasEntered || talk.isLoading) return;
    const last = talk.log.last();
    const isNew = last ? at > last.at : at > (talk.marker || 0);
    if (isNew || this.outbox.of(talk.key).length) this.history.enter(talk);
    else if (last) this.entered(talk, true);
  }

  handle(event) {
    const { conversation } = event;
    if (event.type === 'joined') {
      if (!this.state.currentKey) this.show(conversation.name);
      this.history.enter(conversation);
      this.keepRooms();
    }
    if (event.type === 'said') this.enterTalk(conversation);
    if (event.type === 'left') {
      if (this.state.currentKey === conversation.key) this.show(([...this.state.conversations.values()][0] || { name: '' }).name);
      this.keepRooms();
    }
    if (event.type === 'removed') this.keepRooms();
    if (event.type === 'renamed') {
      this.nick = event.nick;
      this.keep.set('nick', event.nick);
    }
  }

  /** The talk with somebody is new here: what was said before is asked for. */
  enterTalk(conversation) {
    if (!conversation.isChannel && !conversation.hasEntered && !conversation.isLoading && this.link.isUp) this.history.enter(conversation);
  }

  /** The past of a conversation is here: what was doubtful is settled, what waited is sent. */
  entered(conversation, isCertain) {
    const isKnowable = isCertain && (conversation.isChannel || Boolean(this.link.account));
    this.outbox.settle(conversation.key, isKnowable);
    if (conversation.marker === null && conversation.isChannel) this.setMarker(conversation, conversation.since || 0);
    if (conversation.newSince === null || this.wasLost) conversation.newSince = conversation.marker;
    conversation.count();
    if (conversation.isChannel && conversation.members.size <= MAX_ASKED_MEMBERS) this.link.send([message('WHO', [conversation.name])]);
    if (this.remarks.length && conversation.isChannel) this.remarks.splice(0).forEach((text) => this.tell(text, 'info', conversation));
    if (this.wasLost && conversation === this.state.current) {
      this.wasLost = false;
      this.tell(words.connectedAgain, 'info', conversation);
    }
    this.flush();
    this.changed();
  }

  setMarker(conversation, at) {
    conversation.marker = at;
    conversation.count();
  }

  askForTalks() {
    if (!this.history.isOffered) return;
    const now = Date.now() + 86400000;
    const params = ['TARGETS', `timestamp=${stamp(now - TALKS_SINCE_MS)}`, `timestamp=${stamp(now)}`, String(MAX_TALKS)];
    this.link.send([message('CHATHISTORY', params, { label: 'talks' })]);
  }

  // ---- saying ------------------------------------------------------------------------------------------------------

  tell(text, kind, conversation) {
    this.state.tell(text, Date.now(), kind, conversation);
    this.changed();
  }

  /** Say something: {target, text, isAction, replyTo}. Returns whether it is kept until it is sent. */
  say(saying) {
    const texts = parts(Object.assign({ source: this.source || this.nick, caps: this.state.caps }, saying));
    if (texts.length > this.outbox.free) {
      this.tell(words.tooMuchWaiting, 'error');
      return false;
    }
    const { target, isAction, replyTo } = saying;
    texts.forEach((text, index) => {
      this.outbox.put({ id: randomWord(9).replace(/_/g, '-'), target, text, isAction: Boolean(isAction), replyTo: index ? '' : replyTo || '', at: Date.now() });
    });
    const conversation = isChannel(target) ? this.state.find(target) : this.state.open(target);
    if (conversation) {
      conversation.newSince = Infinity;
      this.enterTalk(conversation);
    }
    this.toldTyping = 0;
    this.flush();
    this.changed();
    return true;
  }

  flush() {
    if (!this.link.isUp || !this.outbox.items.length) return;
    const { caps } = this.state;
    const due = this.outbox.due((target) => this.isOpen(target));
    due.forEach((item) => this.link.send(messagesOf(Object.assign({}, item, { caps, source: this.source || this.nick }))));
    if (!('echo-message' in caps)) due.forEach((item) => this.outbox.arrived(item.id));
  }

  isOpen(target) {
    const conversation = this.state.find(target);
    if (!conversation) return !isChannel(target);
    return conversation.hasEntered ? !conversation.isChannel || conversation.isJoined : !conversation.isChannel && !this.history.isOffered;
  }

  /** Send a message that is no saying; where there is no connection, this person is told. */
  send(one) {
    if (one.command === 'JOIN' && one.params[1]) this.keys.set(fold(one.params[0]), one.params[1]);
    if (one.command === 'NICK' && this.link.isUp) this.link.askFor(one.params[0]);
    else if (!this.link.send([one])) this.tell(words.noConnectionNow, 'error');
  }

  react(conversation, entry, sign) {
    const own = entry.reactions.find((one) => one.text === sign);
    const isOn = own && own.nicks.some((nick) => this.state.isOwn(nick));
    const tags = { [isOn ? '+draft/unreact' : '+draft/react']: sign, '+reply': entry.msgid, '+draft/reply': entry.msgid };
    this.send(message('TAGMSG', [conversation.name], tags));
  }

  /** Tell the others that this person is typing; call it with the text at each edit. */
  typing(text) {
    const { current, caps } = this.state;
    if (!current || !('message-tags' in caps) || !this.link.isUp || !this.isOpen(current.name)) return;
    const now = Date.now();
    let how = '';
    if (!text && this.toldTyping) how = 'done';
    else if (text && text[0] !== '/' && now - this.toldTyping > TYPING_AGAIN_MS) how = 'active';
    if (!how) return;
    this.toldTyping = how === 'active' ? now : 0;
    this.link.send([message('TAGMSG', [current.name], { '+typing': how })]);
  }

  // ---- reading -----------------------------------------------------------------------------------------------------

  /** Open a conversation; somebody new gets one. */
  show(name) {
    const { state } = this;
    const before = state.current;
    if (before && before.name !== name) before.newSince = null;
    if (!name) {
      state.currentKey = '';
      return;
    }
    const conversation = state.open(name);
    if (!conversation) return;
    state.currentKey = conversation.key;
    this.toldTyping = 0;
    if (conversation.newSince === null) conversation.newSince = conversation.hasEntered || !conversation.isChannel ? conversation.marker : null;
    this.enterTalk(conversation);
    this.keep.set('open', name);
    this.events([{ type: 'opened', conversation }]);
    this.changed();
  }

  closeTalk(conversation) {
    this.state.conversations.delete(conversation.key);
    if (this.state.currentKey === conversation.key) this.show(([...this.state.conversations.values()][0] || { name: '' }).name);
    this.changed();
  }

  /** All that is here in the open conversation has been seen. */
  read(conversation) {
    const last = conversation.log.last();
    if (!last || !conversation.hasEntered || last.at <= (conversation.marker || 0)) return;
    this.setMarker(conversation, last.at);
    this.markerDue = conversation;
    this.changed();
  }

  /** Nobody looks at the page any more: what comes from now on is new. */
  lookedAway() {
    const { current } = this.state;
    if (current && !current.unread && current.marker !== null) current.newSince = current.marker;
  }

  sendMarker() {
    const conversation = this.markerDue;
    if (!conversation || !this.link.isUp || !('draft/read-marker' in this.state.caps)) return;
    this.markerDue = null;
    this.markerAt = Date.now();
    this.link.send([message('MARKREAD', [conversation.name, `timestamp=${stamp(conversation.marker)}`])]);
  }
}
