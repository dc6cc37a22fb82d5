/** That an operator asked to be called when the camera's event time reaches `time`. */
export interface Wake {
  readonly time: number;
  readonly operator: string;
}

/** Adds a wake in order of time; those of one time stay in the order in which they were asked for. A second one of the same changes nothing. */
export function addWake(wakes: Wake[], wake: Wake): void {
  if (wakes.some(({ time, operator }) => time === wake.time && operator === wake.operator)) return;
  const after = wakes.findIndex(({ time }) => time > wake.time);
  wakes.splice(after === -1 ? wakes.length : after, 0, wake);
}

/** Takes the first wake out that is due at `time`. */
export function takeDueWake(wakes: Wake[], time: number): Wake | undefined {
  const first = wakes[0];
  return first !== undefined && first.time <= time ? wakes.shift() : undefined;
}
