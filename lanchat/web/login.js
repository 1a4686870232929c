// One login to one name, from our side: the twin of client/connection/login.py.
//
//     AUTHENTICATE SCRAM-SHA-256   →  AUTHENTICATE +
//     AUTHENTICATE <name, nonce>   →  AUTHENTICATE <nonce, salt>     or 904: nobody has this name by SCRAM
//     AUTHENTICATE <proof>         →  AUTHENTICATE <signature>       or 904: the name is somebody else's
//     AUTHENTICATE +               →  900, 903                       the host has proved itself, and we have
//
// PLAIN, which shows the host the secret, is only for a name that no account is known of: it makes one.
//
// `outcome`: '' while it goes on, then 'proved', 'told' (the host was shown the secret, and took it), 'wrong' (the name
// is somebody else's), 'unknown', 'unavailable', 'forged' (the host did not sign, or not rightly).

import { message } from './irc.js';
import { Scram, fromBase64, pieces, plainResponse, randomWord, salted } from './proof.js';
import { clean } from './text.js';

const SCRAM = 'SCRAM-SHA-256';
const MAX_RESPONSE = 2048;

const authenticate = (chunk) => message('AUTHENTICATE', [chunk]);

export class Login {
  constructor(name, secret, mechanisms, mayTell) {
    Object.assign(this, { name, secret, mechanisms, mayTell, outcome: '', why: '', account: '', stage: 'asked', received: '', side: null });
  }

  begin() {
    if (!this.mechanisms.includes(SCRAM)) return this.beginPlain();
    this.side = new Scram(this.name, randomWord());
    return [authenticate(SCRAM)];
  }

  beginPlain() {
    if (!this.mayTell || !this.mechanisms.includes('PLAIN')) return this.end('unknown');
    Object.assign(this, { side: null, stage: 'asked', received: '' });
    return [authenticate('PLAIN')];
  }

  end(outcome) {
    this.outcome = outcome;
    return [];
  }

  /** Handle a message of the host; returns what to send, or a promise of it. */
  hear(heard) {
    if (this.outcome) return [];
    const last = clean(heard.params[heard.params.length - 1] || '');
    switch (heard.command) {
      case 'AUTHENTICATE':
        return this.feed(heard.params[0] || '');
      case '900':
        this.account = heard.params[2] || '';
        return [];
      case '903':
        return this.stage === 'last' ? this.end(this.side ? 'proved' : 'told') : this.forged();
      case '904':
        this.why = last;
        return this.failed();
      case '902':
      case '905':
      case '906':
      case '907':
        this.why = last;
        return this.end('unavailable');
      default:
        return [];
    }
  }

  feed(chunk) {
    this.received += chunk === '+' ? '' : chunk;
    if (this.received.length > MAX_RESPONSE) return this.forged();
    if (chunk.length === 400) return [];
    const data = fromBase64(this.received);
    this.received = '';
    return data ? this.answer(new TextDecoder().decode(data)) : this.forged();
  }

  answer(text) {
    if (this.stage === 'asked') return this.nameOurselves();
    if (!this.side || this.stage === 'hashing' || this.stage === 'last') return [];
    if (this.stage === 'named') return this.prove(text);
    if (!this.side.isSigned(text)) return this.forged();
    this.stage = 'last';
    return [authenticate('+')];
  }

  nameOurselves() {
    this.stage = this.side ? 'named' : 'last';
    return pieces(this.side ? this.side.first : plainResponse(this.name, this.secret)).map(authenticate);
  }

  async prove(text) {
    const asked = this.side.challenged(text);
    if (!asked) return this.forged();
    this.stage = 'hashing';
    const hash = await salted(this.secret, asked);
    this.stage = 'proved';
    return pieces(this.side.prove(hash)).map(authenticate);
  }

  forged() {
    this.outcome = 'forged';
    return [authenticate('*')];
  }

  /** 904: what it is about is told by what was sent before. */
  failed() {
    if (this.stage === 'named') return this.beginPlain();
    return this.end(this.stage === 'asked' ? 'unavailable' : 'wrong');
  }
}
