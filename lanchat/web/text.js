// Foreign text made harmless: nothing invisible, nothing that turns the text around, no controls, accents within
// reason. The twin of protocol/text.py, held to it by tests/web.

const FORMATTING = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|[\x02\x0f\x11\x16\x1d\x1e\x1f]/g;
const KEPT = /[\u200c\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}\u{e0100}-\u{e01ef}]/u;
// Default_Ignorable_Code_Point, controls, private use, lone halves of pairs, and the Braille pattern without dots
const HARMFUL =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
const PILES = /(\p{M}{6})\p{M}+/gu; // more than six climb over the lines above
const PLAIN = /^[ -~]*$/;

/** Tell whether a character could hide itself or turn the text around. */
export function isHarmful(char) {
  HARMFUL.lastIndex = 0;
  return !KEPT.test(char) && HARMFUL.test(char);
}

/** Return foreign text as one line that is safe to show. */
export function clean(text) {
  if (PLAIN.test(text)) return text;
  const flat = text.replace(FORMATTING, '').replace(/[\t\n\r\u2028\u2029]/g, ' ');
  return flat.replace(HARMFUL, (char) => (KEPT.test(char) ? char : '')).replace(PILES, '$1');
}

/** Return foreign text of several lines, each safe to show. */
export function cleanLines(text, most) {
  return text.split('\n').slice(0, most || 100).map(clean).join('\n');
}

/** Return a typed or pasted text as it can go out: all of it, but for what steers a screen. */
export function sayable(text) {
  return text.replace(/\r\n?/g, '\n').replace(/\t/g, '    ').split('\n').map(clean).join('\n');
}
