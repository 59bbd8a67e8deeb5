// How a run goes on, live: its state, its progress over time, its log. It goes on after a loss of the server, without gaps or repeats.
import {at, get, useEffect, useReducer, useRef} from './base.js';

/** What is loaded of a long log at first; the rest is for those who ask for it. */
const TAIL = 512 * 1024;
const MOST_POINTS = 1200;
const TRY_AGAIN_MILLIS = 2000;

/** Every second one, but the last. */
const thinned = points => points.filter((_, i) => i % 2 === 0 || i === points.length - 1);

function withPoint(points, point) {
  const last = points[points.length - 1];
  if (last && point.elapsedMillis <= last.elapsedMillis) {
    return points;
  }
  const all = [...points, point];
  return all.length > MOST_POINTS ? thinned(all) : all;
}

const EMPTY = {run: undefined, error: undefined, points: [], lines: [], linesBefore: false, lost: false};

function reduce(state, action) {
  switch (action.type) {
    case 'run': return {...state, run: action.run, error: undefined, lost: false, unknown: false};
    case 'error': return {...state, error: action.error};
    case 'points': return {...state, points: action.points};
    case 'progress': {
      const points = withPoint(state.points, action.point);
      // An earlier one says nothing about now.
      const seen = points === state.points ? {} : {seenAt: performance.now(), begunAt: Math.min(state.begunAt ?? Infinity, Date.now() - action.point.elapsedMillis)};
      return {...state, points, ...seen, lost: false};
    }
    case 'lines': return {...state, lines: action.afresh ? action.lines : [...state.lines, ...action.lines]};
    case 'before': return {...state, linesBefore: action.there};
    case 'lost': return {...state, lost: true, unknown: action.unknown ?? state.unknown};
    default: return state;
  }
}

/** Reads a log from the server in order; events only tell that there is more, unless they fit exactly. */
class LogReader {
  #id;
  #dispatch;
  #place = 0;
  #begun = false;
  /** Whether the place may be within a line, which is not whole then. */
  #midLine = false;
  #work = Promise.resolve();
  #closed = false;

  constructor(id, dispatch) {
    this.#id = id;
    this.#dispatch = dispatch;
  }

  close() {
    this.#closed = true;
  }

  /** An event: lines between two places, or only the places. */
  tell({from, to, lines}) {
    this.#work = this.#work.then(() => this.#take(from, to, lines)).catch(() => {}); // the next event tries again
  }

  async #take(from, to, lines) {
    if (this.#closed) {
      return;
    }
    if (!this.#begun) {
      await this.#begin(to);
    } else if (from === this.#place && lines.length > 0) {
      this.#place = to;
      this.#dispatch({type: 'lines', lines});
    } else {
      await this.#catchUp();
    }
  }

  async #begin(size) {
    this.#begun = true;
    this.#place = Math.max(0, size - TAIL);
    this.#midLine = this.#place > 0;
    this.#dispatch({type: 'before', there: this.#place > 0});
    await this.#catchUp();
  }

  /** Shows what was read also when the next piece does not come: its place is behind us then. */
  async #catchUp() {
    let found = [];
    let afresh = false;
    try {
      for (let end = false; !end && !this.#closed;) {
        const piece = await this.#piece(this.#place);
        const cut = piece.from !== this.#place; // the server has taken the older part away
        const lines = this.#midLine ? piece.lines.slice(1) : piece.lines;
        afresh ||= cut;
        found = cut ? lines : found.concat(lines);
        end = piece.end || piece.to === this.#place;
        this.#place = piece.to;
        this.#midLine = false;
      }
    } finally {
      if (found.length || afresh) {
        this.#dispatch({type: 'lines', lines: found, afresh});
      }
    }
  }

  #piece(from) {
    return get(at`/runs/${this.#id}/log` + `?from=${from}`);
  }

  /** Reads all of it once more, with what comes before the part that was read at first. */
  all() {
    this.#work = this.#work.then(async () => {
      this.#dispatch({type: 'lines', lines: [], afresh: true});
      this.#dispatch({type: 'before', there: false});
      this.#begun = true;
      this.#place = 0;
      await this.#catchUp();
    });
    return this.#work;
  }
}

const loadPoints = async (id, dispatch) => dispatch({type: 'points', points: (await get(at`/runs/${id}/progress?points=300`)).points});

/** Listens to a run's events; gives what ends that. */
function listen(id, dispatch, log) {
  let events;
  let timer;
  let over = false;
  let missed = false;
  const connect = () => {
    events = new EventSource(`/api/v1/runs/${encodeURIComponent(id)}/events?from=0`);
    const on = (name, use) => events.addEventListener(name, event => use(JSON.parse(event.data)));
    on('state', run => {
      dispatch({type: 'run', run});
      if (missed) {
        missed = false;
        loadPoints(id, dispatch).catch(() => {}); // a gap in a chart is no failure
      }
    });
    on('progress', point => dispatch({type: 'progress', point}));
    on('log', piece => log.tell(piece));
    on('end', run => {
      dispatch({type: 'run', run});
      close();
    });
    events.onerror = () => {
      if (over) {
        return;
      }
      missed = true;
      dispatch({type: 'lost'});
      if (events.readyState === EventSource.CLOSED) {
        timer = setTimeout(again, TRY_AGAIN_MILLIS); // a proxy answered, say: the browser does not try again by itself
      }
    };
  };
  // Not by `get`, which leaves the page when a restarted server does not know this browser: once that has been let in
  // in another tab, this page goes on.
  const again = async () => {
    const status = await fetch('/api/v1' + at`/runs/${id}`).then(response => response.status, () => 0);
    if (over) {
      return;
    }
    if (status === 200) {
      connect();
    } else if (status === 404) {
      await get(at`/runs/${id}`).catch(error => dispatch({type: 'error', error}));
    } else {
      dispatch({type: 'lost', unknown: status === 401});
      timer = setTimeout(again, TRY_AGAIN_MILLIS);
    }
  };
  const close = () => {
    over = true;
    clearTimeout(timer);
    events?.close();
  };
  connect();
  return close;
}

/**
 * Follows a run: {run, error, points, lines, linesBefore, lost, unknown, seenAt, begunAt, wholeLog}. `points` are its progress over time, `seenAt`
 * is when the last one came, `begunAt` when the job began by the clock of this machine, `lost` is whether the server does not answer, `unknown`
 * whether it does not know this browser.
 */
export function useRun(id) {
  const [state, dispatch] = useReducer(reduce, EMPTY);
  const reader = useRef();
  useEffect(() => {
    const log = new LogReader(id, dispatch);
    reader.current = log;
    let end;
    let left = false;
    get(at`/runs/${id}`)
      .then(run => dispatch({type: 'run', run}))
      .then(() => loadPoints(id, dispatch))
      .then(() => {
        if (!left) {
          end = listen(id, dispatch, log);
        }
      })
      .catch(error => dispatch({type: 'error', error}));
    return () => {
      left = true;
      log.close();
      end?.();
    };
  }, [id]);
  return {...state, wholeLog: () => reader.current.all()};
}
