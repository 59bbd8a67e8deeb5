import {html, show, text} from './base.js';
show('source', () => html`<h1>${text('source.title')}</h1>`);
