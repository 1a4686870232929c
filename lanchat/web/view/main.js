// The page once somebody is in: rooms at the left, the open one in the middle, its members at the right. On a phone the
// outer two are sheets.

import { shown } from '../names.js';
import { words } from '../words.js';
import { Announcer } from './announcer.js';
import { Composer } from './composer.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { Timeline } from './log.js';
import { MemberList, MembersSheet } from './members.js';
import { MenuSheet } from './menu.js';
import { AddSheet, RoomList, RoomsSheet } from './rooms.js';
import { SearchSheet } from './search.js';
import { SettingsSheet } from './settings.js';
import { Join } from './join.js';

export function Page(props) {
  const { session, ui, room } = props;
  return html`<div class="page">
    ${ui.isIn ? inside(props) : html`<${Join} room=${room} session=${session} ui=${ui} />`}
    <${Announcer} ui=${ui} />
  </div>`;
}

function inside(props) {
  const { session, ui } = props;
  const { current } = session.state;
  return html`<div class=${`inside ${ui.width}`}>
    ${ui.width !== 'phone' && html`<nav class="pane left" data-pane aria-label=${words.roomsAndPeople}><${RoomList} session=${session} ui=${ui} /></nav>`}
    <main class="middle">
      ${head(session, ui)}
      ${banner(session, ui)}
      ${current ? room(props, current) : html`<p class="nothing" role="status">${ui.notice || words.connecting}</p>`}
    </main>
    ${ui.width === 'desk' && current && current.isChannel && html`<aside class="pane right" data-pane aria-label=${words.members}><${MemberList} conversation=${current} version=${current.membersVersion} ui=${ui} /></aside>`}
    ${sheet(props, current)}
  </div>`;
}

function room({ session, ui, places, drafts }, current) {
  const typists = current.typists(Date.now()).map(shown);
  return html`<${Timeline} key=${`t-${current.key}`} conversation=${current} session=${session} ui=${ui} places=${places} />
    <div class="typing">${typists.length > 0 && words.typing(typists)}</div>
    <${Composer} key=${`c-${current.key}`} conversation=${current} session=${session} ui=${ui} drafts=${drafts} />`;
}

function head(session, ui) {
  const { current } = session.state;
  const elsewhere = [...session.state.conversations.values()].filter((one) => one !== current).reduce((sum, one) => sum + one.unread, 0);
  const count = current && current.isChannel ? current.members.size : 0;
  return html`<header class="head">
    ${ui.width === 'phone' && html`<button class="icon-button" aria-label=${elsewhere ? `${words.openRooms}, ${words.unreadElsewhere(elsewhere)}` : words.openRooms}
      onClick=${() => ui.open('rooms')}>${icon('rooms')}${elsewhere > 0 && html`<span class="count">${elsewhere > 99 ? '99+' : elsewhere}</span>`}</button>`}
    <div class="headline"><h1>${current ? current.title : ''}</h1>${current && current.subject && html`<p class="subject" title=${current.subject}>${current.subject}</p>`}</div>
    ${session.searching.isOffered && html`<button class="icon-button" aria-label=${words.search} onClick=${() => ui.open('search')}>${icon('search')}</button>`}
    ${ui.width !== 'desk' && count > 0 && html`<button class="icon-button" aria-label=${words.membersCount(count)} onClick=${() => ui.open('members')}>${icon('people')}<span class="number">${count}</span></button>`}
    <button class="icon-button" aria-label=${words.settings} onClick=${() => ui.open('settings')}>${icon('settings')}</button>
  </header>`;
}

function banner(session, ui) {
  const { kind, seconds } = session.condition;
  const isBroken = kind === 'waiting' || kind === 'lost' || (kind === 'connecting' && session.state.conversations.size > 0);
  return html`<div class="banners" role="status">
    ${isBroken && html`<div class="banner"><span class="hidden">${words.noConnection(0)}</span>
      <span aria-hidden="true">${words.noConnection(kind === 'waiting' ? seconds : 0)}</span>
      ${kind === 'waiting' && html` <button onClick=${() => ui.hurry()}>${words.tryNow}</button>`}</div>`}
    ${ui.hasNewVersion && !isBroken && html`<div class="banner calm">${words.newVersion} <button onClick=${() => ui.reload()}>${words.load}</button></div>`}
  </div>`;
}

function sheet({ session, ui, settings }, current) {
  switch (ui.sheet) {
    case 'rooms':
      return html`<${RoomsSheet} session=${session} ui=${ui} />`;
    case 'add':
      return html`<${AddSheet} session=${session} ui=${ui} />`;
    case 'members':
      return current && html`<${MembersSheet} conversation=${current} ui=${ui} />`;
    case 'search':
      return session.searching.isOffered && html`<${SearchSheet} session=${session} ui=${ui} />`;
    case 'settings':
      return html`<${SettingsSheet} session=${session} settings=${settings} ui=${ui} />`;
    case 'menu':
      return current && html`<${MenuSheet} session=${session} ui=${ui} conversation=${ui.about[0]} entry=${ui.about[1]} />`;
    default:
      return null;
  }
}
