import {html, show, text} from './base.js';
show('runs', () => html`<h1>${text('runs.title')}</h1>`);
