import {html, show, text} from './base.js';
show('sources', () => html`<h1>${text('sources.title')}</h1>`);
