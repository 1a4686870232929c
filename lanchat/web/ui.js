// What the page shows beside the rooms themselves, and what each button does. The view calls this; it draws by `draw`.

import { message } from './irc.js';
import { channelFor, fold, isChannel, nickFrom } from './names.js';
import { submit } from './commands.js';
import { words } from './words.js';

const WIDE_PX = 1100;
const MIDDLE_PX = 720;

export class Ui {
  /** `page`: {session, keep, tab, settings, apply(), draw(), changed()} */
  constructor(page) {
    Object.assign(this, { page, isIn: false, isComingIn: false, sheet: '', about: null, replyTo: null, notice: '', around: [] });
    Object.assign(this, { searchText: '', searched: null, hasNewVersion: false, composer: null, timeline: null, announcer: null });
    this.measure();
  }

  get session() {
    return this.page.session;
  }

  get hasKeyboard() {
    return !window.matchMedia || window.matchMedia('(hover: hover)').matches;
  }

  measure() {
    const { innerWidth } = window;
    this.width = innerWidth >= WIDE_PX ? 'desk' : innerWidth >= MIDDLE_PX ? 'tablet' : 'phone';
  }

  draw() {
    this.page.draw();
  }

  changed() {
    this.page.changed();
  }

  // ---- coming and going --------------------------------------------------------------------------------------------

  comeIn(nick, password) {
    this.page.keep.set('nick', nick);
    if (password) this.page.tab.set('password', password);
    this.isComingIn = true;
    this.notice = '';
    this.session.start(nick, password || this.page.tab.get('password', ''));
    this.draw();
  }

  leave() {
    this.session.leave();
    this.page.keep.set('nick', undefined);
    this.page.tab.set('password', undefined);
    location.reload();
  }

  forget() {
    this.session.leave();
    this.page.forget();
    location.reload();
  }

  reload() {
    location.reload();
  }

  hurry() {
    this.session.link.hurry();
  }

  // ---- sheets ------------------------------------------------------------------------------------------------------

  open(name, text) {
    this.searchText = name === 'search' ? text || '' : this.searchText;
    if (name === 'rooms') this.askForRooms();
    if (name === 'rooms' && this.width !== 'phone') {
      const first = document.querySelector('.pane.left [aria-current="true"], .pane.left .place');
      if (first) first.focus();
      return;
    }
    this.sheet = name;
    this.draw();
  }

  close() {
    this.sheet = '';
    this.about = null;
    this.draw();
  }

  askForRooms() {
    if (this.session.link.isUp) this.session.send(message('LIST'));
    this.page.lookAround();
  }

  menu(conversation, entry, event) {
    if (event) {
      const selected = window.getSelection ? String(window.getSelection()) : '';
      if (event.type === 'contextmenu' && (selected || (event.target.closest && event.target.closest('a')))) return; // the browser's own menu
      event.preventDefault();
    }
    if (!entry.msgid || entry.isDeleted) return;
    this.about = [conversation, entry];
    this.open('menu');
  }

  // ---- going somewhere ---------------------------------------------------------------------------------------------

  show(name) {
    this.sheet = '';
    this.replyTo = null;
    this.session.show(name);
    this.draw();
    if (this.announcer && this.session.state.current) this.announcer.say(words.nowIn(this.session.state.current.title));
  }

  talk(name) {
    const nick = nickFrom(name);
    if (nick && !this.session.state.isOwn(nick)) this.show(this.session.state.find(nick) ? this.session.state.find(nick).name : nick);
    else this.close();
  }

  join(name, key) {
    const channel = isChannel(name) ? name : channelFor(name);
    this.sheet = '';
    const known = this.session.state.find(channel);
    if (known && known.isJoined) {
      this.show(known.name);
      return;
    }
    this.session.wantsToSee = fold(channel);
    this.session.send(message('JOIN', [channel, key].filter(Boolean)));
    this.draw();
  }

  comeBack(conversation) {
    this.session.send(message('JOIN', [conversation.name]));
  }

  leaveRoom(conversation) {
    this.sheet = '';
    if (conversation.isChannel && conversation.isJoined) this.session.send(message('PART', [conversation.name]));
    else this.session.closeTalk(conversation);
    this.draw();
  }

