// Charts over time, by uPlot, in the page's colours.
import {html, useEffect, useRef} from './base.js';

const HEIGHT = 180;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function options(width, lines, format, time) {
  const axis = {stroke: colour('--muted'), grid: {stroke: colour('--line'), width: 1}, ticks: {stroke: colour('--line')}};
  return {
    width,
    height: HEIGHT,
    scales: {x: {time}},
    cursor: {drag: {x: false, y: false}},
    axes: [axis, {...axis, size: 80, values: (_, values) => values.map(format)}],
    series: [{}, ...lines.map(line => ({
      label: line.label,
      stroke: colour(line.colour ?? '--accent'),
      width: 2,
      fill: line.fill ? colour('--accent-faint') : undefined,
      points: {show: line.points ?? false},
      value: (_, value) => (value === null || value === undefined ? '' : format(value)),
    }))],
  };
}

/**
 * @param data [x values, y values of each line ...]; x in seconds since 1970 when `time`
 * @param lines {label, colour, fill, points} of each line
 * @param format makes a y value a text
 * @param label says to those who cannot see it what it shows
 */
export function Chart({data, lines, format, label, time = true}) {
  const ref = useRef();
  const plot = useRef();
  useEffect(() => {
    const host = ref.current;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(host.clientWidth, lines, format, time), data, host);
    };
    make();
    const resized = new ResizeObserver(() => plot.current.setSize({width: host.clientWidth, height: HEIGHT}));
    resized.observe(host);
    return () => {
      resized.disconnect();
      plot.current.destroy();
      plot.current = undefined;
    };
  }, [lines.length, time]);
  useEffect(() => plot.current?.setData(data), [data]);
  return html`<div class="chart" role="img" aria-label=${label} ref=${ref}></div>`;
}
