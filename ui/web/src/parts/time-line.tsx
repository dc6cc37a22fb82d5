import { useState } from 'preact/hooks';
import type { CameraHistoryAnswer, HistoryMark, HistorySecond } from '../../../history.ts';
import { useApp } from '../app-context.ts';
import { useStore } from '../live/use-store.ts';
import { cameraLink } from '../route.ts';
import {
  type AlertSpan,
  alertSpans,
  LOSS_KINDS,
  lossRuns,
  meanObjects,
  SPAN_MS,
  secondAt,
  type TimeScale,
  timeScale,
} from '../time-scale.ts';
import { alertWords, markSentence, momentWords, reasonWords, timeWords } from '../words.ts';

const SECOND_MS = 1000;
/** In the units of the drawing: a flag row, the area, a row of losses. */
const FLAGS = 12;
const AREA = 56;
const LOSSES = 6;
const WIDTH = 600;
/** Narrower than this a loss cannot be seen. */
const LEAST_LOSS = 3;
const HEIGHT = FLAGS + AREA + 3 + LOSSES;

interface Props {
  readonly camera: string;
  readonly history: CameraHistoryAnswer | undefined;
  /** The moment that is open. */
  readonly at: number | undefined;
}

/**
 * The last ten minutes: objects in a frame as an area, losses hatched below it, marks as ticks, alerts as flags above. Hovering tells the
 * moment; a click, or the arrow keys, open it.
 */
export function TimeLine({ camera, history, at }: Props) {
  const { alerts } = useApp();
  const all = useStore(alerts.alerts);
  const [hovered, setHovered] = useState<number>();
  const newest = history?.seconds.at(-1)?.time;
  if (history === undefined || newest === undefined) return <p class="time-line-empty quiet">What was seen appears here.</p>;
  const scale = timeScale(newest);
  const spans = alertSpans(all, camera, scale);
  const told = hovered ?? (at !== undefined && at >= scale.startMs ? at : undefined);
  return (
    <figure class="time-line">
      <figcaption>
        <span>Objects in a frame, last ten minutes</span>
        <span class="number quiet">{told === undefined ? `at most ${mostObjects(history).toFixed(1)}` : momentSummary(history, told)}</span>
      </figcaption>
      <div
        class="time-line-plot"
        onPointerMove={(event) => setHovered(timeUnder(event, scale))}
        onPointerLeave={() => setHovered(undefined)}
      >
        <Plot history={history} scale={scale} spans={spans} at={at} hovered={hovered} />
        <MomentSlider camera={camera} history={history} scale={scale} at={at} />
      </div>
      <div class="time-axis number quiet" aria-hidden="true">
        <span>{timeWords(scale.startMs)}</span>
        <span>{timeWords(scale.endMs - SPAN_MS / 2)}</span>
        <span>{timeWords(scale.endMs)}</span>
      </div>
      <Marks camera={camera} marks={history.marks} />
    </figure>
  );
}

interface PlotProps {
  readonly history: CameraHistoryAnswer;
  readonly scale: TimeScale;
  readonly spans: readonly AlertSpan[];
  readonly at: number | undefined;
  readonly hovered: number | undefined;
}

function Plot({ history, scale, spans, at, hovered }: PlotProps) {
  const { seconds, marks } = history;
  const x = (time: number) => scale.share(time) * WIDTH;
  const inside = ({ time }: { readonly time: number }) => time >= scale.startMs;
  const ticks = marks.filter((mark) => mark.mark !== 'settings' && inside(mark));
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={summary(history, spans)}>
      <defs>
        {LOSS_KINDS.map((kind) => (
          <pattern key={kind} id={`loss-${kind}`} width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="3" class="hatch-line" data-loss={kind} />
          </pattern>
        ))}
      </defs>
      <line class="base-line" x1={0} x2={WIDTH} y1={FLAGS + AREA} y2={FLAGS + AREA} />
      <path class="area" d={areaPath(seconds.filter(inside), x, mostObjects(history))} />
      {lossRuns(seconds.filter(inside)).map(({ kind, fromMs, toMs }) => (
        <rect
          key={fromMs}
          fill={`url(#loss-${kind})`}
          x={x(fromMs)}
          y={FLAGS + AREA + 3}
          width={Math.max(LEAST_LOSS, x(toMs) - x(fromMs))}
          height={LOSSES}
        />
      ))}
      {ticks.map(({ time, mark }) => (
        <line key={`${time} ${mark}`} class="mark-line" data-mark={mark} x1={x(time)} x2={x(time)} y1={FLAGS} y2={HEIGHT} />
      ))}
      {spans.map((span) => (
        <AlertFlag key={span.alert.alert} span={span} x={x} />
      ))}
      {hovered !== undefined && <line class="hover-line" x1={x(hovered)} x2={x(hovered)} y1={0} y2={HEIGHT} />}
      {at !== undefined && at >= scale.startMs && <line class="moment-line" x1={x(at)} x2={x(at)} y1={0} y2={HEIGHT} />}
    </svg>
  );
}