  /** The room before or after; `isUnread`: the next with something unread. */
  step(by, isUnread) {
    const { state } = this.session;
    const all = [...state.channels(), ...state.people()];
    const at = all.indexOf(state.current);
    for (let count = 1; count <= all.length; count++) {
      const one = all[(at + by * count + all.length * count) % all.length];
      if (one && (!isUnread || (one.unread && one !== state.current))) {
        this.show(one.name);
        return;
      }
    }
  }

  /** Show a message, wherever it is. */
  jump(name, msgid) {
    this.sheet = '';
    const { session } = this;
    const conversation = session.state.find(name) || (isChannel(name) ? null : session.state.open(name));
    if (!conversation) return;
    if (conversation !== session.state.current) this.show(conversation.name);
    this.draw();
    const known = conversation.log.get(msgid);
    if (known) this.bring(conversation, known);
    else session.history.around(conversation, msgid, (entry) => (entry ? this.bring(conversation, entry) : session.tell(words.gone, 'error', conversation)));
  }

  bring(conversation, entry) {
    const window_ = this.page.places.get(conversation.key);
    if (!window_) return;
    window_.around(conversation.log, conversation.log.indexOf(entry));
    window_.wanted = { key: entry.key, part: 0.4, isFound: true };
    this.draw();
  }

  // ---- messages ----------------------------------------------------------------------------------------------------

  reply(entry) {
    this.replyTo = entry;
    this.close();
    this.toComposer();
  }

  stopReply() {
    this.replyTo = null;
    this.draw();
    this.toComposer();
  }

  react(conversation, entry, sign) {
    this.session.react(conversation, entry, sign);
  }

  remove(conversation, entry) {
    this.session.send(message('REDACT', [conversation.name, entry.msgid]));
    this.close();
  }

  fill(conversation, gap) {
    this.session.history.fill(conversation, gap);
    this.draw();
  }

  again(item) {
    this.session.outbox.again(item.id);
    this.session.flush();
    this.draw();
  }

  edit(item) {
    if (!this.composer) return;
    const { text } = this.composer;
    this.session.outbox.discard(item.id);
    this.composer.set(text ? `${text}\n${item.text}` : item.text);
    this.draw();
    this.toComposer();
  }

  discard(item) {
    this.session.outbox.discard(item.id);
    this.draw();
  }

  /** Something was sent: the end is what this person wants to see. */
  sent() {
    if (this.timeline) this.timeline.toEnd();
    this.draw();
  }

  seen(conversation) {
    if (document.visibilityState === 'visible' && document.hasFocus()) this.session.read(conversation);
  }

  // ---- the keyboard ------------------------------------------------------------------------------------------------

  toComposer() {
    if (this.composer) this.composer.focus();
  }

  toRows() {
    return Boolean(this.timeline) && this.timeline.focusLast();
  }

  /** F6: from one part of the page to the next. */
  nextPart(isBack) {
    const parts = [...document.querySelectorAll('.head button, .pane.left .place, .log, .composer textarea:not([hidden]), .pane.right .member')];
    const groups = ['.head', '.pane.left', '.log', '.composer', '.pane.right'];
    const at = groups.findIndex((group) => document.activeElement && document.activeElement.closest(group));
    for (let count = 1; count <= groups.length; count++) {
      const group = groups[(at + (isBack ? -count : count) + groups.length * count) % groups.length];
      const first = parts.find((part) => part.closest(group));
      if (first) {
        first.focus();
        return;
      }
    }
  }

  key(event) {
    if (!this.isIn || this.sheet) return;
    const { key, altKey, ctrlKey, shiftKey } = event;
    if (key === 'F6') this.nextPart(shiftKey);
    else if (altKey && key === 'ArrowDown') this.step(1, shiftKey);
    else if (altKey && key === 'ArrowUp') this.step(-1, shiftKey);
    else if (ctrlKey && !altKey && key.toLowerCase() === 'k') this.open('rooms');
    else return;
    event.preventDefault();
  }

  // ---- settings ----------------------------------------------------------------------------------------------------

  set(name, value) {
    this.page.settings[name] = value;
    this.page.keep.set('settings', this.page.settings);
    this.page.apply();
    this.draw();
  }

  toggleSound() {
    const isOn = this.page.settings.sound === 'off';
    this.set('sound', isOn ? 'mentions' : 'off');
    this.session.tell(isOn ? words.bellOn : words.bellOff, 'reply');
  }

  rename(name) {
    this.close();
    submit(this.session, this, `/nick ${name}`);
  }

  away(isAway) {
    this.close();
    this.session.send(message('AWAY', isAway ? [words.away] : []));
  }
}
