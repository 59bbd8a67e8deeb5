// The first page: what runs, what failed, what ran; or, where there is nothing yet, how to begin.
import {at, Failure, get, html, query, show, text, useEffect, useLoaded} from './base.js';
import {kindOf, Runs, Way} from './jobs-parts.js';

const AGAIN = 3000;
const SHOWN = 8;

const runsOf = (state, limit, signal) => get('/runs' + query({state, limit}), {signal});

async function load(signal) {
  const [sources, jobs, running, failed, recent] = await Promise.all([
    get('/sources', {signal}),
    get('/jobs', {signal}),
    runsOf('running', 50, signal),
    runsOf('failed,killed', SHOWN, signal),
    runsOf('succeeded,failed,stopped,killed', SHOWN, signal),
  ]);
  return {sources: sources.sources, jobs: jobs.jobs, running: running.runs, failed: failed.runs, recent: recent.runs};
}

function Page() {
  const {value, error, reload} = useLoaded(load);
  useEffect(() => {
    const timer = value?.running.length && setTimeout(reload, AGAIN);
    return () => clearTimeout(timer);
  }, [value]);
  if (!value) {
    return html`<h1 class="unseen">${text('home.title')}</h1><${Failure} error=${error} />
      ${!error && html`<p aria-busy="true">${text('loading')}</p>`}`;
  }
  const begun = value.running.length + value.recent.length > 0;
  return html`<${Failure} error=${error} />${begun ? html`<${Overview} ...${value} />` : html`<${FirstSteps} ...${value} />`}`;
}

/** A link to do the next thing, and a tick for what is done. */
function FirstSteps({sources, jobs}) {
  const job = jobs[0];
  const steps = [
    {name: 'source', done: sources.length > 0, to: '/sources/new'},
    {name: 'job', done: jobs.length > 0, to: '/jobs?new'},
    {name: 'run', done: false, to: jobs.length === 1 ? at`/jobs/${job.name}` : '/jobs'},
  ];
  const next = steps.findIndex(step => !step.done);
  return html`
    <div class="title"><h1>${text('home.welcome')}</h1></div>
    <p>${text('home.welcomeHelp')}</p>
    <ol class="first-steps">${steps.map(({name, done, to}, i) => html`<li class=${done ? 'done' : i === next ? 'next' : ''}
        aria-current=${i === next ? 'step' : undefined}>
      <span class="mark" aria-hidden="true">${done ? '✓' : i + 1}</span>
      <div>
        <h2>${text(`home.step.${name}`)} ${done && html`<small class="good">${text('home.done')}</small>`}</h2>
        <p>${text(`home.step.${name}Help`)}</p>
        ${i === next
          ? html`<a role="button" href=${to}>${text(`home.step.${name}Action`)}</a>`
          : html`<a href=${to}>${text(done ? `home.step.${name}More` : `home.step.${name}Action`)}</a>`}
      </div>
    </li>`)}</ol>
    ${jobs.length > 0 && html`<${Jobs} of=${jobs} />`}`;
}

const Overview = ({running, failed, recent, jobs}) => html`
  <div class="title">
    <h1>${text('home.overview')}</h1>
    <div class="actions"><a role="button" href="/jobs?new">${text('jobs.new')}</a></div>
  </div>
  <section aria-labelledby="home-running">
    <h2 id="home-running">${text('home.running')}</h2>
    <p class="unseen" role="status">${text('home.runningCount', running.length)}</p>
    ${running.length
      ? html`<${Runs} of=${running} label=${text('home.running')} ended=${false} />`
      : html`<p class="muted">${text('home.nothingRuns')}</p>`}
  </section>
  <div class="halves">
    <section>
      <h2>${text('home.failed')}</h2>
      ${failed.length ? html`<${Runs} of=${failed} label=${text('home.failed')} />
        <a href="/runs?state=failed,killed">${text('home.allFailed')}</a>` : html`<p class="good">${text('home.noneFailed')}</p>`}
    </section>
    <section>
      <h2>${text('home.recent')}</h2>
      ${recent.length ? html`<${Runs} of=${recent} label=${text('home.recent')} />` : html`<p class="muted">${text('home.noneEnded')}</p>`}
      <a href="/runs">${text('home.allRuns')}</a>
    </section>
  </div>
  <${Jobs} of=${jobs} />`;

const Jobs = ({of}) => html`<section>
  <h2>${text('home.jobs')}</h2>
  <ul class="cards">${of.slice(0, 12).map(job => html`<li key=${job.name}>
    <a href=${at`/jobs/${job.name}`}><strong>${job.name}</strong></a> <small class="muted">${kindOf(job)}</small>
    <div><small><${Way} of=${job} /></small></div>
  </li>`)}</ul>
  <a href="/jobs">${text('home.allJobs', of.length)}</a>
</section>`;

show('home', Page);
