// One message of the host, read once: who, when, and its parameters made safe to show.

import { timeOf } from './clock.js';
import { cutToBytes, nickOf } from './irc.js';
import { clean, cleanLines } from './text.js';

const MAX_NAME_BYTES = 128;
const MAX_TEXT_BYTES = 32768;
const MAX_LINES = 100;

export function cleanName(name) {
  return clean(cutToBytes(name || '', MAX_NAME_BYTES)).trim();
}

export class Heard {
  constructor(message, now, hostNow, isReplayed) {
    this.message = message;
    this.tags = message.tags;
    this.nick = cleanName(nickOf(message));
    this.now = now;
    this.at = timeOf(message.tags.time, hostNow);
    this.isReplayed = Boolean(isReplayed);
    this.msgid = message.tags.msgid || '';
    this.isFromServer = !message.source.includes('!');
    this.isBot = 'bot' in message.tags || 'draft/bot' in message.tags;
  }

  raw(index) {
    return this.message.params[index] || '';
  }

  name(index) {
    return cleanName(this.raw(index));
  }

  line(index) {
    return clean(cutToBytes(this.raw(index), MAX_TEXT_BYTES));
  }

  text(text) {
    return cleanLines(cutToBytes(text, MAX_TEXT_BYTES), MAX_LINES);
  }

  get last() {
    return this.line(this.message.params.length - 1);
  }
}
