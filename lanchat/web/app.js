// The start: what is kept, the session, and drawing at most ten times a second.

import { Boxes } from './boxes.js';
import { Drafts } from './drafts.js';
import { SPOKEN } from './log.js';
import { Keep } from './keep.js';
import { fold, isChannel, nickFrom } from './names.js';
import { Session } from './session.js';
import { Bell } from './sound.js';
import { Ui } from './ui.js';
import { html, render } from './view/html.js';
import { Page } from './view/main.js';
import { words } from './words.js';

const DRAW_MS = 100; // measured: every frame is too much for a phone in a fast room
const LOOK_UP_MS = 5000;
const LOOK_AGAIN_MS = 4000;
const MAX_AROUND = 64;
const SETTINGS = { sound: 'mentions', theme: 'system', size: 1, announce: true };

class App {
  constructor(root) {
    this.root = root;
    this.keep = new Keep('localStorage');
    this.tab = new Keep('sessionStorage');
    this.settings = Object.assign({}, SETTINGS, this.keep.get('settings', {}));
    this.places = new Map(); // where each conversation is scrolled to
    this.drafts = new Drafts(this.tab, this.keep);
    this.bell = new Bell();
    this.room = null;
    this.drawnAt = 0;
    this.hash = (/\/web\/([0-9a-f]+)\//.exec(import.meta.url) || [])[1];
    this.boxes = new Boxes(this.tab, this.keep, (items) => this.adopt(items), () => this.session.outbox.lose());
    this.session = this.newSession();
    this.session.wantsToSee = fold(this.keep.get('open', ''));
    this.ui = new Ui(this);
  }

  newSession() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    return new Session({
      address: `${scheme}://${location.host}/`,
      lookUp: () => this.lookUp(),
      keep: this.keep,
      box: { items: this.boxes.items, keep: (items) => this.boxes.put(items) },
      changed: () => this.changed(),
      events: (list) => list.forEach((event) => this.happened(event)),
    });
  }

  adopt(items) {
    this.session.outbox.adopt(items);
    this.session.flush();
    this.changed();
  }

  start() {
    this.apply();
    this.boxes.start();
    this.listen();
    const nick = nickFrom(this.keep.get('nick', ''));
    if (nick) {
      this.ui.isIn = true;
      this.ui.comeIn(nick, '');
    } else this.lookUp().catch(() => {}).then(() => this.draw());
    this.draw();
  }

  async lookUp() {
    const controller = window.AbortController ? new AbortController() : null;
    const timer = setTimeout(() => controller && controller.abort(), LOOK_UP_MS);
    try {
      const answer = await fetch('/room.json', controller ? { signal: controller.signal, cache: 'no-store' } : {});
      if (!answer.ok) throw new Error(`room.json: ${answer.status}`);
      this.room = await answer.json();
    } finally {
      clearTimeout(timer);
    }
    const asked = this.roomInAddress();
    if (asked && asked !== this.session.wantedRoom) Object.assign(this.session, { wantedRoom: asked, wantsToSee: fold(asked) });
    this.ui.hasNewVersion = Boolean(this.hash && this.room.web && this.room.web !== this.hash);
    return this.room;
  }

  /** The room that the address asks for (?room=…), by the name of its channel or its id. */
  roomInAddress() {
    const asked = (/[?&]room=([^&]+)/.exec(location.search) || [])[1];
    const named = asked && this.room.rooms.find((one) => one.id === asked || fold(one.channel) === fold(`#${asked}`));
    return named ? named.channel : '';
  }

