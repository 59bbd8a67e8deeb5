// What stands around every page: where one is, and how it looks and in which language.
import {app, html, text, useState} from './base.js';

const YEAR = 31536000;

function keep(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR : 0}; SameSite=Strict`;
}

function Theme() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? '');
  const choose = value => {
    keep('theme', value);
    setTheme(value);
    if (value) {
      document.documentElement.dataset.theme = value;
    } else {
      delete document.documentElement.dataset.theme;
    }
  };
  return html`<select aria-label=${text('theme')} value=${theme} onChange=${e => choose(e.target.value)}>
    <option value="">${text('theme.auto')}</option>
    <option value="light">${text('theme.light')}</option>
    <option value="dark">${text('theme.dark')}</option>
  </select>`;
}

function Language() {
  const choose = value => {
    keep('language', value);
    location.reload();
  };
  return html`<select aria-label=${text('language')} value=${document.documentElement.lang} onChange=${e => choose(e.target.value)}>
    <option value="en" lang="en">English</option>
    <option value="zh" lang="zh">中文</option>
  </select>`;
}

const PLACES = [['jobs', '/jobs'], ['runs', '/runs'], ['sources', '/sources']];

export const Frame = ({current, children}) => html`
  <header class="top">
    <nav aria-label=${text('nav.label')}>
      <a class="brand" href="/" aria-current=${current === 'home' ? 'page' : undefined}>Transvase</a>
      <ul>${PLACES.map(([name, path]) => html`<li>
        <a href=${path} aria-current=${current === name ? 'page' : undefined}>${text('nav.' + name)}</a></li>`)}</ul>
    </nav>
    <div class="settings">
      <${Language} /><${Theme} />
      ${app.dataset.logout === 'true' && html`<form method="post" action="/logout">
        <button type="submit" class="small secondary outline">${text('logout')}</button></form>`}
    </div>
  </header>
  <main id="main" tabindex="-1">${children}</main>
  <footer class="bottom"><small>${text('footer.folder', app.dataset.folder)}</small></footer>`;
