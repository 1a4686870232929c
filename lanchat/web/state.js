// What the page shows, as data. `room.js` changes it by each message of the host; nothing here knows a socket or a screen.

import { Log, SPOKEN } from './log.js';
import { channelFor, fold, isChannel, shown } from './names.js';

export const MAX_MEMBERS = 20000;
const MAX_CONVERSATIONS = 300;
const RANKS = '~&@%+';

/** A channel, or the talk with one person. `name` is the wire name; people see `title`. */
export class Conversation {
  constructor(name, title) {
    this.name = name;
    this.key = fold(name);
    this.isChannel = isChannel(name);
    this.title = title || shown(name);
    this.topic = '';
    this.members = new Map(); // by folded nick: {nick, prefix, isAway, isBot}; changed by the methods below alone
    this.membersVersion = 0;
    this.listed = null; // members of a NAMES answer whose end has not come yet
    this.log = new Log();
    this.isJoined = false;
    this.isGone = false; // removed by an operator, or left
    this.hasEntered = false; // its last messages are here
    this.typing = new Map(); // by folded nick: [nick, until]
    this.marker = null; // up to when it is read, in the host's milliseconds; null: never
    this.newSince = null; // from where on the line "New since" stands
    this.unread = 0;
    this.mentions = 0;
    this.isLoading = false;
  }

  /** The topic where it says more than the title does. */
  get subject() {
    return this.topic === this.title ? '' : this.topic;
  }

  setTopic(topic) {
    this.topic = topic;
    if (topic && fold(channelFor(topic)) === this.key) this.title = topic;
  }

  member(nick) {
    return this.members.get(fold(nick));
  }

  put(member) {
    const known = this.members.get(fold(member.nick));
    if (known || this.members.size < MAX_MEMBERS) this.members.set(fold(member.nick), Object.assign({}, known, member));
    this.membersVersion += 1;
  }

  /** Somebody is no member any more; tells whether they were one. */
  drop(nick) {
    this.membersVersion += 1;
    return this.members.delete(fold(nick));
  }

  setMembers(members) {
    this.members = members;
    this.membersVersion += 1;
  }

  /** Members in the order of a list: operators, voiced, others; each by name. */
  ranked() {
    const keyed = [...this.members].map(([key, member]) => [rank(member.prefix), key, member]);
    keyed.sort((one, other) => one[0] - other[0] || (one[1] < other[1] ? -1 : 1));
    return keyed.map((row) => row[2]);
  }

  typists(now) {
    return [...this.typing.values()].filter(([, until]) => until > now).map(([nick]) => nick);
  }

  /** Count again what is unread. */
  count() {
    this.unread = this.mentions = 0;
    const { entries } = this.log;
    for (let index = entries.length - 1; index >= 0 && entries[index].at > (this.marker || 0); index--) {
      const entry = entries[index];
      if (!SPOKEN[entry.kind] || entry.isOwn || entry.isDeleted) continue;
      this.unread += 1;
      this.mentions += entry.isMention ? 1 : 0;
    }
  }
}

export function rank(prefix) {
  return prefix ? RANKS.indexOf(prefix) : RANKS.length;
}

export class State {
  constructor() {
    this.nick = '';
    this.account = '';
    this.caps = {};
    this.tokens = { PREFIX: '(ov)@+', CHANTYPES: '#', CHANMODES: 'Ibe,k,l,Cimnst' };
    this.conversations = new Map(); // by folded name
    this.titles = new Map(); // known room names, by folded channel
    this.markers = new Map(); // up to when conversations are read that are not here yet, by folded name
    this.currentKey = '';
    this.isAway = false;
    this.isOperator = false;
    this.ahead = 0; // by how many milliseconds the host's clock is before ours
    this.isCompared = false;
    this.pending = new Map(); // lines of answers still coming in
    this.list = null; // rooms of this host: [{name, members, topic}]
  }

  get current() {
    return this.conversations.get(this.currentKey);
  }

  find(name) {
    return this.conversations.get(fold(name));
  }

  /** Return the conversation of that name, a new one if there was none. */
  open(name) {
    const known = this.find(name);
    if (known || this.conversations.size >= MAX_CONVERSATIONS) return known;
    const made = new Conversation(name, this.titles.get(fold(name)));
    if (this.markers.has(made.key)) made.marker = this.markers.get(made.key);
    this.conversations.set(made.key, made);
    return made;
  }

  titleOf(name) {
    const known = this.find(name);
    return known ? known.title : this.titles.get(fold(name)) || shown(name);
  }

  isOwn(nick) {
    return Boolean(nick) && fold(nick) === fold(this.nick);
  }

  with(nick) {
    return [...this.conversations.values()].filter((one) => one.members.has(fold(nick)));
  }

  channels() {
    return [...this.conversations.values()].filter((one) => one.isChannel);
  }

  people() {
    return [...this.conversations.values()].filter((one) => !one.isChannel);
  }

  hostTime(now) {
    return now + this.ahead;
  }

  /** Take the host's time from a live message; the one that was shortest on its way counts. */
  compareClocks(at, now) {
    this.ahead = this.isCompared ? Math.max(this.ahead, at - now) : at - now;
    this.isCompared = true;
  }

  /** Show a text of the program in a conversation: {kind: info|reply|error}. */
  tell(text, now, kind, conversation) {
    const where = conversation || this.current || this.conversations.values().next().value;
    if (where && text) where.log.add({ kind: kind || 'info', at: this.hostTime(now), nick: '', text });
  }

  prefixOf(mode) {
    const [, modes, signs] = /^\(([^)]*)\)(.*)$/.exec(this.tokens.PREFIX || '') || ['', '', ''];
    return signs[modes.indexOf(mode)] || '';
  }

  get signs() {
    return (this.tokens.PREFIX || '').split(')')[1] || '';
  }

  collect(kind, line) {
    if (!this.pending.has(kind)) this.pending.set(kind, []);
    if (this.pending.get(kind).length < 300) this.pending.get(kind).push(line);
  }

  collected(kind) {
    const lines = this.pending.get(kind) || [];
    this.pending.delete(kind);
    return lines;
  }

  /** The connection is lost: everything stays readable, but we are nowhere. */
  disconnect() {
    this.isCompared = false;
    this.pending.clear();
    for (const conversation of this.conversations.values()) {
      conversation.isJoined = false;
      conversation.isLoading = false;
      conversation.hasEntered = false;
      conversation.listed = null;
      conversation.typing.clear();
    }
  }
}
