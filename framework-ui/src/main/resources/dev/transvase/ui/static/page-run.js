import {html, show, text} from './base.js';
show('run', () => html`<h1>${text('run.title')}</h1>`);
