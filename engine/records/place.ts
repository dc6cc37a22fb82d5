/**
 * Where a record stands in its camera's order. Sessions are numbered upwards, and inside a session the places 0…last are covered
 * exactly once, by a record of a frame, a gap or a mark.
 */
export interface Place {
  readonly session: number;
  readonly seq: number;
}

/** Below 0: `a` stands before `b`; 0: the same place; above 0: after. */
export function comparePlaces(a: Place, b: Place): number {
  return a.session - b.session || a.seq - b.seq;
}

/** Anything that covers places: a gap covers `from…to`, every other record one. */
export type Placed = { readonly session: number } & ({ readonly seq: number } | { readonly from: number; readonly to: number });

export function firstPlace(record: Placed): Place {
  return { session: record.session, seq: 'from' in record ? record.from : record.seq };
}

export function lastPlace(record: Placed): Place {
  return { session: record.session, seq: 'to' in record ? record.to : record.seq };
}

/** The id of what the record at a place caused: `camera/session/seq`, or `camera/session/seq/n` where it caused several. */
export function recordId(camera: string, place: Place, n?: number): string {
  const id = `${camera}/${place.session}/${place.seq}`;
  return n === undefined ? id : `${id}/${n}`;
}
