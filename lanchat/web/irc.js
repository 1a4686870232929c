// One IRC message, from and to one line: the twin of protocol/message.py, held to it by tests/web.
// A message is {command, params, source, tags}; `source` is "nick!user@host" or a server's name, "" if unsaid.

const MAX_PARAMS = 15; // RFC 1459, section 2.3
const ESCAPES = { ';': '\\:', ' ': '\\s', '\\': '\\\\', '\r': '\\r', '\n': '\\n' };
const UNESCAPES = { ':': ';', s: ' ', '\\': '\\', r: '\r', n: '\n' };
const ENCODER = new TextEncoder();

/** Return a message to be sent. */
export function message(command, params, tags) {
  return { command, params: params || [], source: '', tags: tags || {} };
}

/** Read one line, without its CRLF. Returns null for what is no message. */
export function parse(line) {
  if (/[\0\r\n]/.test(line)) return null;
  let rest = line;
  let tags = {};
  let source = '';
  if (rest[0] === '@') {
    const [text, after] = cut(rest.slice(1));
    tags = parseTags(text);
    rest = after;
  }
  if (rest[0] === ':') [source, rest] = cut(rest.slice(1));
  const words = parseWords(rest);
  return words.length ? { command: words[0].toUpperCase(), params: words.slice(1), source, tags } : null;
}

function cut(text) {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1).replace(/^ +/, '')];
}

function parseWords(text) {
  const colon = text.indexOf(' :');
  const words = (colon < 0 ? text : text.slice(0, colon)).split(' ').filter(Boolean);
  if (words.length > MAX_PARAMS) return fifteen(text, words[0]);
  return colon < 0 || !words.length ? words : words.concat(text.slice(colon + 2));
}

/** The words of a line with more than fifteen parameters: the last takes all that is left. */
function fifteen(text, command) {
  const words = [command];
  let [, rest] = cut(text.replace(/^ +/, ''));
  while (rest && words.length < MAX_PARAMS && rest[0] !== ':') {
    const [word, after] = cut(rest);
    words.push(word);
    rest = after;
  }
  return words.concat(rest.replace(/^:/, ''));
}

/** Read tags, without the "@". Of a key that comes twice the last one counts. */
export function parseTags(text) {
  const tags = {};
  for (const tag of text.split(';')) {
    const at = tag.indexOf('=');
    const key = at < 0 ? tag : tag.slice(0, at);
    if (key) tags[key] = at < 0 ? '' : unescape(tag.slice(at + 1));
  }
  return tags;
}

function unescape(value) {
  return value.replace(/\\([^]?)/gu, (_, char) => (char in UNESCAPES ? UNESCAPES[char] : char));
}

function escape(value) {
  return value.replace(/[; \\\r\n]/g, (char) => ESCAPES[char]);
}

/** Return the line, without its CRLF. Throws where a parameter cannot be told in a line. */
export function format(message) {
  const parts = [message.command];
  message.params.forEach((param, index) => {
    const isLast = index === message.params.length - 1;
    const isPlain = param && !param.includes(' ') && param[0] !== ':';
    if (!isLast && !isPlain) throw new Error(`not a middle parameter: ${param}`);
    parts.push(isLast && !isPlain ? `:${param}` : param);
  });
  const line = formatTags(message.tags) + (message.source ? `:${message.source} ` : '') + parts.join(' ');
  if (/[\0\r\n]/.test(line)) throw new Error('NUL, CR or LF in a message');
  return line;
}

function formatTags(tags) {
  const parts = Object.keys(tags || {}).map((key) => (tags[key] ? `${key}=${escape(tags[key])}` : key));
  return parts.length ? `@${parts.join(';')} ` : '';
}

/** Return the nick of a message's source, or the server's name. */
export function nickOf(message) {
  return message.source.split('!')[0];
}

/** Return how many bytes a text takes on the wire. */
export function bytes(text) {
  return ENCODER.encode(text).length;
}

/** Return the longest beginning of a text of at most so many bytes, no character cut. */
export function cutToBytes(text, limit) {
  if (text.length * 3 <= limit || bytes(text) <= limit) return text;
  let used = 0;
  let kept = '';
  for (const char of text) {
    used += bytes(char);
    if (used > limit) break;
    kept += char;
  }
  return kept;
}
