// From what a person wants to say to the messages that say it: one line, several, or a multi-line batch where the
// host takes them. Each part is answered by one echo, which bears its id. The twin of client/speaking/phrasing.py.

import { bytes, message } from './irc.js';
import { split } from './split.js';

export const ID_TAG = '+lanchat/id'; // ours, so that an echo, or what is told of the past, tells that it has arrived
const MAX_LINE_BYTES = 512;
const MAX_SOURCE_BYTES = 2 + 18 + 63; // "!~user@host" beside the nick
const MIN_TEXT_BYTES = 100;
const MAX_BATCH_BYTES = 16384;
const MAX_BATCH_LINES = 100;

/** Return the texts of the parts that a saying is: {target, text, isAction, source, caps}. */
export function parts(saying) {
  const text = tidy(saying.text);
  if (!text) return [];
  const limit = textLimit(saying);
  if (!text.includes('\n') && bytes(text) <= limit) return [text];
  return saying.isAction || !canBatch(saying.caps) ? pieces(text, limit) : groups(text, limit, saying.caps);
}

function tidy(text) {
  return text.split('\n').map((line) => line.replace(/\s+$/, '')).join('\n').replace(/^\n+|\n+$/g, '');
}

function canBatch(caps) {
  return 'draft/multiline' in caps && 'batch' in caps;
}

function textLimit(saying) {
  const source = saying.source.includes('@') ? bytes(saying.source) : bytes(saying.source) + MAX_SOURCE_BYTES;
  const around = bytes(`: PRIVMSG ${saying.target} :`) + 2 + (saying.isAction ? 9 : 0);
  return Math.max(MIN_TEXT_BYTES, MAX_LINE_BYTES - source - around);
}

function pieces(text, limit) {
  const cut = [].concat(...text.split('\n').map((line) => split(line, limit)));
  return cut.map((piece) => piece.replace(/\s+$/, '')).filter(Boolean);
}

/** Cut a text into groups of lines, each within what the host allows one message. */
function groups(text, limit, caps) {
  const [maxBytes, maxLines] = batchLimits(caps['draft/multiline']);
  const found = [];
  let group = null;
  for (const line of cutLines(text, limit)) {
    const size = bytes(line.text) + (line.goesOn ? 0 : 1);
    if (!group || group.lines >= maxLines || group.size + size > maxBytes) found.push((group = { lines: 0, size: 0, text: '' }));
    group.text += (line.goesOn || !group.lines ? '' : '\n') + line.text;
    group.lines += 1;
    group.size += size;
  }
  return found.map((one) => one.text).filter((one) => one.trim());
}

function batchLimits(value) {
  const named = {};
  for (const part of (value || '').split(',')) named[part.split('=')[0]] = Number(part.split('=')[1]) || 0;
  return [
    Math.min(named['max-bytes'] || MAX_BATCH_BYTES, MAX_BATCH_BYTES),
    Math.min(named['max-lines'] || MAX_BATCH_LINES, MAX_BATCH_LINES),
  ];
}

function cutLines(text, limit) {
  const lines = [];
  for (const line of text.split('\n')) {
    const cut = line ? split(line, limit) : [''];
    cut.forEach((piece, number) => lines.push({ text: piece, goesOn: number > 0 }));
  }
  return lines;
}

/** Return the messages that say one part: {id, target, text, isAction, replyTo, source, caps}. */
export function messagesOf(part) {
  const tags = tagsOf(part);
  const limit = textLimit(part);
  if (!part.text.includes('\n') && bytes(part.text) <= limit) {
    return [message('PRIVMSG', [part.target, part.isAction ? `\x01ACTION ${part.text}\x01` : part.text], tags)];
  }
  if (!canBatch(part.caps)) {
    return pieces(part.text, limit).map((text) => message('PRIVMSG', [part.target, text], tags));
  }
  const batch = `b${part.id}`;
  const inside = cutLines(part.text, limit).map((line) => message('PRIVMSG', [part.target, line.text], lineTags(line, batch)));
  return [message('BATCH', [`+${batch}`, 'draft/multiline', part.target], tags), ...inside, message('BATCH', [`-${batch}`])];
}

function tagsOf(part) {
  const tags = {};
  if ('labeled-response' in part.caps) tags.label = part.id;
  if (!('message-tags' in part.caps)) return tags;
  tags[ID_TAG] = part.id;
  if (part.replyTo) tags['+reply'] = tags['+draft/reply'] = part.replyTo;
  return tags;
}

function lineTags(line, batch) {
  return line.goesOn ? { batch, 'draft/multiline-concat': '' } : { batch };
}
