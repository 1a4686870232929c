// Who is where: coming, leaving, names and ranks, being away, topics and modes. Told of the past, they only make entries.

import { fold, isChannel, shown } from './names.js';
import { cleanName } from './heard.js';
import { words } from './words.js';

const MAX_MODE_LETTERS = 50;

/** Return the entry of a membership event in one conversation, or null where it makes none. */
export function moveEntry(state, heard) {
  const make = ENTRIES[heard.message.command];
  const made = make && make(state, heard);
  return made ? Object.assign({ at: heard.at, nick: heard.nick, msgid: heard.msgid, text: '' }, made) : null;
}

const ENTRIES = {
  JOIN: () => ({ kind: 'join' }),
  PART: (state, heard) => ({ kind: 'leave', text: heard.line(1) }),
  QUIT: (state, heard) => ({ kind: 'leave', text: heard.line(0).replace(/^Quit: ?/, '') }),
  KICK: (state, heard) => ({ kind: 'kick', nick: heard.name(1), to: heard.nick, text: heard.line(2), isOwn: state.isOwn(heard.name(1)) }),
  NICK: (state, heard) => ({ kind: 'nick', to: heard.name(0), isOwn: state.isOwn(heard.nick) }),
  TOPIC: (state, heard) => ({ kind: 'topic', text: heard.line(1) }),
  MODE: (state, heard) => {
    const text = modeSentences(state, heard).join(' ');
    return text ? { kind: 'mode', text } : null;
  },
};

function add(state, conversation, heard) {
  const entry = moveEntry(state, heard);
  if (entry) conversation.log.add(entry);
}

function join(state, heard) {
  const name = heard.name(0);
  if (!heard.nick || !isChannel(name)) return [];
  if (state.isOwn(heard.nick)) return enter(state, name, heard);
  const conversation = state.find(name);
  if (!conversation) return [];
  conversation.put({ nick: heard.nick, prefix: '', isAway: false, isBot: heard.isBot });
  add(state, conversation, heard);
  return [];
}

function enter(state, name, heard) {
  const conversation = state.open(name);
  if (!conversation) return [];
  conversation.isJoined = true;
  conversation.isGone = false;
  conversation.setMembers(new Map());
  conversation.put({ nick: state.nick, prefix: '', isAway: state.isAway, isBot: false });
  if (conversation.marker === null) conversation.since = heard.at;
  return [{ type: 'joined', conversation }];
}

function part(state, heard) {
  const conversation = state.find(heard.name(0));
  if (!conversation) return [];
  if (!state.isOwn(heard.nick)) return gone(state, conversation, heard);
  state.conversations.delete(conversation.key);
  return [{ type: 'left', conversation }];
}

function gone(state, conversation, heard) {
  conversation.typing.delete(fold(heard.nick));
  if (conversation.drop(heard.nick)) add(state, conversation, heard);
  return [];
}

function quit(state, heard) {
  if (state.isOwn(heard.nick)) return [];
  state.with(heard.nick).forEach((conversation) => gone(state, conversation, heard));
  return [];
}

function kick(state, heard) {
  const conversation = state.find(heard.name(0));
  if (!conversation || !heard.name(1)) return [];
  conversation.drop(heard.name(1));
  add(state, conversation, heard);
  if (!state.isOwn(heard.name(1))) return [];
  conversation.isJoined = false;
  conversation.isGone = true;
  return [{ type: 'removed', conversation }];
}

function nick(state, heard) {
  const other = heard.name(0);
  if (!other || !heard.nick) return [];
  const isOwn = state.isOwn(heard.nick);
  for (const conversation of state.with(heard.nick)) {
    const member = conversation.member(heard.nick);
    conversation.drop(heard.nick);
    conversation.put(Object.assign({}, member, { nick: other }));
    conversation.typing.delete(fold(heard.nick));
    add(state, conversation, heard);
  }
  if (isOwn) state.nick = other;
  else renamePerson(state, heard.nick, other);
  return isOwn ? [{ type: 'renamed', nick: other }] : [];
}

/** The talk with somebody goes on under their new name. */
function renamePerson(state, old, other) {
  const talk = state.find(old);
  if (!talk || state.find(other)) return;
  state.conversations.delete(talk.key);
  const wasCurrent = state.currentKey === talk.key;
  talk.name = other;
  talk.key = fold(other);
  talk.title = shown(other);
  state.conversations.set(talk.key, talk);
  if (wasCurrent) state.currentKey = talk.key;
}

