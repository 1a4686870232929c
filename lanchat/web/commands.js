// What a typed line means: something to say, or a command. The twin of client/speaking/slash.py.
//
// A command gets the session and the text after it. `ui` does what only the page can: open sheets, toggle the sound.

import { bytes, message } from './irc.js';
import { channelFor, fold, nickFrom, shown } from './names.js';
import { SPOKEN } from './log.js';
import { words } from './words.js';

const KEY = / key=(\S+)\s*$/;
const LIMITS = { topic: 300, reason: 290 };
const ALIASES = { w: 'msg', whisper: 'msg', query: 'msg', name: 'nick', who: 'names', list: 'rooms', j: 'join', leave: 'part', q: 'quit', exit: 'quit' };
const NEEDS = { reply: 'message-tags', react: 'message-tags', delete: 'draft/message-redaction', search: 'soju.im/search' };

/** Carry out a typed text; returns whether it was taken (else it stays in the editor). */
export function submit(session, ui, text, replyTo) {
  if (!text.trim()) return false;
  if (text.trim() === '\\q') return run(session, ui, 'quit', '');
  if (text[0] !== '/' || text.includes('\n')) return sayHere(session, text, false, replyTo);
  if (text[1] === '/') return sayHere(session, text.slice(1), false, replyTo);
  const [, word, rest] = /^\/(\S*)\s*([^]*)$/.exec(text);
  const name = ALIASES[word.toLowerCase()] || word.toLowerCase();
  if (!COMMANDS[name]) return wrong(session, words.noSuchCommand(word));
  if (NEEDS[name] && !(NEEDS[name] in session.state.caps)) return wrong(session, words.notOffered(name));
  return run(session, ui, name, rest.trim());
}

function run(session, ui, name, rest) {
  const result = COMMANDS[name](session, rest, ui);
  return result === USAGE ? wrong(session, words.usage(usage(name), words.commands[name][1])) : result !== false;
}

/** Return the names of the commands that work here. */
export function commandNames(session) {
  return Object.keys(COMMANDS).filter((name) => !NEEDS[name] || NEEDS[name] in session.state.caps);
}

const USAGE = {};
const usage = (name) => `/${name} ${words.commands[name][0]}`.trim();

function wrong(session, text) {
  session.tell(text, 'error');
  return false;
}

function sayHere(session, text, isAction, replyTo) {
  const { current } = session.state;
  if (!current) return wrong(session, words.noSpaceHere);
  return session.say({ target: current.name, text, isAction, replyTo });
}

/** Split "Maria López hello" into somebody's nick and the rest; names of the room may hold spaces. */
function splitName(session, text) {
  const members = session.state.current ? [...session.state.current.members.values()] : [];
  const names = members.map((member) => shown(member.nick)).sort((one, other) => other.length - one.length);
  const known = names.find((name) => fold(`${text} `).startsWith(fold(`${name} `)));
  if (known) return [nickOfName(members, known), text.slice(known.length).trim()];
  const [, first, rest] = /^@?(\S*)\s*([^]*)$/.exec(text);
  return [first, rest];
}

function nickOfName(members, name) {
  return members.find((member) => shown(member.nick) === name).nick;
}

function lastSaid(session, nick, isOwn) {
  const { current } = session.state;
  const entries = current ? current.log.entries : [];
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index];
    if (!SPOKEN[entry.kind] || !entry.msgid || entry.isDeleted || (isOwn && !entry.isOwn)) continue;
    if (!nick || fold(entry.nick) === fold(nick)) return entry;
  }
  return undefined;
}

function send(session, command, ...params) {
  session.send(message(command, params));
  return true;
}

function tooLong(session, what, text) {
  const size = bytes(text);
  return size > LIMITS[what] && !wrong(session, words.tooLong(words[`${what}Word`], size, LIMITS[what]));
}

/** Return the channel of a room's name: one known by that title, else the one it spells. */
function channelCalled(session, name) {
  if (name[0] === '#') return channelFor(name.slice(1));
  const titled = [...session.state.titles].find(([, title]) => fold(title) === fold(name));
  return titled ? titled[0] : channelFor(name);
}

