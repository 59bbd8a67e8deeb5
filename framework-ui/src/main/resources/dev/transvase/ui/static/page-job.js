import {html, show, text} from './base.js';
show('job', () => html`<h1>${text('job.title')}</h1>`);
