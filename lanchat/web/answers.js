// Numerics and standard replies: answers to what this person asked, and what did not work.

import { duration } from './clock.js';
import { cleanName } from './heard.js';
import { setAway } from './moves.js';
import { shown } from './names.js';
import { words } from './words.js';

const SILENT = { 421: true, 422: true, 451: true, 462: true, 433: false };
const MAX_LISTED = 2000;

function welcome(state, heard) {
  if (heard.name(0)) state.nick = heard.name(0);
  return [];
}

function features(state, heard) {
  for (const token of heard.message.params.slice(1, -1)) {
    const [key, ...value] = token.split('=');
    if (key[0] === '-') delete state.tokens[key.slice(1)];
    else state.tokens[key] = value.join('=').replace(/\\x([0-9A-Fa-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
  }
  return [];
}

function collected(kind, make) {
  return (state, heard) => {
    state.collect(kind, make(state, heard));
    return [];
  };
}

function told(kind, from) {
  return (state, heard) => {
    state.tell(state.collected(from).join('\n'), heard.now, kind);
    return [];
  };
}

function whoisChannels(state, heard) {
  const rooms = heard.raw(2).split(' ').filter(Boolean).map((word) => state.titleOf(cleanName(word).replace(/^[~&@%+]+/, '')));
  return `  ${words.isIn(rooms.join(', '))}`;
}

/** 301: part of a WHOIS, or the answer to what was said to somebody. */
function isAway(state, heard) {
  if (state.pending.has('whois')) state.collect('whois', `  ${words.away}: ${heard.line(2)}`);
  else state.tell(words.isAway(shown(heard.name(1)), heard.line(2)), heard.now, 'reply', state.find(heard.name(1)));
  return [];
}

function endOfMotd(state) {
  state.collected('motd');
  return [];
}

function listRow(state, heard) {
  if (!state.listing) state.listing = [];
  if (state.listing.length < MAX_LISTED) {
    state.listing.push({ name: heard.name(1), members: Number(heard.raw(2)) || 0, topic: heard.line(3) });
  }
  return [];
}

function listEnd(state) {
  state.list = state.listing || [];
  state.listing = null;
  return [];
}

function ownAway(isNow) {
  return (state, heard) => {
    state.isAway = isNow;
    setAway(state, state.nick, isNow);
    state.tell(isNow ? words.youAreAway : words.youAreBack, heard.now, 'reply');
    return [];
  };
}

function invite(state, heard) {
  const [who, channel] = [heard.name(0), heard.name(1)];
  if (!who || !channel) return [];
  const room = state.titleOf(channel);
  const text = state.isOwn(who) ? words.invitesYou(shown(heard.nick), room) : words.invited(shown(heard.nick), shown(who), room);
  state.tell(text, heard.now);
  return state.isOwn(who) ? [{ type: 'invited', conversation: state.current }] : [];
}

function say(make, kind) {
  return (state, heard) => {
    state.tell(make(state, heard), heard.now, kind || 'reply');
    return [];
  };
}

function operator(state, heard) {
  state.isOperator = true;
  state.tell(words.mayModerate, heard.now, 'reply');
  return [];
}

function standardReply(state, heard) {
  if (heard.raw(0) === 'BATCH' && heard.raw(1) === 'MULTILINE_INVALID' && !heard.tags.label) return []; // a line of one refused already
  const isFailure = heard.message.command === 'FAIL';
  state.tell(heard.last, heard.now, isFailure ? 'error' : 'info');
  return [];
}

function refused(state, heard) {
  state.tell(refusalText(state, heard), heard.now, 'error', state.find(heard.name(1)));
  return [];
}

/** Return a refusal as a sentence. */
export function refusalText(state, heard) {
  const about = heard.message.params.slice(1, -1).map((param) => state.titleOf(cleanName(param)));
  const make = words.refusals[heard.message.command];
  if (heard.message.command === 'FAIL') return heard.last;
  return make ? make(about[0] || '?', about[1] || '?', heard.last) : about.concat(heard.last).join(': ');
}

/** Return the handler of a numeric without one of its own: refusals are shown, all else is passed over. */
export function unknown(command) {
  return /^[45]\d\d$/.test(command) && !SILENT[command] ? refused : null;
}

export const ANSWERS = {
  '001': welcome,
  '005': features,
  375: endOfMotd,
  372: collected('motd', (state, heard) => heard.last),
  376: endOfMotd,
  311: collected('whois', (state, heard) => words.whoisLine(shown(heard.name(1)), heard.line(5), heard.line(2), heard.line(3))),
  317: collected('whois', (state, heard) => `  ${words.silentFor(duration(heard.raw(2)))}`),
  319: collected('whois', whoisChannels),
  330: collected('whois', (state, heard) => `  ${words.nameBelongs(shown(heard.name(2)))}`),
  313: collected('whois', (state, heard) => `  ${heard.last}`),
  335: collected('whois', (state, heard) => `  ${heard.last}`),
  318: told('reply', 'whois'),
  301: isAway,
  322: listRow,
  323: listEnd,
  305: ownAway(false),
  306: ownAway(true),
  341: say((state, heard) => words.isInvited(shown(heard.name(1)), state.titleOf(heard.name(2)))),
  381: operator,
  351: say((state, heard) => heard.message.params.slice(1).join(' ')),
  391: say((state, heard) => heard.last),
  371: say((state, heard) => heard.last),
  704: say((state, heard) => heard.last),
  705: say((state, heard) => heard.last),
  INVITE: invite,
  FAIL: standardReply,
  WARN: standardReply,
  NOTE: standardReply,
  ERROR: say((state, heard) => words.hostClosed(heard.line(0)), 'info'),
};