const COMMANDS = {
  help(session, rest) {
    const names = COMMANDS[rest.replace(/^\//, '')] ? [rest.replace(/^\//, '')] : commandNames(session);
    const lines = names.map((name) => `${usage(name)}: ${words.commands[name][1]}`);
    session.tell(lines.concat(names.length > 1 ? words.helpEnd : []).join('\n'), 'reply');
  },
  me: (session, rest) => (rest ? sayHere(session, rest, true) : USAGE),
  msg(session, rest) {
    const [nick, text] = splitName(session, rest);
    if (!nick) return USAGE;
    if (!text) return session.show(nick);
    return session.say({ target: nick, text });
  },
  reply(session, rest) {
    const [nick, text] = splitName(session, rest);
    const entry = text && lastSaid(session, nick);
    if (!rest) return USAGE;
    const [about, words_] = entry ? [entry, text] : [lastSaid(session, ''), rest];
    return about ? sayHere(session, words_, false, about.msgid) : wrong(session, words.nothingToReplyTo);
  },
  react(session, rest) {
    const [, sign, name] = /^(\S*)\s*([^]*)$/.exec(rest);
    if (!sign) return USAGE;
    const entry = lastSaid(session, splitName(session, name)[0]);
    return entry ? session.react(session.state.current, entry, sign) : wrong(session, words.nothingToReactTo);
  },
  delete(session, rest) {
    const entry = lastSaid(session, splitName(session, rest)[0], true);
    return entry ? send(session, 'REDACT', session.state.current.name, entry.msgid) : wrong(session, words.nothingToDelete);
  },
  nick(session, rest) {
    if (!rest) return USAGE;
    const nick = nickFrom(rest);
    return nick ? send(session, 'NICK', nick) : wrong(session, words.cannotBeName(rest));
  },
  names(session) {
    const { current } = session.state;
    if (!current) return wrong(session, words.noSpaceHere);
    const ranks = { '@': ` (${words.operator})`, '+': ` (${words.voiced})` };
    const names = current.ranked().map((member) => shown(member.nick) + (ranks[member.prefix] || ''));
    return session.tell(words.inRoom(current.title, names.length, names.join(', ')), 'reply');
  },
  whois(session, rest) {
    const [nick] = splitName(session, rest);
    return nick ? send(session, 'WHOIS', nick) : USAGE;
  },
  topic(session, rest) {
    const { current } = session.state;
    if (!current) return wrong(session, words.noSpaceHere);
    if (!rest) return session.tell(words.topicIs(current.title, current.subject), 'reply');
    return tooLong(session, 'topic', rest) ? false : send(session, 'TOPIC', current.name, rest === '-' ? '' : rest);
  },
  away: (session, rest) => (tooLong(session, 'reason', rest) ? false : send(session, 'AWAY', rest || 'away')),
  back: (session) => send(session, 'AWAY'),
  rooms: (session, rest, ui) => ui.open('rooms'),
  join(session, rest) {
    const key = (KEY.exec(rest) || [])[1];
    const name = rest.replace(KEY, '').trim();
    if (!name) return USAGE;
    const channel = channelCalled(session, name);
    const known = session.state.find(channel);
    session.wantsToSee = fold(channel);
    if (known && known.isJoined) return session.show(known.name);
    return send(session, 'JOIN', ...[channel, key].filter(Boolean));
  },
  part(session, rest) {
    const channel = rest ? session.state.find(channelCalled(session, rest)) : session.state.current;
    if (!channel) return wrong(session, words.noSpaceHere);
    return channel.isChannel ? send(session, 'PART', channel.name) : session.closeTalk(channel);
  },
  invite(session, rest) {
    const [nick] = splitName(session, rest);
    if (!session.state.current) return wrong(session, words.noSpaceHere);
    return nick ? send(session, 'INVITE', nick, session.state.current.name) : USAGE;
  },
  kick(session, rest) {
    const [nick, reason] = splitName(session, rest);
    if (!session.state.current) return wrong(session, words.noSpaceHere);
    if (!nick) return USAGE;
    return tooLong(session, 'reason', reason) ? false : send(session, 'KICK', session.state.current.name, nick, ...[reason].filter(Boolean));
  },
  oper(session, rest) {
    const [, name, password] = /^(\S*)\s*(.*)$/.exec(rest);
    return password ? send(session, 'OPER', name, password) : USAGE;
  },
  search: (session, rest, ui) => ui.open('search', rest),
  clear(session) {
    if (session.state.current) session.state.current.log.clear();
    session.changed();
  },
  bell: (session, rest, ui) => ui.toggleSound(),
  quit: (session, rest, ui) => ui.leave(),
};
