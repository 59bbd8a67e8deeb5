import {html, show, text} from './base.js';
show('jobs', () => html`<h1>${text('jobs.title')}</h1>`);
