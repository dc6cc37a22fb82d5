import type { Letterbox } from '../../engine/frames/frame.ts';
import type { ImageSize } from '../../engine/records/record.ts';

/**
 * The largest place with the source's proportions inside the model's frame, centred: sizes rounded half up, offsets rounded down. The
 * same integer arithmetic as in the recipe that trains the starter model (`models/recipe/letterbox.py`).
 */
export function letterbox(source: ImageSize, into: ImageSize): Letterbox {
  const wide = source.width * into.height >= source.height * into.width;
  const width = wide ? into.width : roundedShare(source.width, into.height, source.height);
  const height = wide ? roundedShare(source.height, into.width, source.width) : into.height;
  return { x: Math.floor((into.width - width) / 2), y: Math.floor((into.height - height) / 2), width, height };
}

function roundedShare(side: number, target: number, whole: number): number {
  return Math.max(1, Math.floor((2 * side * target + whole) / (2 * whole)));
}

/** The same as filters of ffmpeg; `iw` and `ih` are the source there. `pad` is the grey of the bars, 0…255. */
export function letterboxFilters(into: ImageSize, pad: number, instance: string): string {
  const { width: w, height: h } = into;
  const wide = `gte(iw*${h},ih*${w})`;
  const width = `if(${wide},${w},max(1,floor((2*iw*${h}+ih)/(2*ih))))`;
  const height = `if(${wide},max(1,floor((2*ih*${w}+iw)/(2*iw))),${h})`;
  const grey = `0x${pad.toString(16).padStart(2, '0').repeat(3)}`;
  return `scale@${instance}=w='${width}':h='${height}':flags=area,format=gbrp,pad=${w}:${h}:(ow-iw)/2:(oh-ih)/2:${grey}`;
}
