// From entries to what is drawn in a row each: days, "New since", people who came and went folded into one, messages
// with or without their sender's name. Pure.

import { isSameDay } from './clock.js';
import { fold } from './names.js';
import { SPOKEN } from './log.js';

const TOGETHER_MS = 300000; // what somebody says within five minutes stands under one name
const MOVES = { join: true, leave: true };

/**
 * Return the rows of some entries, oldest first. `newSince`: after this time "New since" stands, if anything does.
 * `above`: the entry before them, if there is one here; what it begins is not begun again.
 */
export function rowsOf(entries, newSince, above) {
  const rows = [];
  let before = null;
  let hasNew = newSince === null || newSince === Infinity || Boolean(above && above.at > newSince);
  entries.forEach((entry) => {
    if (!before || !isSameDay(before.at, entry.at)) rows.push({ type: 'day', key: `day-${new Date(entry.at).toDateString()}`, at: entry.at });
    if (!hasNew && entry.at > newSince && SPOKEN[entry.kind] && !entry.isOwn) {
      hasNew = true;
      rows.push({ type: 'new', key: 'new', at: newSince });
    }
    place(rows, entry);
    before = entry;
  });
  return rows;
}

function place(rows, entry) {
  const last = rows[rows.length - 1];
  if (MOVES[entry.kind]) {
    if (last && last.type === 'moves') last.entries = last.entries.concat(entry);
    else rows.push({ type: 'moves', key: `moves-${entry.key}`, entries: [entry] });
  } else if (entry.kind === 'gap') rows.push({ type: 'gap', key: entry.key, entry });
  else if (SPOKEN[entry.kind]) rows.push({ type: 'message', key: entry.key, entry, isFirst: !continues(last, entry) });
  else rows.push({ type: 'note', key: entry.key, entry });
}

function continues(last, entry) {
  if (!last || last.type !== 'message' || entry.kind === 'action' || last.entry.kind === 'action' || entry.replyTo) return false;
  const isClose = entry.at - last.entry.at < TOGETHER_MS;
  return isClose && fold(last.entry.nick) === fold(entry.nick) && last.entry.isBot === entry.isBot && last.entry.kind === entry.kind;
}

/** Return who came, who left, and who did both, each once, in order. */
export function movesOf(entries) {
  const people = new Map();
  for (const entry of entries) {
    const key = fold(entry.nick);
    if (!people.has(key)) people.set(key, { nick: entry.nick, came: false, left: false, last: '' });
    const person = people.get(key);
    person[entry.kind === 'join' ? 'came' : 'left'] = true;
    person.last = entry.kind;
  }
  const all = [...people.values()];
  return {
    came: all.filter((person) => person.last === 'join').map((person) => person.nick),
    left: all.filter((person) => person.last === 'leave' && !person.came).map((person) => person.nick),
    both: all.filter((person) => person.last === 'leave' && person.came).map((person) => person.nick),
  };
}
