// What a job that follows changes keeps at its source: slot, publication, log; and how to end that.
import {at, bytes, Dialog, Facts, Failure, get, hasText, html, post, text, useAction, useEffect, useLoaded, useState} from './base.js';

const EVERY_MILLIS = 5000;

/** How much of the room is left when it is time to warn. */
const LITTLE = 0.5;

/** What a source keeps without any limit of its own is a warning from here on. */
const MUCH_BYTES = 1e9;

/** Told as figures, too. */
const SAID_BY_FIGURES = ['behind by', 'log kept'];

/** Whether a job follows changes, by what /scripts/read and /jobs say of its script. */
export const followsChanges = outline => /cdc/i.test(outline?.reader?.type ?? '');

/** Loads again some seconds after each answer, while the page can be seen. */
function useRefreshed(load, on, paused) {
  const loaded = useLoaded(load, on);
  useEffect(() => {
    if (loaded.loading || paused) {
      return undefined;
    }
    const timer = setInterval(() => document.visibilityState === 'visible' && loaded.reload(), EVERY_MILLIS);
    return () => clearInterval(timer);
  }, [...on, loaded.loading, paused]);
  return loaded;
}

/**
 * @param job the job's name
 * @param running whether a run of it goes on: then nothing can be removed
 * @param paused whether the server is not to be asked
 */
export function StreamPanel({job, running, paused}) {
  const {value: state, error, loading, reload} = useRefreshed(signal => get(at`/jobs/${job}/stream`, {signal}), [job], paused);
  const [dropping, setDropping] = useState(false);
  const [dropped, setDropped] = useState();
  const done = lines => {
    setDropping(false);
    setDropped(lines);
    reload();
  };
  return html`<section class="panel" aria-labelledby="stream-title">
    <div class="title"><h2 id="stream-title">${text('stream.title')} ${state && html`<small class="code">${state.stream}</small>`}</h2>
      <div class="actions">
        <button type="button" class="small danger" disabled=${running || !state} title=${running ? text('stream.stopFirst') : undefined}
          onClick=${() => setDropping(true)}>${text('stream.drop')}</button></div></div>
    ${!state && loading && html`<p aria-busy="true">${text('loading')}</p>`}
    <${Failure} error=${error} />
    ${dropped && html`<div class="notice good" role="status">${dropped.length ? html`<ul>${dropped.map(line => html`<li>${line}</li>`)}</ul>` : text('stream.nothing')}</div>`}
    ${state && html`<${Kept} figures=${state.figures} walStatus=${state.source.wal_status} />
      <${Facts} of=${[...facts(state.source), ...figures(state.figures), ...facts(state.target)]} />`}
    ${running && html`<p class="muted">${text('stream.stopFirst')}</p>`}
    ${state && html`<${DropDialog} job=${job} stream=${state.stream} open=${dropping} onDone=${done} onClose=${() => setDropping(false)} />`}
  </section>`;
}

/** The server names its facts; those that are known have a name here, too. */
const named = name => {
  const key = `stream.fact.${name.replaceAll(' ', '_')}`;
  return hasText(key) ? text(key) : name;
};

const facts = of => Object.entries(of).filter(([name]) => !SAID_BY_FIGURES.includes(name)).map(([name, value]) => [named(name), value]);

const figures = of => Object.entries(of).map(([name, value]) => [named(name), bytes(value)]);

/** Says so before the log that is kept fills the disk, or the source gives the slot up. */
function Kept({figures: {retainedBytes, safeBytes}, walStatus}) {
  if (walStatus === 'lost' || safeBytes <= 0) {
    return html`<div class="notice bad" role="alert"><strong>${text('stream.noRoom')}</strong><div>${text('stream.noRoomHelp')}</div></div>`;
  }
  if (retainedBytes >= LITTLE * (retainedBytes + safeBytes)) {
    return html`<div class="notice warn" role="alert">
      <strong>${text('stream.littleRoom', bytes(retainedBytes), bytes(safeBytes))}</strong><div>${text('stream.littleRoomHelp')}</div></div>`;
  }
  return safeBytes === undefined && retainedBytes >= MUCH_BYTES && html`<div class="notice warn" role="alert">
    <strong>${text('stream.noLimit', bytes(retainedBytes))}</strong><div>${text('stream.noLimitHelp')}</div></div>`;
}

function DropDialog({job, stream, open, onDone, onClose}) {
  const [typed, setTyped] = useState('');
  const [drop, state] = useAction(async () => onDone((await post(at`/jobs/${job}/stream/drop`, {stream: typed})).dropped));
  useEffect(() => {
    setTyped('');
    state.clear();
  }, [open]);
  const submit = event => {
    event.preventDefault();
    if (typed === stream) {
      drop();
    }
  };
  return html`<${Dialog} open=${open} title=${text('stream.dropTitle')} onClose=${onClose} footer=${html`
    <button type="button" class="secondary outline" onClick=${onClose}>${text('cancel')}</button>
    <button type="submit" form="drop-form" class="danger" aria-busy=${state.busy} disabled=${typed !== stream}>${text('stream.drop')}</button>`}>
    <form id="drop-form" onSubmit=${submit}>
      <p>${text('stream.dropHelp')}</p>
      <ul><li>${text('stream.dropSlot')}</li><li>${text('stream.dropPosition')}</li><li>${text('stream.dropRows')}</li></ul>
      <label>${text('stream.dropType', stream)}
        <input autofocus autocomplete="off" spellcheck=${false} value=${typed} onInput=${e => setTyped(e.target.value)} /></label>
      <${Failure} error=${state.error} />
    </form>
  <//>`;
}
