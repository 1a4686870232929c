// How a message of the host changes what the page shows. Pure: messages and times come in, events go out.
//
// Events: {type: 'said'|'joined'|'left'|'removed'|'renamed'|'invited', conversation, entry}.

import { ANSWERS, unknown } from './answers.js';
import { Heard } from './heard.js';
import { isChannel } from './names.js';
import { MOVES, moveEntry } from './moves.js';
import { TALK, react, spokenEntry } from './talk.js';

const HANDLERS = Object.assign({}, ANSWERS, MOVES, TALK);
const SPEECH = { PRIVMSG: true, NOTICE: true };

/** Apply one message that came just now. Never throws for what a host sends. */
export function apply(state, message, now) {
  const heard = new Heard(message, now, state.hostTime(now), false);
  if (message.tags.time && message.tags.time !== '') state.compareClocks(heard.at, now);
  const handler = HANDLERS[message.command] || unknown(message.command);
  return handler ? handler(state, heard) : [];
}

/** Apply a page of what was said before: {entries} as read by `read`, with how it joins what is there. */
export function applyPage(state, conversation, page, joins) {
  const heards = page.messages.map((message) => new Heard(message, 0, 0, true));
  const entries = heards.map((heard) => entryOf(state, heard)).filter((entry) => entry && entry.at);
  const added = conversation.log.addPage(Object.assign({ entries }, joins));
  for (const heard of heards) applyLate(state, conversation, heard);
  conversation.count();
  return { entries, added };
}

function entryOf(state, heard) {
  if ('draft/chathistory-context' in heard.tags) return null;
  return SPEECH[heard.message.command] ? spokenEntry(state, heard) : moveEntry(state, heard);
}

function applyLate(state, conversation, heard) {
  if (heard.message.command === 'TAGMSG') react(conversation, heard);
  if (heard.message.command !== 'REDACT') return;
  const entry = conversation.log.get(heard.raw(1));
  if (entry && !entry.isDeleted) conversation.log.change(entry, { text: '', isDeleted: true, isMention: false, reactions: [] });
}

/** Return what a search found: [{conversation name, entry}], newest first. */
export function found(state, page) {
  const results = [];
  for (const message of page.messages) {
    const heard = new Heard(message, 0, 0, true);
    const entry = SPEECH[message.command] && spokenEntry(state, heard);
    if (!entry) continue;
    const target = heard.name(0);
    results.push({ name: isChannel(target) || entry.isOwn ? target : heard.nick, entry });
  }
  return results.sort((one, other) => other.entry.at - one.entry.at);
}

/** Return the conversations that were the last to be spoken in: [{name, at}]. */
export function targets(page) {
  return page.messages
    .filter((message) => message.command === 'CHATHISTORY' && message.params[0] === 'TARGETS')
    .map((message) => ({ name: message.params[1], at: Date.parse(message.params[2] || '') || 0 }));
}
