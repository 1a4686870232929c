// The first thing that anybody sees: which room this is, and the question for a name.

import { isTooLong, nickFrom, shown } from '../names.js';
import { words } from '../words.js';
import { Component, html } from './html.js';

export class Join extends Component {
  submit(event) {
    event.preventDefault();
    const data = new FormData(event.target);
    const name = String(data.get('name')).trim();
    const nick = nickFrom(name);
    let problem = '';
    if (!nick) problem = words.nameNeeded;
    else if (isTooLong(name)) problem = words.nameTooLong;
    this.setState({ problem });
    if (!problem) this.props.ui.comeIn(nick, String(data.get('password') || ''));
  }

  render({ room, session, ui }, { problem }) {
    const told = problem || (session.refusal && session.refusal.text) || ui.notice;
    const isBusy = ui.isComingIn && !session.refusal;
    const needsPassword = (room && room.auth === 'pw') || (session.refusal && session.refusal.kind === 'password');
    return html`<main class="join"><form class="card" onSubmit=${(event) => this.submit(event)} aria-busy=${String(Boolean(isBusy))}>
      <h1>${room ? room.name : ''}</h1>
      <p class="dim">${room ? words.peopleHere(room.members) : ''}</p>
      <label>${words.yourName}<input name="name" required autocomplete="nickname" autofocus defaultValue=${shown(session.nick || '')} aria-describedby="told" /></label>
      ${needsPassword && html`<label>${words.password}<input name="password" type="password" autocomplete="current-password" /></label>`}
      <p class="told error" id="told" role="alert">${told}</p>
      ${!session.keep.isKept && html`<p class="dim">${words.noKeeping}</p>`}
      <button class="primary" disabled=${isBusy}>${isBusy ? words.comingIn : words.comeIn}</button>
      ${session.refusal && session.refusal.kind === 'host' && html`<button type="button" onClick=${() => ui.forget()}>${words.forgetMe}</button>`}
      <details><summary>${words.otherWays}</summary>
        <p>${words.waysTerminal} <code>lanchat join "${room ? room.name : ''}"</code></p>
        <p>${words.waysIrc(location.host)}</p></details>
    </form></main>`;
  }
}