  /** Ask the host which rooms it sees elsewhere. It looks while we wait, so it is asked again. */
  async lookAround(isAgain) {
    try {
      const answer = await fetch('/rooms.json', { cache: 'no-store' });
      const { rooms, looking } = await answer.json();
      this.ui.around = rooms.filter((one) => /^http:\/\//.test(one.urls[0] || '')).slice(0, MAX_AROUND);
      if (looking && !isAgain) setTimeout(() => this.lookAround(true), LOOK_AGAIN_MS);
      this.changed();
    } catch (error) {
      this.ui.around = [];
    }
  }

  listen() {
    const doubt = () => this.session.link.doubt();
    window.addEventListener('online', doubt);
    window.addEventListener('pageshow', (event) => event.persisted && doubt());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') doubt();
      else {
        this.session.sendMarker();
        this.session.lookedAway();
      }
      this.changed();
    });
    window.addEventListener('focus', () => this.changed());
    window.addEventListener('blur', () => this.session.lookedAway());
    window.addEventListener('resize', () => this.resized());
    if (window.visualViewport) window.visualViewport.addEventListener('resize', () => this.resized());
    window.addEventListener('keydown', (event) => this.ui.key(event));
    ['pointerdown', 'keydown'].forEach((type) => window.addEventListener(type, () => this.bell.unlock(), { once: true }));
    window.addEventListener('pagehide', () => {
      this.session.sendMarker();
      if (this.ui.composer) this.ui.composer.keep();
    });
  }

  resized() {
    const height = window.visualViewport ? window.visualViewport.height : window.innerHeight;
    document.documentElement.style.setProperty('--height', `${Math.round(height)}px`);
    const before = this.ui.width;
    this.ui.measure();
    if (before !== this.ui.width) this.draw();
  }

  apply() {
    const { documentElement } = document;
    documentElement.dataset.theme = this.settings.theme;
    documentElement.dataset.size = String(this.settings.size);
    this.resized();
  }

  forget() {
    this.keep.forgetAll();
    this.tab.forgetAll();
    this.boxes.put = this.boxes.write = this.drafts.set = () => {};
  }

  // ---- what happened -----------------------------------------------------------------------------------------------

  happened(event) {
    const { conversation } = event;
    if (event.type === 'said') this.said(conversation, event.entry);
    if (event.type === 'invited') this.bell.ring(`invited-${Date.now()}`);
    if (event.type === 'outside') Object.assign(this.ui, { isIn: true, isComingIn: false, notice: event.text });
    if (event.type === 'joined') this.joined(conversation);
    if (event.type === 'left') this.places.delete(conversation.key);
  }

  joined(conversation) {
    Object.assign(this.ui, { isIn: true, isComingIn: false, notice: '' });
    const { session } = this;
    const wanted = session.wantsToSee;
    if (wanted && (wanted === conversation.key || !isChannel(wanted))) {
      session.wantsToSee = '';
      if (session.state.currentKey !== wanted) session.show(wanted === conversation.key ? conversation.name : wanted);
    }
    if (this.ui.width !== 'phone' && !this.hasLookedAround) this.lookAround();
    this.hasLookedAround = true;
  }

  said(conversation, entry) {
    const isLookedAt = document.visibilityState === 'visible' && document.hasFocus() && conversation === this.session.state.current;
    const rings = this.settings.sound === 'all' ? !entry.isOwn && SPOKEN[entry.kind] : this.settings.sound === 'mentions' && entry.isMention;
    if (rings && (!isLookedAt || entry.isMention)) this.bell.ring(entry.msgid);
    if (this.settings.announce && conversation === this.session.state.current && this.ui.announcer) this.ui.announcer.heard(entry);
  }

  // ---- drawing -----------------------------------------------------------------------------------------------------

  changed() {
    if (document.visibilityState !== 'visible') this.title(); // in the background, timers may be a minute late
    if (this.timer) return;
    this.timer = setTimeout(() => this.draw(), Math.max(0, this.drawnAt + DRAW_MS - Date.now()));
  }

  draw() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.isDrawing) {
      this.changed();
      return;
    }
    this.isDrawing = true;
    if (this.session.refusal) this.ui.isIn = this.ui.isComingIn = false;
    render(html`<${Page} session=${this.session} ui=${this.ui} room=${this.room} settings=${this.settings} places=${this.places} drafts=${this.drafts} />`, this.root);
    this.isDrawing = false;
    this.drawnAt = Date.now();
    this.title();
  }

  title() {
    const all = [...this.session.state.conversations.values()];
    const [mentions, unread] = [all.reduce((sum, one) => sum + one.mentions, 0), all.some((one) => one.unread)];
    const { current } = this.session.state;
    const name = current ? current.title : (this.room && this.room.name) || '';
    const text = `${mentions ? `(${mentions}) ` : unread ? '• ' : ''}${name ? `${name} · ` : ''}lanchat`;
    if (document.title !== text) document.title = text;
  }
}

const root = document.getElementById('app');
document.documentElement.lang = words.code;
while (root.firstChild) root.removeChild(root.firstChild); // what is for browsers without JavaScript
const app = new App(root);
app.start();
