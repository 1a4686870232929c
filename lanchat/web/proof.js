// SCRAM-SHA-256 and PLAIN: each side proves that it knows a secret, which SCRAM never sends. The twin of
// protocol/scram.py. Plain HTTP has no crypto.subtle, so the hashes come with the page; they are loaded when needed.

const NO_BINDING = 'n,,';
const MIN_ITERATIONS = 4096; // RFC 7677, section 4
const MAX_ITERATIONS = 1000000;
const CHUNK_BYTES = 400; // IRCv3 SASL
const ENCODER = new TextEncoder();
let hashes = null;

/** Load the hashes; throws where this browser cannot. */
export async function loadHashes() {
  if (hashes) return;
  const folder = './vendor/noble-hashes-2.4.0';
  const [sha2, hmac, pbkdf2] = await Promise.all([
    import(`${folder}/sha2.js`),
    import(`${folder}/hmac.js`),
    import(`${folder}/pbkdf2.js`),
  ]);
  hashes = { sha256: sha2.sha256, hmac: hmac.hmac, pbkdf2: pbkdf2.pbkdf2Async };
}

/** Return a new secret: 128 bits. */
export function newSecret() {
  return urlBase64(randomBytes(16));
}

/** Return a word that nobody can guess, for a nonce or an id. */
export function randomWord(size) {
  return urlBase64(randomBytes(size || 18));
}

function randomBytes(size) {
  return crypto.getRandomValues(new Uint8Array(size));
}

function urlBase64(data) {
  return base64(data).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Return what proves another name than the first: whoever was shown one name's secret cannot prove another. */
export function secretOf(secret, foldedName) {
  return urlBase64(hmac(ENCODER.encode(secret), foldedName));
}

/** Return the AUTHENTICATE parameters that carry a response. */
export function pieces(response) {
  const text = base64(response);
  const chunks = text.match(/[^]{1,400}/g) || [];
  if (!chunks.length || chunks[chunks.length - 1].length === CHUNK_BYTES) chunks.push('+');
  return chunks;
}

/** Return the response of PLAIN. */
export function plainResponse(name, secret) {
  return ENCODER.encode(`\0${name}\0${secret}`);
}

/** One exchange: send `first`, `challenged`, send what `prove` returns, check with `isSigned`. */
export class Scram {
  constructor(name, nonce) {
    this.nonce = nonce;
    this.bare = `n=${name.replace(/=/g, '=3D').replace(/,/g, '=2C')},r=${nonce}`;
    this.first = ENCODER.encode(NO_BINDING + this.bare);
    this.signature = '';
  }

  /** Read the host's first message; returns how to hash the secret, or null for one that cannot be gone on with. */
  challenged(text) {
    const match = /^r=([^,]*),s=([A-Za-z0-9+/=]+),i=(\d{1,9})(,|$)/.exec(text);
    if (!match || !match[1].startsWith(this.nonce) || match[1].length <= this.nonce.length) return null;
    const iterations = Number(match[3]);
    const salt = fromBase64(match[2]);
    if (!salt || !salt.length || iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) return null;
    this.challenge = text;
    this.fullNonce = match[1];
    return { salt, iterations };
  }

  /** Return the last message, for the secret as the host wants it hashed. */
  prove(salted) {
    const without = `c=biws,r=${this.fullNonce}`;
    const signed = `${this.bare},${this.challenge},${without}`;
    const key = hmac(salted, 'Client Key');
    const mask = hmac(hashes.sha256(key), signed);
    const proof = key.map((byte, index) => byte ^ mask[index]);
    this.signature = base64(hmac(hmac(salted, 'Server Key'), signed));
    return ENCODER.encode(`${without},p=${base64(proof)}`);
  }

  /** Tell whether the host's last message proves that it knows the account. */
  isSigned(text) {
    return Boolean(this.signature) && text.split(',')[0] === `v=${this.signature}`;
  }
}

/** Hash a secret as a host wants it. Takes a moment, and lets the page breathe meanwhile. */
export function salted(secret, asked) {
  return hashes.pbkdf2(hashes.sha256, ENCODER.encode(secret), asked.salt, { c: asked.iterations, dkLen: 32 });
}

function hmac(key, text) {
  return hashes.hmac(hashes.sha256, key, ENCODER.encode(text));
}

function base64(data) {
  return btoa(String.fromCharCode(...data));
}

/** Return the bytes that a text stands for, or null where it is no base64. */
export function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch (error) {
    return null;
  }
}
