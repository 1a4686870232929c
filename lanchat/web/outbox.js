// What this person said and the host has not confirmed yet. Each part has an id that nobody else has; the host passes
// it on with the message and keeps it, so an echo, or a page of the past, tells that the part has arrived.
//
//     waiting    not sent yet, or not sent again yet
//     sent       on its way
//     doubtful   it was on its way when the connection broke: what the host tells of the past will show
//     failed     refused; `why` says why. It stays until this person sends it again, edits or discards it
//     unsure     doubtful, and there is no way to know: this person decides
//
// So nothing is lost with a connection, a reload or a restart, and nothing is said twice.

import { fold } from './names.js';

export const MAX_PARTS = 500;
export const WINDOW = 16; // on their way at one time: below what a host takes without slowing us down

export class Outbox {
  /** `items`: as kept from before; `keep` is given all items whenever they change. */
  constructor(items, keep) {
    this.items = items.map(afterBreak);
    this.keep = keep || (() => {});
    this.version = 0;
  }

  get free() {
    return MAX_PARTS - this.items.length;
  }

  changed() {
    this.version += 1;
    this.keep(this.items);
  }

  put(item) {
    this.items.push(Object.assign({ state: 'waiting', why: '' }, item));
    this.changed();
  }

  /** Take over what another page of this person left. */
  adopt(items) {
    this.items = this.items.concat(items.filter((item) => !this.find(item.id)).map(afterBreak));
    this.changed();
  }

  /** Another page has taken over all of it. */
  lose() {
    this.items = [];
    this.version += 1;
  }

  find(id) {
    return this.items.find((item) => item.id === id);
  }

  /** Return the items for one conversation, in order. */
  of(key) {
    return this.items.filter((item) => fold(item.target) === key);
  }

  set(id, different) {
    this.items = this.items.map((item) => (item.id === id ? Object.assign({}, item, different) : item));
    this.changed();
  }

  /** Return what to send now, and count it as sent. One that waits holds up all behind it for the same target. */
  due(isOpen) {
    let free = WINDOW - this.items.filter((item) => item.state === 'sent').length;
    const held = {};
    const chosen = [];
    for (const item of this.items) {
      const key = fold(item.target);
      if (item.state === 'doubtful') held[key] = true;
      if (item.state !== 'waiting' || held[key]) continue;
      if (free <= 0 || !isOpen(item.target)) held[key] = true;
      else {
        free -= 1;
        chosen.push(item);
      }
    }
    chosen.forEach((item) => this.set(item.id, { state: 'sent', isTried: true }));
    return chosen;
  }

  /** It has arrived: an echo, or the past, shows it. Returns whether it was here. */
  arrived(id) {
    const item = id && this.find(id);
    if (!item) return false;
    this.discard(id);
    return true;
  }

  refused(id, why) {
    const item = this.find(id);
    if (!item || item.state !== 'sent') return false;
    this.set(id, { state: 'failed', why });
    return true;
  }

  disconnected() {
    const sent = this.items.filter((item) => item.state === 'sent');
    sent.forEach((item) => this.set(item.id, { state: 'doubtful' }));
  }

  /** The past of a conversation is here. What was doubtful and is not in it was never heard: it is sent again. */
  settle(key, isCertain) {
    for (const item of this.of(key)) {
      if (item.state === 'doubtful') this.set(item.id, { state: isCertain ? 'waiting' : 'unsure' });
    }
  }

  again(id) {
    const item = this.find(id);
    if (item && (item.state === 'failed' || item.state === 'unsure')) this.set(id, { state: 'waiting', why: '' });
  }

  discard(id) {
    this.items = this.items.filter((item) => item.id !== id);
    this.changed();
  }
}

/** What was on its way when the connection, or the page, ended: nobody knows whether it has arrived. */
function afterBreak(item) {
  return item.state === 'sent' ? Object.assign({}, item, { state: 'doubtful' }) : item;
}
