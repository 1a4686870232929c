// What people say: messages, actions, typing, reactions, and what they take back. The twin of client/state/meaning/talk.py.

import { timeOf } from './clock.js';
import { cutToBytes } from './irc.js';
import { calls } from './mentions.js';
import { fold, isChannel } from './names.js';
import { ID_TAG } from './phrasing.js';
import { clean } from './text.js';

const STATUS_SIGNS = /^[~&@%+]+(?=#)/;
const TYPING_MS = { active: 6000, paused: 30000 };
const MAX_REACTIONS = 20;
const MAX_REACTORS = 200;
const MAX_REACTION_BYTES = 40;
const MAX_TYPING = 20;

/** Return the conversation that a message belongs to: its channel, or the talk with the other person. */
export function conversationOf(state, heard) {
  const target = heard.name(0).replace(STATUS_SIGNS, '');
  if (isChannel(target)) return state.find(target);
  if (heard.isFromServer) return state.current;
  const other = state.isOwn(heard.nick) ? target : heard.nick;
  return other ? state.open(other) : undefined;
}

/** Return the entry that a PRIVMSG or NOTICE is, or null for what nobody says (a question to the program). */
export function spokenEntry(state, heard) {
  let kind = heard.message.command === 'NOTICE' ? 'notice' : 'message';
  let text = heard.raw(1);
  if (text[0] === '\x01') {
    if (kind === 'notice' || !/^\x01ACTION /.test(text)) return null;
    kind = 'action';
    text = text.slice(8).replace(/\x01+$/, '');
  }
  const isOwn = state.isOwn(heard.nick) && !heard.isFromServer;
  const isPrivate = !isChannel(heard.name(0).replace(STATUS_SIGNS, ''));
  const cleaned = heard.text(text);
  return {
    kind,
    at: heard.at,
    nick: heard.nick,
    text: cleaned,
    msgid: heard.msgid,
    id: isOwn ? heard.tags[ID_TAG] || '' : '',
    replyTo: replyTag(heard),
    isOwn,
    isMention: !isOwn && !heard.isFromServer && (isPrivate || calls(state.nick, cleaned).length > 0),
    isBot: heard.isBot,
    isFromServer: heard.isFromServer,
  };
}

function replyTag(heard) {
  return heard.tags['+reply'] || heard.tags['+draft/reply'] || '';
}

function said(state, heard) {
  const conversation = conversationOf(state, heard);
  const made = conversation && spokenEntry(state, heard);
  if (!made) return [];
  conversation.typing.delete(fold(heard.nick));
  const entry = conversation.log.add(made);
  if (!entry) return [];
  conversation.count();
  return [{ type: 'said', conversation, entry }];
}

function tagmsg(state, heard) {
  if (!heard.tags['+typing'] && !reactionTag(heard, '+draft/react') && !reactionTag(heard, '+draft/unreact')) return [];
  const target = heard.name(0).replace(STATUS_SIGNS, '');
  const name = isChannel(target) ? target : state.isOwn(heard.nick) ? target : heard.nick;
  const conversation = state.find(name);
  if (!conversation) return [];
  if (!heard.isReplayed) typing(state, conversation, heard);
  react(conversation, heard);
  return [];
}

function typing(state, conversation, heard) {
  const how = heard.tags['+typing'];
  if (!how || state.isOwn(heard.nick)) return;
  const key = fold(heard.nick);
  const lasts = TYPING_MS[how];
  if (!lasts) conversation.typing.delete(key);
  else if (conversation.typing.has(key) || conversation.typing.size < MAX_TYPING) {
    conversation.typing.set(key, [heard.nick, heard.now + lasts]);
  }
}

/** Apply a reaction to the entry that it is about, if that is here. */
export function react(conversation, heard) {
  const entry = conversation.log.get(replyTag(heard));
  if (!entry || entry.isDeleted || !heard.nick) return;
  const added = reactionTag(heard, '+draft/react');
  const removed = reactionTag(heard, '+draft/unreact');
  let { reactions } = entry;
  if (added) reactions = withReaction(reactions, added, heard.nick);
  if (removed) reactions = withoutReaction(reactions, removed, heard.nick);
  if (reactions !== entry.reactions) conversation.log.change(entry, { reactions });
}

function reactionTag(heard, key) {
  return clean(cutToBytes(heard.tags[key] || '', MAX_REACTION_BYTES)).trim();
}

function withReaction(reactions, text, nick) {
  const known = reactions.find((reaction) => reaction.text === text);
  if (!known) return reactions.length < MAX_REACTIONS ? reactions.concat({ text, nicks: [nick] }) : reactions;
  if (known.nicks.length >= MAX_REACTORS || known.nicks.some((other) => fold(other) === fold(nick))) return reactions;
  return reactions.map((one) => (one === known ? { text, nicks: one.nicks.concat(nick) } : one));
}

function withoutReaction(reactions, text, nick) {
  const left = reactions.map((one) =>
    one.text === text ? { text, nicks: one.nicks.filter((other) => fold(other) !== fold(nick)) } : one,
  );
  return left.filter((one) => one.nicks.length);
}

function redact(state, heard) {
  const target = heard.name(0);
  const name = isChannel(target) ? target : state.isOwn(heard.nick) ? target : heard.nick;
  const conversation = state.find(name);
  const entry = conversation && conversation.log.get(heard.raw(1));
  if (!entry || entry.isDeleted) return [];
  conversation.log.change(entry, { text: '', isDeleted: true, isMention: false, reactions: [] });
  conversation.count();
  return [];
}

function markread(state, heard) {
  const conversation = state.find(heard.name(0));
  const at = timeOf(heard.raw(1).replace(/^timestamp=/, ''), null);
  if (!conversation && at !== null) state.markers.set(fold(heard.name(0)), at);
  if (!conversation || at === null || at <= (conversation.marker || 0)) return [];
  conversation.marker = at;
  conversation.count();
  return [];
}

export const TALK = { PRIVMSG: said, NOTICE: said, TAGMSG: tagmsg, REDACT: redact, MARKREAD: markread };
