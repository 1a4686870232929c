// From "connected" to "welcome": capabilities, password, account and name. The twin of client/connection/registration.py.
//
// A host that knows a name of ours is given nothing before it has proved that: not the room's password, and no secret.
// At a host where we are new, PASS leaves first, and the secret is shown to make the name ours.
// A name that is taken (433), or that belongs to somebody else (904), is varied: "Ana", "Ana2", "Ana3" …

import { cleanName } from './heard.js';
import { message } from './irc.js';
import { Login } from './login.js';
import { fold, shown, usernameFrom, variant } from './names.js';
import { secretOf } from './proof.js';
import { clean } from './text.js';
import { words } from './words.js';

const WANTED = [
  'account-notify', 'account-tag', 'away-notify', 'batch', 'cap-notify', 'chghost', 'draft/chathistory', 'draft/event-playback',
  'draft/message-redaction', 'draft/multiline', 'draft/read-marker', 'echo-message', 'extended-join', 'invite-notify',
  'labeled-response', 'message-tags', 'multi-prefix', 'sasl', 'server-time', 'setname', 'soju.im/search', 'standard-replies',
];
const MAX_VARIANTS = 50;
const MAX_ACCOUNT_VARIANTS = 3; // the host counts wrong secrets, and makes us wait after five

/** Who goes there: {nick, password, secret, known}. `known`: the names that this host took from us before. */
export class Person {
  constructor(facts) {
    Object.assign(this, { nick: '', password: '', secret: '', known: [] }, facts);
  }

  knows(name) {
    return this.known.some((one) => fold(one) === fold(name));
  }

  secretFor(name) {
    const isFirst = !this.known.length || fold(name) === fold(this.known[0]);
    return isFirst ? this.secret : secretOf(this.secret, fold(name));
  }
}

export class Handshake {
  constructor(person) {
    Object.assign(this, { person, offered: {}, caps: {}, nick: person.nick, account: '', isDone: false, refusal: null });
    Object.assign(this, { whyNot: '', variants: 0, accountTries: 0, isProved: false, login: null, hasEnded: false, unanswered: 0, hasList: false });
  }

  get needsProof() {
    return this.person.known.length > 0 && Boolean(this.person.secret) && !this.isProved;
  }

  begin() {
    const user = message('USER', [usernameFrom(this.nick), '0', '*', shown(this.nick)]);
    const password = this.needsProof ? [] : this.password();
    return [message('CAP', ['LS', '302']), ...password, message('NICK', [this.nick]), user];
  }

  password() {
    return this.person.password ? [message('PASS', [this.person.password])] : [];
  }

  /** Return a sentence where the name is not the one wanted, or "". */
  remark() {
    const [wanted, got] = [this.person.nick, this.nick];
    if (fold(wanted) === fold(got)) return '';
    return (this.whyNot ? words.nameIsOthers : words.nameTaken)(shown(wanted), shown(got));
  }

  refuse(kind, text) {
    this.refusal = { kind, text };
    return [];
  }

  /** Handle a message of the host; resolves to what to send. */
  async hear(heard) {
    if (this.refusal || this.isDone) return [];
    const handler = HANDLERS[heard.command];
    if (handler) return handler.call(this, heard);
    return this.login ? this.goOn(await this.login.hear(heard)) : [];
  }

  // ---- capabilities and account ------------------------------------------------------------------------------------

  cap(heard) {
    const asked = hearCap(this, heard);
    if (!this.hasList || this.unanswered || this.hasEnded || this.login) return asked;
    const offered = mechanisms(this.caps);
    if (this.needsProof) {
      const known = this.person.knows(this.nick) ? this.nick : this.person.known[0];
      return asked.concat(offered.includes('SCRAM-SHA-256') ? this.logIn(known) : this.notProved());
    }
    return asked.concat(this.person.secret && offered.length ? this.logIn(this.nick) : this.end());
  }

  logIn(name) {
    const mayTell = !this.needsProof && !this.person.knows(name);
    this.login = new Login(name, this.person.secretFor(name), mechanisms(this.caps), mayTell);
    return this.goOn(this.login.begin());
  }

  goOn(messages) {
    const { login } = this;
    if (!login || !login.outcome) return messages;
    this.login = null;
    if (login.outcome === 'proved' || login.outcome === 'told') this.account = login.account;
    return messages.concat(this.needsProof ? this.provedOrNot(login) : this.loggedInOrNot(login));
  }

