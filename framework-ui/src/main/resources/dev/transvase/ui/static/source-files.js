// Fields for files of a data source, such as certificates: a path that is there already, or a file that is sent and kept.
import {api, at, Failure, html, text, useAction, useRef} from './base.js';
import {TextInput} from './form-inputs.js';

/** The paths of the parameters that are files, such as ssl.keystore. */
export function filePaths(schema, prefix = '') {
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => (
    one.format === 'path' ? [prefix + name] : filePaths(one, `${prefix}${name}.`)));
}

/**
 * A widget for each of them.
 *
 * @param now () => {source, onKept(path, answer)}: the data source that files are kept for, undefined while it is not saved
 */
export function fileWidgets(schema, now) {
  return Object.fromEntries(filePaths(schema).map(path => [path, field => html`<${FileInput} ...${field} path=${path} now=${now} />`]));
}

function FileInput({path, now, id, describedBy, ...field}) {
  const {source, onKept} = now();
  const file = useRef();
  const [send, state] = useAction(async chosen => {
    onKept(path, await api('PUT', at`/sources/${source}/files/${path}`, chosen));
  });
  const choose = async e => {
    const [chosen] = e.target.files;
    if (chosen) {
      await send(chosen);
    }
    file.current.value = '';
  };
  return html`<div class="stored">
      <${TextInput} ...${field} id=${id} describedBy=${describedBy} placeholder=${text(source ? 'source.filePath' : 'source.filePathNew')} />
      ${source && html`<button type="button" class="small secondary outline" aria-busy=${state.busy}
        aria-label=${text('source.uploadFor', path)} onClick=${() => file.current.click()}>${text('source.upload')}</button>`}
      <input type="file" class="hidden-file" tabindex="-1" aria-label=${text('source.uploadFor', path)} ref=${file} onChange=${choose} />
    </div>
    <${Failure} error=${state.error} />`;
}
