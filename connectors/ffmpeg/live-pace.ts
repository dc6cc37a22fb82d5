/**
 * Thinning of live streams to at most `fps` frames a second, as an expression for ffmpeg's `select` filter: a frame is due every 1/fps
 * seconds and may come half of that early or late without being skipped.
 *
 * Time cells (`time-cells.ts`) will not do here. Frames arrive a few milliseconds early or late, so two of a camera's frames fall into one
 * cell and none into the next: of a camera that sends 10 frames a second, up to a quarter would be skipped at `fps: 10`.
 *
 * Variable 0 is when the next frame is due; it moves on by 1/fps with every frame taken, which keeps the mean rate exact.
 */
export function paceFilter(fps: number): string {
  const [slack, period] = [0.5 / fps, 1 / fps];
  return `select='if(gte(t+${slack},ld(0)),gt(st(0,max(ld(0),t-${slack})+${period}),-1),0)'`;
}
