// A text as nodes: links that can be followed, and the places where it calls this person. Text stays text.

import { calls } from '../mentions.js';
import { html } from './html.js';

const LINK = /\bhttps?:\/\/[^\s<>"'“”«»]+/gi;
const NOT_AT_END = /[.,;:!?)\]}]+$/;
const PAIRS = { ')': '(', ']': '[', '}': '{' };

/** Return the parts of a text: {text, href?, isCall?}. */
export function partsOf(text, nick) {
  const parts = [];
  let at = 0;
  text.replace(LINK, (whole, index) => {
    const href = trimmed(whole);
    if (index > at) parts.push({ text: text.slice(at, index) });
    parts.push({ text: href, href });
    at = index + href.length;
    return whole;
  });
  if (at < text.length) parts.push({ text: text.slice(at) });
  return nick ? [].concat(...parts.map((part) => (part.href ? [part] : called(part.text, nick)))) : parts;
}

/** A link without the signs that end a sentence; a bracket stays where it was opened inside. */
function trimmed(link) {
  let kept = link;
  for (let end = NOT_AT_END.exec(kept); end; end = NOT_AT_END.exec(kept)) {
    const last = kept[kept.length - 1];
    const isPaired = PAIRS[last] && kept.split(PAIRS[last]).length >= kept.split(last).length;
    if (isPaired) break;
    kept = kept.slice(0, -1);
  }
  return kept;
}

function called(text, nick) {
  const parts = [];
  let at = 0;
  for (const [start, end] of calls(nick, text)) {
    if (start > at) parts.push({ text: text.slice(at, start) });
    parts.push({ text: text.slice(start, end), isCall: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

export function linked(text, nick) {
  return partsOf(text, nick).map((part) => {
    if (part.href) return html`<a href=${part.href} target="_blank" rel="noreferrer noopener">${part.text}</a>`;
    return part.isCall ? html`<mark>${part.text}</mark>` : part.text;
  });
}
