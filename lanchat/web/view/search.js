// Looking for what was said: by words, by who said it, by the day.

import { when } from '../clock.js';
import { nickFrom, shown } from '../names.js';
import { words } from '../words.js';
import { Component, html } from './html.js';
import { linked } from './linked.js';
import { Sheet } from './sheet.js';

const DAY_MS = 86400000;

export class SearchSheet extends Component {
  constructor(props) {
    super(props);
    this.state = props.ui.searched || { results: null, error: '', isLooking: false };
  }

  componentDidMount() {
    if (this.props.ui.searchText) this.look({ text: this.props.ui.searchText });
  }

  submit(event) {
    event.preventDefault();
    const data = new FormData(event.target);
    const asked = { text: String(data.get('text')).trim(), from: nickFrom(String(data.get('from'))) };
    const { current } = this.props.session.state;
    if (data.get('here') && current) asked.in = current.name;
    const day = data.get('day') ? new Date(`${data.get('day')}T00:00`).getTime() : NaN;
    if (!Number.isNaN(day)) {
      asked.after = new Date(day - 1).toISOString();
      asked.before = new Date(day + DAY_MS).toISOString();
    }
    if (asked.text || asked.from || asked.after) this.look(asked);
  }

  look(asked) {
    this.setState({ isLooking: true, error: '', results: null });
    this.props.session.searching.ask(asked, (results, error) => {
      this.props.ui.searched = { results: error ? null : results, error, isLooking: false };
      this.setState(this.props.ui.searched);
    });
  }

  render({ session, ui }, { results, error, isLooking }) {
    const { current } = session.state;
    const told = isLooking ? words.finding : error || (results && (results.length ? words.found(results.length) : words.foundNone));
    return html`<${Sheet} title=${words.search} look="right" onClose=${() => ui.close()}>
      <form class="form" onSubmit=${(event) => this.submit(event)}>
        <label>${words.searchWords}<input name="text" enterkeyhint="search" data-first autocomplete="off" defaultValue=${ui.searchText || ''} /></label>
        <div class="pair"><label>${words.searchFrom}<input name="from" autocomplete="off" /></label>
          <label>${words.searchDay}<input name="day" type="date" /></label></div>
        ${current && html`<label class="check"><input name="here" type="checkbox" defaultChecked=${true} /> ${words.searchHere(current.title)}</label>`}
        <button class="primary">${words.find}</button>
      </form>
      <p class="told" role="status">${told}</p>
      <ul class="results">${(results || []).map((one) => this.result(one, session, ui))}</ul>
    <//>`;
  }

  result({ name, entry }, session, ui) {
    const label = words.jumpTo(shown(entry.nick), when(entry.at));
    return html`<li key=${entry.msgid}><button class="result" aria-label=${`${label}: ${entry.text}`} onClick=${() => ui.jump(name, entry.msgid)}>
      <span class="dim">${shown(entry.nick)}, ${session.state.titleOf(name)}, ${when(entry.at)}</span>
      <span class="text">${linked(entry.text, '').map((part) => (typeof part === 'string' ? part : part.props.children))}</span>
    </button></li>`;
  }
}