function away(state, heard) {
  setAway(state, heard.nick, Boolean(heard.raw(0)));
  return [];
}

export function setAway(state, nickName, isAway) {
  for (const conversation of state.with(nickName)) {
    conversation.put({ nick: conversation.member(nickName).nick, isAway });
  }
}

function names(state, heard) {
  const conversation = state.find(heard.name(2));
  if (!conversation || !conversation.isJoined) return [];
  conversation.listed = conversation.listed || new Map();
  for (const word of heard.raw(3).split(' ').filter(Boolean)) {
    const signs = /^[~&@%+]*/.exec(word)[0];
    const name = cleanName(word.slice(signs.length).split('!')[0]);
    const known = conversation.member(name) || { isAway: false, isBot: false };
    if (name) conversation.listed.set(fold(name), Object.assign({}, known, { nick: name, prefix: signs[0] || '' }));
  }
  return [];
}

function endOfNames(state, heard) {
  const conversation = state.find(heard.name(1));
  if (conversation && conversation.listed) {
    conversation.setMembers(conversation.listed);
    conversation.listed = null;
  }
  return [];
}

/** 352: who is away (G) and who is a bot. */
function who(state, heard) {
  const conversation = state.find(heard.name(1));
  const member = conversation && conversation.member(heard.name(5));
  if (!member) return [];
  const flags = heard.raw(6);
  const letter = (state.tokens.BOT || '')[0];
  conversation.put({ nick: member.nick, isAway: flags[0] === 'G', isBot: Boolean(letter) && flags.slice(1).includes(letter) });
  return [];
}

// ---- topic and modes -------------------------------------------------------------------------------------------------

function topic(state, heard) {
  const conversation = state.find(heard.name(0));
  if (!conversation) return [];
  conversation.setTopic(heard.line(1));
  add(state, conversation, heard);
  return [];
}

function topicIs(state, heard) {
  const conversation = state.find(heard.name(1));
  if (conversation) conversation.setTopic(heard.message.command === '331' ? '' : heard.line(2));
  return [];
}

function mode(state, heard) {
  const conversation = state.find(heard.name(0));
  if (!conversation || !conversation.isChannel) return [];
  for (const [change, argument] of modeChanges(state, heard)) {
    const sign = state.prefixOf(change[1]);
    if (sign) setRank(conversation, argument, sign, change[0] === '+');
  }
  add(state, conversation, heard);
  return [];
}

/** Return [["+o", "Ana"], …]. */
function modeChanges(state, heard) {
  const found = [];
  let sign = '+';
  let index = 2;
  for (const letter of heard.raw(1).slice(0, MAX_MODE_LETTERS)) {
    if (letter === '+' || letter === '-') sign = letter;
    else found.push([sign + letter, takesParameter(state, letter, sign === '+') ? heard.name(index++) : '']);
  }
  return found;
}

function takesParameter(state, letter, isSet) {
  const groups = (state.tokens.CHANMODES || '').split(',').concat('', '', '');
  if (state.prefixOf(letter) || groups[0].includes(letter) || groups[1].includes(letter)) return true;
  return isSet && groups[2].includes(letter);
}

function modeSentences(state, heard) {
  const by = heard.isFromServer ? words.theHost : shown(heard.nick);
  return modeChanges(state, heard)
    .map(([change, argument]) => words.modes[change] && words.modes[change](by, shown(argument)))
    .filter(Boolean);
}

function setRank(conversation, nickName, sign, isSet) {
  const member = conversation.member(nickName);
  if (!member) return;
  if (isSet && (!member.prefix || sign === '@')) conversation.put({ nick: member.nick, prefix: sign });
  if (!isSet && member.prefix === sign) conversation.put({ nick: member.nick, prefix: '' });
}

export const MOVES = {
  JOIN: join,
  PART: part,
  QUIT: quit,
  KICK: kick,
  NICK: nick,
  AWAY: away,
  TOPIC: topic,
  MODE: mode,
  331: topicIs,
  332: topicIs,
  353: names,
  366: endOfNames,
  352: who,
};
