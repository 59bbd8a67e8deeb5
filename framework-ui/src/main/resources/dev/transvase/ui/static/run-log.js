// What a run tells people, as it comes.
import {count, html, text, useAction, useEffect, useMemo, useRef, useState} from './base.js';

/** Near enough to the end to count as there. */
const NEAR = 8;

/** Lines that are drawn again only together. */
const BLOCK = 500;

/** More than these make a browser slow; the download has all. */
const MOST_SHOWN = 20_000;

const kind = line => (/^\s*(error|fatal)\b/i.test(line) ? 'bad' : /^\s*warning\b/i.test(line) ? 'warn' : undefined);

/** A block that is full is never looked at again. */
const Block = ({lines}) => useMemo(
  () => html`<div>${lines.map((line, i) => html`<div key=${i} class=${kind(line)}>${line}</div>`)}</div>`,
  [lines.length, lines[0], lines[lines.length - 1]],
);

/** Blocks of lines, each with where it begins, so that it stays what it is when the first ones are left out. */
function blocksOf(lines) {
  const first = Math.max(0, Math.ceil((lines.length - MOST_SHOWN) / BLOCK)) * BLOCK;
  const blocks = [];
  for (let from = first; from < lines.length; from += BLOCK) {
    blocks.push([from, lines.slice(from, from + BLOCK)]);
  }
  return {first, blocks};
}

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
  const {first, blocks} = useMemo(() => blocksOf(lines), [lines]);
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
      ${first > 0 && html`<div class="muted">${text('run.log.leftOut', count(first))}</div>`}
      ${lines.length ? blocks.map(([from, block]) => html`<${Block} key=${from} lines=${block} />`)
        : html`<span class="muted">${text(running ? 'run.log.noneYet' : 'run.log.none')}</span>`}
    </div>
  </section>`;
}
