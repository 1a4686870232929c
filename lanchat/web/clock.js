// Times as people read them, in local time and the words of their language.

import { words } from './words.js';

const HOUR = format({ hour: '2-digit', minute: '2-digit', hour12: false });
const DAY = format({ weekday: 'long', day: 'numeric', month: 'long' });
const DAY_OF_YEAR = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const WHEN = format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false });
const FULL = format({ dateStyle: 'full', timeStyle: 'medium', hour12: false });

function format(options) {
  try {
    return new Intl.DateTimeFormat(words.code === 'en' ? 'en-GB' : words.code, options);
  } catch (error) {
    return new Intl.DateTimeFormat(); // an old browser that does not know one of the options
  }
}

/** "06:02" */
export function hour(at) {
  return HOUR.format(at);
}

/** "Tuesday, 24 November"; with the year where it is another one. */
export function day(at) {
  return (new Date(at).getFullYear() === new Date().getFullYear() ? DAY : DAY_OF_YEAR).format(at);
}

/** "24 Nov, 06:02" */
export function when(at) {
  return WHEN.format(at);
}

export function full(at) {
  return FULL.format(at);
}

let known = [0, 0]; // the day that was asked about last: most questions are about one day

/** Tell whether two times are of the same day here. */
export function isSameDay(one, other) {
  if (one < known[0] || one >= known[1]) known = dayAround(one);
  return other >= known[0] && other < known[1];
}

function dayAround(at) {
  const begin = new Date(at).setHours(0, 0, 0, 0);
  return [begin, new Date(begin).setHours(24, 0, 0, 0)];
}

/** Return a server-time tag as milliseconds, or `otherwise` where it is none. */
export function timeOf(tag, otherwise) {
  const at = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(tag || '') ? Date.parse(tag) : NaN;
  return Number.isNaN(at) ? otherwise : at;
}

/** Return a time as the host writes it. */
export function stamp(at) {
  return new Date(at).toISOString();
}

/** "2 h 5 min" of the seconds in a numeric. */
export function duration(text) {
  if (!/^\d{1,12}$/.test(text)) return '?';
  let left = Number(text);
  const parts = [];
  for (const [unit, size] of [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]]) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}
