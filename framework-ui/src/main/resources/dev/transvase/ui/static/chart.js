// Charts over time, by uPlot, in the page's colours.
import {html, text, useEffect, useMemo, useRef, useState} from './base.js';

const HEIGHT = 180;
const language = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
const clockSeconds = new Intl.DateTimeFormat(language, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
const day = new Intl.DateTimeFormat(language, {month: 'short', day: 'numeric'});
const moment = new Intl.DateTimeFormat(language, {dateStyle: 'medium', timeStyle: 'medium'});

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** How a moment is written on an axis whose marks are this many seconds apart. */
function mark(seconds, apart) {
  if (seconds === null) {
    return null;
  }
  const date = new Date(seconds * 1000);
  if (apart >= 86400) {
    return day.format(date);
  }
  return apart < 60 ? clockSeconds.format(date) : clock.format(date);
}

/** From zero, with some room above; a line of zeros lies at the bottom. */
const fromZero = (_, __, most) => [0, most > 0 ? most * 1.1 : 1];

function options(width, lines, format, time) {
  const axis = {
    stroke: colour('--muted'),
    grid: {stroke: colour('--line'), width: 1},
    ticks: {stroke: colour('--line')},
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
  };
  const along = time
    ? {...axis, space: 80, values: (_, marks, __, ___, apart) => marks.map(seconds => mark(seconds, apart))}
    : axis;
  return {
    width,
    height: HEIGHT,
    scales: {x: {time}, y: {range: fromZero}},
    cursor: {drag: {x: false, y: false}},
    axes: [along, {...axis, size: 86, values: (_, marks) => marks.map(format)}],
    series: [
      time ? {label: text('chart.time'), value: (_, seconds) => (seconds === null ? '' : moment.format(new Date(seconds * 1000)))} : {},
      ...lines.map(line => ({
        label: line.label,
        stroke: colour(line.colour ?? '--accent'),
        width: 2,
        dash: line.dash,
        fill: line.fill ? colour('--accent-faint') : undefined,
        points: {show: line.points ?? false, size: 7, fill: colour(line.colour ?? '--accent')},
        value: (_, value) => (value === null || value === undefined ? '' : format(value)),
      })),
    ],
  };
}

/** Changes whenever the page gets other colours. */
function useColours() {
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const change = () => setTimes(n => n + 1);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const theme = new MutationObserver(change);
    dark.addEventListener('change', change);
    theme.observe(document.documentElement, {attributeFilter: ['data-theme']});
    return () => {
      dark.removeEventListener('change', change);
      theme.disconnect();
    };
  }, []);
  return times;
}

/**
 * @param data [x values, y values of each line ...]; x in seconds since 1970 when `time`
 * @param lines {label, colour, fill, points, dash} of each line
 * @param format makes a y value a text
 * @param label says to those who cannot see it what it shows
 */
export function Chart({data, lines, format, label, time = true}) {
  const ref = useRef();
  const plot = useRef();
  const colours = useColours();
  const names = useMemo(() => lines.map(line => line.label).join('\n'), [lines]);
  useEffect(() => {
    const host = ref.current;
    plot.current = new uPlot(options(host.clientWidth, lines, format, time), data, host);
    const resized = new ResizeObserver(() => plot.current?.setSize({width: host.clientWidth, height: HEIGHT}));
    resized.observe(host);
    return () => {
      resized.disconnect();
      plot.current.destroy();
      plot.current = undefined;
    };
  }, [names, time, colours]);
  useEffect(() => plot.current?.setData(data), [data]);
  return html`<div class="chart" role="img" aria-label=${label} ref=${ref}></div>`;
}
