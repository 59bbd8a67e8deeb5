// What a run tells people, as it comes.
import {html, text, useAction, useEffect, useRef, useState} from './base.js';

/** Near enough to the end to count as there. */
const NEAR = 8;

const kind = line => (/^\s*(error|fatal)\b/i.test(line) ? 'bad' : /^\s*warning\b/i.test(line) ? 'warn' : undefined);

/**
 * @param lines all that are loaded
 * @param before whether there are earlier ones
 * @param onWhole loads these
 * @param running whether more may come
 */
export function RunLog({id, lines, before, onWhole, running}) {
  const ref = useRef();
  const [follows, setFollows] = useState(true);
  const [whole, wholeState] = useAction(onWhole);
  useEffect(() => {
    if (follows) {
      ref.current.scrollTop = ref.current.scrollHeight;
    }
  }, [lines, follows]);
  // Whoever scrolls back reads; whoever comes to the end again goes on with it.
  const scrolled = ({target}) => {
    const atEnd = target.scrollHeight - target.scrollTop - target.clientHeight <= NEAR;
    if (target.scrollHeight > target.clientHeight && atEnd !== follows) {
      setFollows(atEnd);
    }
  };
  return html`<section aria-labelledby="log-title">
    <div class="title">
      <h2 id="log-title">${text('run.log')}</h2>
      <div class="actions">
        ${before && html`<button type="button" class="small secondary outline" aria-busy=${wholeState.busy} onClick=${whole}>
          ${text('run.log.before')}</button>`}
        ${running && html`<button type="button" class="small secondary outline" aria-pressed=${!follows} onClick=${() => setFollows(!follows)}>
          ${text(follows ? 'run.log.pause' : 'run.log.follow')}</button>`}
        <a role="button" class="small secondary outline" href=${`/api/v1/runs/${id}/log.txt`} download=${`${id}.log`}>${text('run.download')}</a>
      </div>
    </div>
    <div class="log" tabindex="0" role="log" aria-label=${text('run.log')} ref=${ref} onScroll=${scrolled}>
      ${lines.length ? lines.map((line, i) => html`<div key=${i} class=${kind(line)}>${line}</div>`)
        : html`<span class="muted">${text(running ? 'run.log.noneYet' : 'run.log.none')}</span>`}
    </div>
  </section>`;
}
