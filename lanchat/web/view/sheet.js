// A sheet over the page: a dialog that takes the keyboard, ends with Escape or a touch beside it, and gives the focus back.

import { words } from '../words.js';
import { Component, createRef, html } from './html.js';
import { icon } from './icons.js';

export class Sheet extends Component {
  constructor(props) {
    super(props);
    this.dialog = createRef();
  }

  componentDidMount() {
    const { current } = this.dialog;
    if (current.showModal) current.showModal();
    else current.setAttribute('open', ''); // browsers from before 2022
    const first = current.querySelector('[data-first]');
    if (first) first.focus();
  }

  componentWillUnmount() {
    if (this.dialog.current.close) this.dialog.current.close();
  }

  beside(event) {
    if (event.target === this.dialog.current) this.props.onClose();
  }

  render({ title, onClose, children, look }) {
    const cancel = (event) => {
      event.preventDefault();
      onClose();
    };
    return html`<dialog class=${`sheet ${look || ''}`} ref=${this.dialog} aria-label=${title} onCancel=${cancel} onClick=${(event) => this.beside(event)}>
      <div class="sheet-inside">
        <header class="sheet-head"><h2>${title}</h2>
          <button class="icon-button" aria-label=${words.close} onClick=${onClose}>${icon('close')}</button></header>
        ${children}
      </div>
    </dialog>`;
  }
}
