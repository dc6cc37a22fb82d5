/**
 * Thinning by time cells: of the frames whose times fall into the same 1/fps second only the first is taken. Gives exactly `fps` from any
 * higher rate, never invents a frame, and takes the same frames again when a recording is opened again.
 *
 * The small constant keeps a time such as 0.3 (really 0.29999…) in the cell that it begins.
 */
const EDGE = 0.001;

/** As an expression for ffmpeg's `select` filter. */
export function cellFilter(fps: number): string {
  return `select='isnan(prev_selected_t)+gt(${cellExpression('t', fps)},${cellExpression('prev_selected_t', fps)})'`;
}

function cellExpression(time: string, fps: number): string {
  return `floor(${time}*${fps}+${EDGE})`;
}

/** The same decision on this side of the pipe, digit for digit: times in seconds. */
export function beginsCell(seconds: number, previousTaken: number | undefined, fps: number): boolean {
  return previousTaken === undefined || cell(seconds, fps) > cell(previousTaken, fps);
}

function cell(seconds: number, fps: number): number {
  return Math.floor(seconds * fps + EDGE);
}
