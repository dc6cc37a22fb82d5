import { FILTER_SIZE } from './kalman.ts';

/** Phases of a track, as they stand in the table. */
export const TENTATIVE = 0;
export const CONFIRMED = 1;
export const COASTING = 2;
/** Marks a row that the next `dropEnded` takes away. */
export const ENDED = 3;

export const NO_LABEL = 0xffff;
const FIRST_CAPACITY = 16;

/**
 * The live tracks of one camera, oldest first: one array a property, one row a track. Plain data, so that `v8.serialize` saves it and
 * what comes back works on at once. Times of `since` are event times; `firstSeen` and `lastSeen` are on the tracker's own clock
 * (event time without pauses), in milliseconds.
 */
export interface TrackTable {
  count: number;
  filters: Float64Array;
  number: Float64Array;
  since: Float64Array;
  firstSeen: Float64Array;
  lastSeen: Float64Array;
  sightings: Uint32Array;
  phase: Uint8Array;
  label: Uint16Array;
  labelVotes: Float64Array;
  rival: Uint16Array;
  rivalVotes: Float64Array;
}

const COLUMNS = [
  'filters',
  'number',
  'since',
  'firstSeen',
  'lastSeen',
  'sightings',
  'phase',
  'label',
  'labelVotes',
  'rival',
  'rivalVotes',
] as const;

export function createTrackTable(capacity = FIRST_CAPACITY): TrackTable {
  return {
    count: 0,
    filters: new Float64Array(capacity * FILTER_SIZE),
    number: new Float64Array(capacity),
    since: new Float64Array(capacity),
    firstSeen: new Float64Array(capacity),
    lastSeen: new Float64Array(capacity),
    sightings: new Uint32Array(capacity),
    phase: new Uint8Array(capacity),
    label: new Uint16Array(capacity),
    labelVotes: new Float64Array(capacity),
    rival: new Uint16Array(capacity),
    rivalVotes: new Float64Array(capacity),
  };
}

/** The next free row, at the end; the table grows when it is full. The caller fills in every property. */
export function appendRow(table: TrackTable): number {
  if (table.count === table.number.length) grow(table);
  return table.count++;
}

function grow(table: TrackTable): void {
  const larger = createTrackTable(2 * table.number.length);
  for (const column of COLUMNS) larger[column].set(table[column]);
  Object.assign(table, { ...larger, count: table.count });
}

/** Takes away the rows marked `ENDED`; the others move up and keep their order. `movedTo[row]` tells where a row went, -1 where it ended. */
export function dropEnded(table: TrackTable, movedTo: Int32Array): void {
  let kept = 0;
  for (let row = 0; row < table.count; row++) {
    const ended = table.phase[row] === ENDED;
    movedTo[row] = ended ? -1 : kept;
    if (ended) continue;
    if (kept !== row) moveRow(table, row, kept);
    kept++;
  }
  table.count = kept;
}

function moveRow(table: TrackTable, from: number, to: number): void {
  for (const column of COLUMNS) {
    const width = column === 'filters' ? FILTER_SIZE : 1;
    table[column].copyWithin(to * width, from * width, (from + 1) * width);
  }
}
