// Where a text calls somebody by name: the twin of client/state/mentions.py, held to it by tests/web.
//
//     Ana look, @Ana, (ana), ana's, thanks Ana.        calls
//     Banana, Ana_2, Ana-Maria, /ana/log, ana.local    part of another name, a path or an address: no calls
//     田中さん、止めて, Anaさん                           calls: these scripts have no spaces between words

import { fold, shown } from './names.js';

const NO_BORDER =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{sc=Hangul}\p{sc=Yi}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}\p{sc=Tai_Le}\p{sc=Tai_Tham}\p{sc=Tai_Viet}\p{sc=New_Tai_Lue}\p{sc=Javanese}\p{sc=Balinese}\p{So}]/u;
const OF_WORD = /[\p{L}\p{N}\p{M}_]/u;
const CHARACTERS = /[^][\u0300-\u036f\u3099\u309a]*/gu;
const patterns = new Map();

/** Return where a text calls this nick: [start, end], the end excluded. */
export function calls(nick, text) {
  const pattern = patternFor(nick);
  if (!pattern) return [];
  const { plain, origins } = foldedText(text);
  const found = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(plain); match; match = pattern.exec(plain)) {
    const end = match.index + match[0].length;
    if (begins(plain, match.index) && ends(plain, end)) found.push([origins[match.index][0], origins[end - 1][1]]);
  }
  return found;
}

function patternFor(nick) {
  if (!nick) return null;
  if (!patterns.has(nick)) {
    if (patterns.size > 64) patterns.clear();
    const forms = [...new Set([fold(nick), fold(shown(nick))])].filter((form) => form.trim());
    forms.sort((one, other) => other.length - one.length);
    const escaped = forms.map((form) => form.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
    patterns.set(nick, forms.length ? new RegExp(escaped.join('|'), 'g') : null);
  }
  return patterns.get(nick);
}

function foldedText(text) {
  let plain = '';
  const origins = [];
  text.replace(CHARACTERS, (char, index) => {
    const piece = fold(char);
    plain += piece;
    for (let i = 0; i < piece.length; i++) origins.push([index, index + char.length]);
    return '';
  });
  return { plain, origins };
}

function begins(text, start) {
  const before = charBefore(text, start);
  if (!before || needsNoBorder(charAt(text, start))) return true;
  if (before === '@') return start < 2 || !isOfWord(charBefore(text, start - 1));
  return !'-/\\.#'.includes(before) && !isOfWord(before);
}

function ends(text, end) {
  const after = charAt(text, end);
  if (!after || needsNoBorder(charBefore(text, end))) return true;
  if (after === '.') return !isOfWord(charAt(text, end + 1));
  return !'-/\\@'.includes(after) && !isOfWord(after);
}

function charAt(text, index) {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function charBefore(text, index) {
  const low = text[index - 1] || '';
  return /[\udc00-\udfff]/.test(low) ? text.slice(index - 2, index) : low;
}

function needsNoBorder(char) {
  return NO_BORDER.test(char);
}

function isOfWord(char) {
  return OF_WORD.test(char) && !needsNoBorder(char);
}