/** A pole at its beginning, and a band for as long as it was open. */
function AlertFlag({ span: { alert, fromMs, toMs }, x }: { readonly span: AlertSpan; readonly x: (time: number) => number }) {
  const from = Math.max(0, x(fromMs));
  return (
    <g class="alert-flag" data-kind={alert.kind} data-state={alert.state}>
      <rect x={from} y={2} width={Math.max(4, Math.min(WIDTH, x(toMs)) - from)} height={6} />
      {x(fromMs) >= 0 && <line x1={from} x2={from} y1={2} y2={FLAGS + AREA} />}
    </g>
  );
}

interface SliderProps {
  readonly camera: string;
  readonly history: CameraHistoryAnswer;
  readonly scale: TimeScale;
  readonly at: number | undefined;
}

/** Lies unseen over the drawing, so that a moment can be chosen with pointer, keys and screen reader alike. */
function MomentSlider({ camera, history, scale, at }: SliderProps) {
  const value = Math.min(scale.endMs - SECOND_MS, Math.max(scale.startMs, Math.floor((at ?? scale.endMs) / SECOND_MS) * SECOND_MS));
  return (
    <input
      type="range"
      class="moment-slider"
      aria-label="Moment"
      aria-valuetext={momentSummary(history, value)}
      min={scale.startMs}
      max={scale.endMs - SECOND_MS}
      step={SECOND_MS}
      value={value}
      onInput={({ currentTarget }) => location.replace(cameraLink(camera, Number(currentTarget.value)))}
    />
  );
}

/** The ticks once more as words: for screen readers, and for who wants to read. */
function Marks({ camera, marks }: { readonly camera: string; readonly marks: readonly HistoryMark[] }) {
  const told = marks
    .filter(({ mark }) => mark !== 'settings')
    .slice(-5)
    .reverse();
  if (told.length === 0) return null;
  return (
    <ul class="marks">
      {told.map((mark) => (
        <li key={`${mark.time} ${mark.mark}`} data-mark={mark.mark}>
          <a class="number quiet" href={cameraLink(camera, mark.time)} title={momentWords(mark.time)}>
            {timeWords(mark.time)}
          </a>
          <span>{markSentence(mark)}</span>
        </li>
      ))}
    </ul>
  );
}

function timeUnder({ currentTarget, clientX }: PointerEvent & { readonly currentTarget: HTMLElement }, { startMs }: TimeScale): number {
  const { left, width } = currentTarget.getBoundingClientRect();
  return Math.floor((startMs + ((clientX - left) / width) * SPAN_MS) / SECOND_MS) * SECOND_MS;
}

function mostObjects({ seconds }: CameraHistoryAnswer): number {
  return Math.max(1, ...seconds.map(meanObjects));
}

/** One step a second; a second in which nobody looked is a hole, not a zero. */
function areaPath(seconds: readonly HistorySecond[], x: (time: number) => number, most: number): string {
  const y = (second: HistorySecond) => FLAGS + AREA - (meanObjects(second) / most) * (AREA - 4);
  return seconds
    .filter(({ frames }) => frames > 0)
    .map(
      (second) =>
        `M${x(second.time).toFixed(2)} ${FLAGS + AREA}V${y(second).toFixed(1)}h${(WIDTH / 600 + 0.05).toFixed(2)}V${FLAGS + AREA}z`,
    )
    .join('');
}

/** "14:03:22 · 6.2 objects in a frame · 3 skipped: a newer one came first". */
function momentSummary(history: CameraHistoryAnswer, time: number): string {
  const second = secondAt(history, time);
  if (second === undefined) return `${timeWords(time)} · nothing was said`;
  const seen = second.frames === 0 ? 'no frame looked at' : `${meanObjects(second).toFixed(1)} objects in a frame`;
  const lost = Object.entries(second.gaps).map(([reason, frames]) => `${frames} skipped: ${reasonWords(reason)}`);
  return [timeWords(time), seen, ...lost].join(' · ');
}

function summary({ seconds, marks }: CameraHistoryAnswer, spans: readonly AlertSpan[]): string {
  const frames = seconds.reduce((sum, second) => sum + second.frames, 0);
  const lost = seconds.flatMap(({ gaps }) => Object.values(gaps)).reduce((sum, count) => sum + count, 0);
  const downs = marks.filter(({ mark }) => mark === 'down').length;
  const alerts = spans.map(({ alert }) => `${alertWords(alert)} at ${timeWords(alert.since)}`);
  return [`${frames} frames looked at, ${lost} not, ${downs} times down`, ...alerts].join('; ');
}
