import { OcelliError } from '../../errors.ts';
import type { Progress } from '../../records/place-rule.ts';
import type { Topic } from '../../records/topic.ts';
import type { Connection } from '../../sqlite/connection.ts';
import { Bisection } from '../bisection.ts';
import type { Bounds, Position, ReadRequest } from '../log.ts';
import type { Page, PageRow } from '../parse-page.ts';
import { topicTable } from './topic-table.ts';

/** A page ends at about so much JSON, so that parsing it never holds the thread up for more than about 2 ms. */
const PAGE_BYTES = 128 * 1024;

export function readBounds(connection: Connection, topic: Topic): Bounds {
  const sql = 'SELECT first_position AS start, next_position AS end FROM topics WHERE topic = ?';
  return connection.get<Bounds>(sql, topic) ?? { start: 0, end: 0 };
}

/** The bounds, if `from` lies within them; throws LOG_POSITION_LOST if not: what the reader wants is gone, or was never there. */
export function checkPosition(connection: Connection, topic: Topic, from: Position): Bounds {
  const bounds = readBounds(connection, topic);
  if (from >= bounds.start && from <= bounds.end) return bounds;
  const { start, end } = bounds;
  const what = from < start ? 'retention has removed it' : 'it was never written, or the file was replaced';
  throw new OcelliError(
    'LOG_POSITION_LOST',
    `Position ${from} of topic ${topic} is not there: ${connection.path} holds ${start} to ${end}; ${what}. Go on from ${from < start ? start : end}, knowing that records may be missing.`,
    { topic, from, start, end },
  );
}

/** A page of records from `request.from` on, as of one moment. */
export function readPage(connection: Connection, topic: Topic, request: ReadRequest): Page {
  return connection.snapshot(() => {
    const { end } = checkPosition(connection, topic, request.from);
    if (request.from === end) return { rows: [], next: end };
    const rows = takePage(selectRows(connection, topic, request));
    const last = rows.rows.at(-1);
    return { rows: rows.rows, next: last !== undefined && (rows.full || rows.rows.length === request.limit) ? last.position + 1 : end };
  });
}

function selectRows(connection: Connection, topic: Topic, { from, limit, camera }: ReadRequest): Iterable<PageRow> {
  const table = topicTable(topic);
  if (camera === undefined) {
    return connection.each(`SELECT position, body FROM ${table} WHERE position >= ? ORDER BY position LIMIT ?`, from, limit);
  }
  const sql = `SELECT position, body FROM ${table} WHERE camera = ? AND position >= ? ORDER BY position LIMIT ?`;
  return connection.each(sql, camera, from, limit);
}

function takePage(source: Iterable<PageRow>): { readonly rows: PageRow[]; readonly full: boolean } {
  const rows: PageRow[] = [];
  let size = 0;
  for (const row of source) {
    rows.push(row);
    size += row.body.length;
    if (size >= PAGE_BYTES) return { rows, full: true };
  }
  return { rows, full: false };
}

/** See LogReader.seekTime. */
export function seekTime(connection: Connection, topic: Topic, time: number, camera?: string): Position {
  return connection.snapshot(() => {
    const bounds = readBounds(connection, topic);
    const cameras = camera === undefined ? [...readProgress(connection, topic).keys()] : [camera];
    return Math.min(bounds.end, ...cameras.map((one) => seekTimeOf(connection, topic, bounds, time, one)));
  });
}

function seekTimeOf(connection: Connection, topic: Topic, bounds: Bounds, time: number, camera: string): Position {
  const next = `SELECT position, until FROM ${topicTable(topic)} WHERE camera = ? AND position >= ? ORDER BY position LIMIT 1`;
  const search = new Bisection(bounds);
  for (let middle = search.middle; middle !== undefined; middle = search.middle) {
    const row = connection.get<{ position: Position; until: number }>(next, camera, middle);
    search.take(row?.position, row === undefined || row.until >= time);
  }
  return search.found;
}

export function readProgress(connection: Connection, topic: Topic): Map<string, Progress> {
  const rows = connection.all<Progress & { camera: string }>('SELECT camera, session, seq, time FROM progress WHERE topic = ?', topic);
  return new Map(rows.map(({ camera, session, seq, time }) => [camera, { session, seq, time }]));
}
