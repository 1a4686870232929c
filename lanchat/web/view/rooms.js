// Rooms and people: which there are, what is unread in them, and how to get into another one.

import { shown } from '../names.js';
import { words } from '../words.js';
import { Component, classes, html } from './html.js';
import { icon } from './icons.js';
import { Sheet } from './sheet.js';

function place(one, ui, session) {
  const isOpen = one.key === session.state.currentKey;
  const isUnread = one.unread > 0 && !isOpen;
  return html`<li key=${one.key}><button class=${classes({ place: true, unread: isUnread, called: one.mentions > 0 && !isOpen, gone: one.isGone })}
    aria-current=${isOpen ? 'true' : undefined} onClick=${() => ui.show(one.name)}>
    <span class="title">${one.title}</span>
    ${isUnread && html`<span class="count" aria-hidden="true">${one.unread > 999 ? '999+' : one.unread}</span><span class="hidden">, ${words.unread(one.unread, one.mentions)}</span>`}
  </button></li>`;
}

/** Rooms of this host that this person is not in. */
function others(session) {
  const { state } = session;
  const listed = state.list || (session.room ? session.room.rooms.map((room) => ({ name: room.channel, members: room.members })) : []);
  return listed.filter((room) => !state.find(room.name));
}

export function RoomList({ session, ui }) {
  const { state } = session;
  const people = state.people();
  return html`<div class="places">
    <h2>${words.rooms}</h2>
    <ul>${state.channels().map((one) => place(one, ui, session))}
      ${others(session).slice(0, 100).map((room) => html`<li key=${`other-${room.name}`}><button class="place other" onClick=${() => ui.join(room.name)}>
        <span class="title">${state.titleOf(room.name)}</span><span class="dim">${words.inIt(room.members)}</span></button></li>`)}
    </ul>
    ${people.length > 0 && html`<h2>${words.people}</h2><ul>${people.map((one) => place(one, ui, session))}</ul>`}
    ${ui.around.length > 0 && html`<h2>${words.othersAround}</h2><ul>${ui.around.map((room) => html`<li key=${room.urls[0]}>
      <a class="place" href=${room.urls[0]}><span class="title">${room.name}</span><span class="dim">${words.inIt(room.members)}</span></a></li>`)}</ul>`}
    <button class="add" onClick=${() => ui.open('add')}>${icon('plus')} ${words.addRoom}</button>
  </div>`;
}

export function RoomsSheet({ session, ui }) {
  return html`<${Sheet} title=${words.roomsAndPeople} look="left" onClose=${() => ui.close()}><${RoomList} session=${session} ui=${ui} /><//>`;
}

/** Another room of this host, or a new one, or somebody to talk to. */
export class AddSheet extends Component {
  submit(event) {
    event.preventDefault();
    const data = new FormData(event.target);
    const [room, key, person] = ['room', 'key', 'person'].map((name) => String(data.get(name) || '').trim());
    const { ui } = this.props;
    if (room) ui.join(room, key);
    else if (person) ui.talk(person);
  }

  render({ session, ui }) {
    const { current } = session.state;
    const leave = () => ui.leaveRoom(current);
    return html`<${Sheet} title=${words.addRoom} onClose=${() => ui.close()}>
      <form class="form" onSubmit=${(event) => this.submit(event)}>
        <label>${words.roomName}<input name="room" data-first autocomplete="off" /></label>
        <label>${words.roomKey}<input name="key" autocomplete="off" /></label>
        <button class="primary">${words.go}</button>
      </form>
      <form class="form" onSubmit=${(event) => this.submit(event)}>
        <label>${words.addPerson}<input name="person" autocomplete="off" /></label>
        <button>${words.go}</button>
      </form>
      ${current && html`<div class="form"><button onClick=${leave}>${current.isChannel ? words.leaveRoom : words.closeTalk}: ${shown(current.title)}</button></div>`}
    <//>`;
  }
}
