// The connection to the host, kept for as long as the page is open: WebSocket, PING, and coming back.
//
// When it breaks, the link waits 1, 2, 4 … 30 s (± 25 %), and less where something tells that it may work now: the
// device is online, the page is looked at again, the machine was asleep. A connection that is open is not believed then:
// who does not answer a PING within 3 s is replaced.

import { Handshake, Person, hearCap, mechanisms } from './handshake.js';
import { format, message, nickOf, parse } from './irc.js';
import { Login } from './login.js';
import { fold } from './names.js';
import { loadHashes } from './proof.js';

const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30000;
const STEADY_MS = 30000; // a connection that held so long starts the pauses anew
const SILENT_MS = 25000; // then a PING asks whether the host is still there
const ANSWER_MS = 8000;
const DOUBT_MS = 3000;
const ASLEEP_MS = 20000; // a tick that is so late was asleep
const REGISTER_MS = 15000;
const FIRST_WORD_MS = 5000; // of a host that is there at all
const RETRY_NAME_MS = 30000;
const FINAL = { password: true, name: true, banned: true, host: true };

export class Link {
  /**
   * `listener`: person() → a promise of who goes there; known(name); welcomed(nick, remark); hear(message);
   * status({kind, seconds}); refused(refusal); tick().
   */
  constructor(address, listener) {
    Object.assign(this, { address, listener, socket: null, handshake: null, isUp: false, isOver: true, caps: {}, offered: {} });
    Object.assign(this, { pause: FIRST_PAUSE_MS, retryAt: 0, upSince: 0, heardAt: 0, pingedAt: 0, patience: 0, tickedAt: 0, beganAt: 0 });
    Object.assign(this, { person: new Person({}), nick: '', account: '', login: null, nickThen: '', nextNick: '', triedNameAt: 0, queue: Promise.resolve(), attempt: 0, unanswered: 0, hasList: true });
  }

  start() {
    this.isOver = false;
    this.timer = setInterval(() => this.tick(), 1000);
    this.tickedAt = Date.now();
    this.connect();
  }

  stop(reason) {
    if (this.isUp) this.send([message('QUIT', reason ? [reason] : [])]);
    this.isOver = true;
    clearInterval(this.timer);
    this.drop();
  }

  // ---- one connection ----------------------------------------------------------------------------------------------

  async connect() {
    const attempt = ++this.attempt;
    this.retryAt = 0;
    this.beganAt = Date.now();
    this.listener.status({ kind: 'connecting' });
    try {
      this.person = await this.listener.person();
      if (this.person.secret) await loadHashes();
    } catch (error) {
      if (!this.person.secret || attempt !== this.attempt || this.isOver) return this.failed(attempt);
      this.person = new Person(Object.assign({}, this.person, { secret: '', known: [] })); // too old a browser to prove names
    }
    if (attempt === this.attempt && !this.isOver) this.open(attempt);
  }

  open(attempt) {
    const socket = new WebSocket(this.address, ['text.ircv3.net']);
    this.socket = socket;
    this.handshake = new Handshake(this.person);
    this.queue = Promise.resolve();
    this.queued = 0;
    socket.onopen = () => this.write(this.handshake.begin());
    socket.onmessage = (event) => this.take(socket, event.data);
    socket.onclose = () => this.failed(attempt);
  }

  failed(attempt) {
    if (attempt !== this.attempt || this.isOver) return;
    this.drop();
    this.retryAt = Date.now() + this.pause * (0.75 + Math.random() / 2);
    this.pause = Math.min(this.pause * 2, MAX_PAUSE_MS);
    this.tell();
  }

  drop() {
    const { socket } = this;
    const wasUp = this.isUp;
    this.attempt += 1;
    if (wasUp && Date.now() - this.upSince >= STEADY_MS) this.pause = FIRST_PAUSE_MS;
    Object.assign(this, { socket: null, isUp: false, login: null, nickThen: '', nextNick: '', pingedAt: 0 });
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    if (wasUp) this.listener.status({ kind: 'lost' });
  }

  tell() {
    this.listener.status({ kind: 'waiting', seconds: Math.max(1, Math.round((this.retryAt - Date.now()) / 1000)) });
  }

  /** Lines are handled one after another, also where one has to wait for a hash. */
  take(socket, line) {
    this.heardAt = Date.now();
    this.pingedAt = 0;
    const heard = typeof line === 'string' ? parse(line) : null;
    if (!heard) return;
    if (this.isUp && !this.login && !this.queued) {
      this.hear(heard);
      return;
    }
    this.queued += 1;
    this.queue = this.queue.then(() => (socket === this.socket ? this.hear(heard) : undefined));
    this.queue.then(() => (this.queued -= socket === this.socket ? 1 : 0));
  }

  async hear(heard) {
    if (heard.command === 'PING') this.write([message('PONG', heard.params.slice(-1))]);
    if (!this.isUp) await this.register(heard);
    else if (this.login) await this.goOn(heard);
    if (this.isUp) this.heardUp(heard);
  }

  async register(heard) {
    const { handshake } = this;
    this.write(await handshake.hear(heard));
    if (handshake !== this.handshake || !this.socket) return;
    if (handshake.refusal) {
      const { refusal } = handshake;
      const isPassing = refusal.kind === 'host' && this.hasBeenUp; // another one answers meanwhile; ours may come back
      if (!FINAL[refusal.kind]) return;
      if (isPassing) {
        this.failed(this.attempt);
        return;
      }
      this.isOver = true;
      clearInterval(this.timer);
      this.drop();
      this.listener.refused(refusal);
    } else if (handshake.isDone) this.welcome(handshake);
  }

