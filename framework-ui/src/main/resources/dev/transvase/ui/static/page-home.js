import {html, show, text} from './base.js';
show('home', () => html`<h1>${text('home.title')}</h1>`);
