// What a data source answered when it was tried: who it is, and what it lacks for real time.
import {Facts, hasText, html, Statements, text} from './base.js';

const factName = name => (hasText('fact.' + name) ? text('fact.' + name) : name);

/** Names and values of what the data source says of itself. */
export const facts = tested => Object.entries(tested.facts).map(([name, value]) => [factName(name), value]);

/** What it lacks. */
export const lacking = tested => tested.prerequisites.filter(one => !one.met);

/** The answer in a line, for lists. */
export function shortAnswer(tested) {
  const {version, latency} = tested.facts;
  return [version, latency].filter(Boolean).join(' · ') || text('tested.connected');
}

/** All of the answer. `titled` stands over it when nothing else says that the data source answered. */
export const Tested = ({of, titled}) => html`<div class="tested">
  ${titled && html`<div class="notice good"><strong>${text('tested.connected')}</strong></div>`}
  <${Facts} of=${facts(of)} />
  ${[...new Set(of.prerequisites.map(one => one.use))].map(use => html`<${Use} key=${use} use=${use}
    of=${of.prerequisites.filter(one => one.use === use)} />`)}
</div>`;

function Use({use, of}) {
  const name = hasText('tested.use.' + use) ? text('tested.use.' + use) : use;
  const lacks = of.filter(one => !one.met).length;
  return html`<section>
    <h2 class="small-title">${lacks ? text('tested.lacks', name, lacks) : text('tested.ready', name)}</h2>
    <ul class="prerequisites">${of.map(one => html`<li class=${one.met ? 'met' : 'lacking'}>
      <span class=${one.met ? 'good' : 'bad'}>${text(one.met ? 'tested.met' : 'tested.notMet')}</span> ${one.what}
      ${!one.met && html`<div class="notice warn">
        <div>${one.message}</div>
        ${one.remedy && html`<div>${one.remedy}</div>`}
        <${Statements} of=${one.statements} />
      </div>`}
    </li>`)}</ul>
  </section>`;
}
