// Texts cut into pieces that lines can carry: at words where there are any, never inside a character.
// The twin of protocol/split.py, held to it by tests/web.

import { bytes } from './irc.js';

const GLUED_ON = /[\p{Mn}\p{Mc}\p{Me}\p{Sk}\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}]/u;

/** Return the text in pieces of at most so many bytes; together they are the text. */
export function split(text, limit) {
  const pieces = [];
  let rest = [...text];
  while (rest.length) {
    const end = pieceEnd(rest, limit);
    pieces.push(rest.slice(0, end).join(''));
    rest = rest.slice(end);
  }
  return pieces;
}

function pieceEnd(chars, limit) {
  const fitting = fittingChars(chars, limit);
  if (fitting === chars.length) return fitting;
  const half = Math.floor(fitting / 2);
  for (let at = fitting - 1; at >= Math.max(half, 1); at--) if (chars[at] === ' ') return at + 1;
  for (let end = fitting; end > half; end--) if (isBorder(chars, end)) return end;
  return fitting;
}

function fittingChars(chars, limit) {
  let used = 0;
  for (let index = 0; index < chars.length; index++) {
    used += bytes(chars[index]);
    if (used > limit) return Math.max(1, index);
  }
  return chars.length;
}

function isBorder(chars, index) {
  return !GLUED_ON.test(chars[index]) && chars[index - 1] !== '\u200d';
}