  welcome(handshake) {
    Object.assign(this, { isUp: true, hasBeenUp: true, upSince: Date.now(), caps: handshake.caps, offered: handshake.offered, nick: handshake.nick, account: handshake.account });
    this.triedNameAt = Date.now();
    this.learn(handshake.account);
    this.listener.status({ kind: 'up' });
    this.listener.welcomed(handshake.nick, handshake.remark());
  }

  heardUp(heard) {
    if (heard.command === 'CAP') this.write(hearCap(this, heard));
    if (heard.command === '900') this.account = heard.params[2] || '';
    if (this.isOwnAttempt(heard)) return;
    this.watchNames(heard);
    this.listener.hear(heard);
  }

  // ---- names -------------------------------------------------------------------------------------------------------

  get hasWanted() {
    return fold(this.nick) === fold(this.person.nick);
  }

  watchNames(heard) {
    if (heard.command !== 'NICK' && heard.command !== 'QUIT') return;
    const from = fold(nickOf(heard));
    if (heard.command === 'NICK' && from === fold(this.nick)) {
      this.nick = heard.params[0];
      this.person = new Person(Object.assign({}, this.person, { nick: this.nick }));
      this.write(this.logIn(this.nick, true));
    } else if (!this.hasWanted && from === fold(this.person.nick)) this.tryName();
  }

  tryName() {
    this.triedNameAt = Date.now();
    this.isTrying = true;
    this.write([message('NICK', [this.person.nick])]);
  }

  /** The refusal of an attempt that nobody asked for is not shown. */
  isOwnAttempt(heard) {
    const isRefusal = this.isTrying && /^(433|436|437|432)$/.test(heard.command) && fold(heard.params[1] || '') === fold(this.person.nick);
    if (isRefusal || heard.command === 'NICK') this.isTrying = false;
    return isRefusal;
  }

  /** Ask for another name. We log in to it first, as it may be ours from another day. */
  askFor(nick) {
    if (this.login) this.nextNick = nick;
    else this.send(this.beginToTake(nick));
  }

  beginToTake(nick) {
    const begun = this.logIn(nick, false);
    if (!this.login) return begun.concat(message('NICK', [nick]));
    this.nickThen = nick;
    return begun;
  }

  logIn(name, mayTell) {
    if (this.login || fold(name) === fold(this.account) || !this.person.secret || !('sasl' in this.caps)) return [];
    this.login = new Login(name, this.person.secretFor(name), mechanisms(this.caps), mayTell && !this.person.knows(name));
    return this.login.begin().concat(this.loginEnded());
  }

  async goOn(heard) {
    const { socket } = this;
    const answer = await this.login.hear(heard);
    if (socket !== this.socket) return;
    this.write(answer);
    this.write(this.loginEnded());
  }

  loginEnded() {
    const { login, nickThen, nextNick } = this;
    if (!login || !login.outcome) return [];
    Object.assign(this, { login: null, nickThen: '', nextNick: '' });
    if (login.outcome === 'proved' || login.outcome === 'told') this.learn(login.account);
    const after = nickThen ? [message('NICK', [nickThen])] : [];
    return nextNick ? after.concat(this.beginToTake(nextNick)) : after;
  }

  learn(account) {
    this.account = account || this.account;
    if (!account || !mechanisms(this.caps).includes('SCRAM-SHA-256') || !this.person.secret || this.person.knows(account)) return;
    this.person = new Person(Object.assign({}, this.person, { known: this.person.known.concat(account) }));
    this.listener.known(account);
  }

  // ---- sending -----------------------------------------------------------------------------------------------------

  /** Send messages; returns false where there is no connection. */
  send(messages) {
    return this.isUp && this.write(messages);
  }

  write(messages) {
    const { socket } = this;
    if (!socket || socket.readyState !== 1) return false;
    messages.forEach((one) => socket.send(format(one)));
    return true;
  }

  // ---- time --------------------------------------------------------------------------------------------------------

  tick() {
    const now = Date.now();
    const wasAsleep = now - this.tickedAt > ASLEEP_MS;
    this.tickedAt = now;
    if (wasAsleep) this.doubt();
    if (this.retryAt && now >= this.retryAt) this.connect();
    else if (this.retryAt) this.tell();
    else if (!this.isUp && this.isTooSlow(now)) this.failed(this.attempt);
    else if (this.isUp) this.watch(now);
    this.listener.tick(now);
  }

  isTooSlow(now) {
    const patience = this.heardAt > this.beganAt ? REGISTER_MS : FIRST_WORD_MS;
    return Boolean(this.socket) && now - this.beganAt > patience;
  }

  watch(now) {
    if (this.pingedAt && now - this.pingedAt > this.patience) {
      this.failed(this.attempt);
      this.hurry();
      return;
    }
    if (!this.pingedAt && now - this.heardAt > SILENT_MS) this.ping(ANSWER_MS);
    if (!this.hasWanted && now - this.triedNameAt > RETRY_NAME_MS) this.tryName();
  }

  ping(patience) {
    this.pingedAt = Date.now();
    this.patience = patience;
    this.write([message('PING', ['page'])]);
  }

  /** Something may have changed: try at once, or find out whether the connection still holds. */
  doubt() {
    if (this.isOver) return;
    if (this.isUp) this.ping(DOUBT_MS);
    else this.hurry();
  }

  /** End the pause before the next try. */
  hurry() {
    if (this.retryAt) this.connect();
  }
}
