// Names of people and channels: what is allowed, when two are the same, and how people read them.
// The twin of protocol/names.py, held to it by tests/web. What the host alone knows (look-alikes) it tells by refusing.

import { bytes, cutToBytes } from './irc.js';
import { clean, isHarmful } from './text.js';

export const MAX_NICK_BYTES = 40;
const MAX_CHANNEL_BYTES = 64;
const UNSEEN = /[\u200c\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}]/gu;
const NOT_IN_NICKS = /[ ,*?.!@:"]/g;
const NOT_FIRST_IN_NICKS = /^[#~&@%+\-$:]+/;
const NOT_IN_CHANNELS = /[,\x07*?:]/g;
const folded = new Map();
const MAX_FOLDED = 4096;

/** Return what two names share when they are the same name: "ZOÉ" and "zoé". */
export function fold(name) {
  if (/^[\x00-\x7f]*$/.test(name)) return name.toLowerCase();
  if (!folded.has(name)) {
    if (folded.size >= MAX_FOLDED) folded.clear();
    folded.set(name, foldAnew(name));
  }
  return folded.get(name);
}

function foldAnew(name) {
  const chars = [...name.replace(UNSEEN, '').normalize('NFKC')];
  return chars.map(foldChar).join('').normalize('NFKC');
}

/** Case folding as Unicode has it; JavaScript only has upper and lower case. */
function foldChar(char) {
  if (char === 'ı') return char;
  if (/[\u13a0-\u13f5]/.test(char)) return char;
  if (/[\u13f8-\u13fd\uab70-\uabbf]/.test(char)) return char.toUpperCase();
  return [...char.toLowerCase().toUpperCase()].map((one) => one.toLowerCase()).join('');
}

/** Tell whether a target is a channel. */
export function isChannel(name) {
  return name[0] === '#';
}

/** Return a wire name as people read it: "Maria_López" with its space, "#Line-3" without its "#". */
export function shown(name) {
  return isChannel(name) ? name.slice(1) : name.replace(/(^|[^_])_(?=[^_])/g, (all, before) => (before ? `${before} ` : all));
}

/** Return the nearest allowed nick to what a person calls themselves, "" if nothing of it can be kept. */
export function nickFrom(text) {
  const joined = clean(text).normalize('NFC').split(/\s+/).filter(Boolean).join('_');
  const kept = [...joined.replace(NOT_IN_NICKS, '')].filter((char) => !isUnseen(char)).join('');
  return cutToBytes(kept.replace(NOT_FIRST_IN_NICKS, ''), MAX_NICK_BYTES);
}

function isUnseen(char) {
  return isHarmful(char) || /[\u200c\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}\u{e0100}-\u{e01ef}]/u.test(char) || /\p{Cn}/u.test(char);
}

/** Return the nick with a number behind it ("Zoé2"), shortened where it would be too long. */
export function variant(nick, number) {
  const digits = String(number);
  return cutToBytes(nick, MAX_NICK_BYTES - digits.length) + digits;
}

/** Return the channel of a room: "Line 3" is "#Line-3". */
export function channelFor(room) {
  const kept = room.replace(NOT_IN_CHANNELS, '').replace(/\s/g, '-').replace(/^[-#]+|[-#]+$/g, '');
  return cutToBytes(`#${kept || 'room'}`, MAX_CHANNEL_BYTES);
}

/** Return a username for "nick!username@host". */
export function usernameFrom(text) {
  return cutToBytes(clean(text).replace(/[\s@!:*?]/g, ''), 18) || 'user';
}

/** Return which of so many colours a name has: the same in every page and terminal. */
export function colourOf(nick, colours) {
  return crc32(fold(nick)) % colours;
}

function crc32(text) {
  let crc = -1;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ -1) >>> 0;
}

/** Tell whether a name is too long for a host; bytes, not letters, count. */
export function isTooLong(text) {
  return bytes(clean(text).trim()) > MAX_NICK_BYTES;
}