  provedOrNot(login) {
    if (login.outcome === 'unavailable') return this.refuse('other', words.hostFull(login.why));
    if (login.outcome !== 'proved') return this.notProved();
    this.isProved = true;
    const isWanted = fold(login.name) === fold(this.nick);
    return this.password().concat(isWanted ? this.end() : this.logIn(this.nick));
  }

  notProved() {
    return this.refuse('host', words.notProved(shown(this.person.knows(this.nick) ? this.nick : this.person.known[0])));
  }

  loggedInOrNot(login) {
    if (login.outcome !== 'wrong') return this.end();
    this.whyNot = this.whyNot || login.why;
    if (this.accountTries >= MAX_ACCOUNT_VARIANTS || this.isProved) return this.end();
    this.accountTries += 1;
    const varied = this.vary();
    return varied.concat(this.refusal ? [] : this.logIn(this.nick));
  }

  end() {
    if (this.hasEnded) return [];
    this.hasEnded = true;
    return [message('CAP', ['END'])];
  }

  // ---- the name, and in or out -------------------------------------------------------------------------------------

  taken(heard) {
    const refused = heard.params.length > 2 ? heard.params[1] : this.nick;
    return fold(refused) === fold(this.nick) ? this.vary() : [];
  }

  vary() {
    this.variants += 1;
    if (this.variants > MAX_VARIANTS) return this.refuse('name', words.namesTaken(shown(this.person.nick)));
    this.nick = variant(this.person.nick, this.variants + 1);
    return [message('NICK', [this.nick])];
  }

  badName(heard) {
    const why = clean(heard.params[heard.params.length - 1] || '').replace(/\.$/, '');
    return this.refuse('name', words.badName(shown(this.nick), why));
  }

  welcome(heard) {
    if (this.needsProof) return this.notProved();
    this.isDone = true;
    this.nick = cleanName(heard.params[0]) || this.nick;
    return [];
  }

  wrongPassword() {
    if (this.needsProof) return this.notProved(); // it was not told any
    return this.refuse('password', this.person.password ? words.wrongPassword : words.passwordNeeded);
  }

  notLetIn(heard) {
    const why = clean(heard.params[heard.params.length - 1] || '');
    if (heard.command === '465') return this.refuse('banned', words.banned(why));
    return this.refuse('other', words.hostFull(why));
  }
}

const HANDLERS = {
  CAP: Handshake.prototype.cap,
  901() {
    this.account = '';
    return [];
  },
  433: Handshake.prototype.taken,
  436: Handshake.prototype.taken,
  437: Handshake.prototype.taken,
  432: Handshake.prototype.badName,
  '001': Handshake.prototype.welcome,
  464: Handshake.prototype.wrongPassword,
  465: Handshake.prototype.notLetIn,
  ERROR: Handshake.prototype.notLetIn,
};

export function mechanisms(caps) {
  return 'sasl' in caps ? (caps.sasl || 'PLAIN').toUpperCase().split(',') : [];
}

/** Handle a CAP of the host; `side` has offered, caps, unanswered, hasList. Returns what to ask for next. */
export function hearCap(side, heard) {
  const subcommand = (heard.params[1] || '').toUpperCase();
  const names = (heard.params[heard.params.length - 1] || '').split(' ').filter(Boolean);
  if (subcommand === 'LS' || subcommand === 'NEW') return offered(side, heard, names, subcommand);
  if (subcommand === 'ACK' || subcommand === 'NAK') side.unanswered = Math.max(0, side.unanswered - 1);
  if (subcommand === 'ACK') names.forEach((name) => (side.caps[name] = side.offered[name] || ''));
  if (subcommand === 'DEL') names.forEach((name) => delete side.caps[name]);
  return [];
}

function offered(side, heard, names, subcommand) {
  for (const name of names) side.offered[name.split('=')[0]] = name.split('=').slice(1).join('=');
  if (subcommand === 'LS' && heard.params[2] === '*') return [];
  side.hasList = true;
  const asked = requests(WANTED.filter((name) => name in side.offered && !(name in side.caps)));
  side.unanswered += asked.length;
  return asked;
}

function requests(names) {
  const lines = [];
  for (const name of names) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + name.length < 400) lines[last] += ` ${name}`;
    else lines.push(name);
  }
  return lines.map((line) => message('CAP', ['REQ', line]));
}
