import type { CameraHistoryAnswer, HistoryMark, HistorySecond } from '../../../history.ts';
import { momentWords, reasonWords, sentence, timeWords } from '../words.ts';

const SPAN_MS = 600_000;
const HEIGHT = 56;
const WIDTH = 600;

/** The last ten minutes: objects in a frame as an area, losses hatched below it, marks as ticks. */
export function TimeLine({ history, at }: { readonly history: CameraHistoryAnswer | undefined; readonly at: number | undefined }) {
  const seconds = history?.seconds ?? [];
  const newest = seconds.at(-1)?.time;
  if (history === undefined || newest === undefined) return <p class="time-line-empty quiet">What was seen appears here.</p>;
  const end = newest + 1000;
  const x = (time: number) => ((time - (end - SPAN_MS)) / SPAN_MS) * WIDTH;
  const most = Math.max(1, ...seconds.map(meanObjects));
  const lost = seconds.filter(({ gaps }) => Object.keys(gaps).length > 0);
  return (
    <figure class="time-line">
      <figcaption>
        <span>Objects in a frame, last ten minutes</span>
        <span class="number quiet">at most {most.toFixed(1)}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 14}`} preserveAspectRatio="none" role="img" aria-label={summary(seconds, history.marks)}>
        <defs>
          <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="4" class="hatch-line" />
          </pattern>
        </defs>
        <path class="area" d={areaPath(seconds, x, most)} />
        {lost.map((second) => (
          <rect key={second.time} class="lost-frames" x={x(second.time)} y={HEIGHT + 3} width={WIDTH / 600} height={6}>
            <title>{gapWords(second)}</title>
          </rect>
        ))}
        {history.marks
          .filter(({ mark, time }) => mark !== 'settings' && x(time) >= 0)
          .map((mark) => (
            <line
              key={`${mark.time} ${mark.mark}`}
              class="mark-line"
              data-mark={mark.mark}
              x1={x(mark.time)}
              x2={x(mark.time)}
              y1={0}
              y2={HEIGHT + 12}
            >
              <title>{markWords(mark)}</title>
            </line>
          ))}
        {at !== undefined && x(at) >= 0 && <line class="moment-line" x1={x(at)} x2={x(at)} y1={0} y2={HEIGHT + 14} />}
      </svg>
      <div class="time-axis number quiet">
        <span>{timeWords(end - SPAN_MS)}</span>
        <span>{timeWords(end - SPAN_MS / 2)}</span>
        <span>{timeWords(end)}</span>
      </div>
      <Marks marks={history.marks} />
    </figure>
  );
}

/** The ticks once more as words: for screen readers, and for who wants to read. */
function Marks({ marks }: { readonly marks: readonly HistoryMark[] }) {
  const told = marks
    .filter(({ mark }) => mark !== 'settings')
    .slice(-5)
    .reverse();
  if (told.length === 0) return null;
  return (
    <ul class="marks">
      {told.map((mark) => (
        <li key={`${mark.time} ${mark.mark}`} data-mark={mark.mark}>
          <time class="number quiet" title={momentWords(mark.time)}>
            {timeWords(mark.time)}
          </time>
          <span>{markSentence(mark)}</span>
        </li>
      ))}
    </ul>
  );
}

function meanObjects({ frames, objects }: HistorySecond): number {
  return frames === 0 ? 0 : objects / frames;
}

/** One step a second; a second in which nobody looked is a hole, not a zero. */
function areaPath(seconds: readonly HistorySecond[], x: (time: number) => number, most: number): string {
  const y = (second: HistorySecond) => HEIGHT - (meanObjects(second) / most) * (HEIGHT - 4);
  return seconds
    .filter(({ frames, time }) => frames > 0 && x(time) >= 0)
    .map((second) => `M${x(second.time).toFixed(2)} ${HEIGHT}V${y(second).toFixed(1)}h${(WIDTH / 600 + 0.05).toFixed(2)}V${HEIGHT}z`)
    .join('');
}

function gapWords({ time, gaps }: HistorySecond): string {
  const reasons = Object.entries(gaps).map(([reason, frames]) => `${frames} ${reasonWords(reason)}`);
  return `${timeWords(time)}: not looked at: ${reasons.join(', ')}`;
}

const MARKS: Readonly<Record<HistoryMark['mark'], string>> = {
  up: 'Frames come',
  down: 'No frames',
  end: 'Ended',
  heartbeat: 'Heartbeat',
  settings: 'Settings changed',
  clock: 'Clock corrected',
};

function markSentence({ mark, detail }: HistoryMark): string {
  return detail === undefined ? sentence(MARKS[mark]) : `${MARKS[mark]}: ${detail}${/[.!?]$/.test(detail) ? '' : '.'}`;
}

function markWords(mark: HistoryMark): string {
  return `${timeWords(mark.time)} ${markSentence(mark)}`;
}

function summary(seconds: readonly HistorySecond[], marks: readonly HistoryMark[]): string {
  const frames = seconds.reduce((sum, second) => sum + second.frames, 0);
  const lost = seconds.flatMap(({ gaps }) => Object.values(gaps)).reduce((sum, count) => sum + count, 0);
  return `${frames} frames looked at, ${lost} not, ${marks.filter(({ mark }) => mark === 'down').length} times down`;
}
