import type { ImageSize } from '../../engine/records/record.ts';

/** The size of the picture and of its view, told once for every filter graph that ffmpeg builds. */
export interface Geometry {
  readonly image: ImageSize;
  readonly view: ImageSize | undefined;
}

/** What ffmpeg says about a source before its first frame. */
export interface MediaDescription {
  readonly codec?: string;
  readonly size?: ImageSize;
  readonly fps?: number;
  readonly durationMs?: number;
  /** Milliseconds since 1970, from the container's metadata. */
  readonly createdMs?: number;
}

const VIDEO = /Stream #0:\d+.*: Video: (\w+)/;
const SIZE = /, (\d{1,5})x(\d{1,5})(?=[ ,]|$)/;
const FPS = /, ([\d.]+)(k?) fps/;
const DURATION = /Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/;
const CREATED = /creation_time\s*: (\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?)/;

/** Adds what one line of ffmpeg's standard error tells; lines that tell nothing change nothing. The first value of each kind counts. */
export function describeMedia(known: MediaDescription, line: string): MediaDescription {
  const video = VIDEO.exec(line);
  if (video !== null) return known.codec === undefined ? { ...known, codec: video[1] as string, ...sizeIn(line), ...fpsIn(line) } : known;
  const duration = DURATION.exec(line);
  if (duration !== null) return { durationMs: Math.round(seconds(duration) * 1000), ...known };
  const created = CREATED.exec(line);
  return created === null ? known : { createdMs: Date.parse(`${(created[1] as string).replace(' ', 'T')}Z`), ...known };
}

function sizeIn(line: string): { size?: ImageSize } {
  const size = SIZE.exec(line);
  return size === null ? {} : { size: { width: Number(size[1]), height: Number(size[2]) } };
}

function fpsIn(line: string): { fps?: number } {
  const fps = FPS.exec(line);
  return fps === null ? {} : { fps: Number(fps[1]) * (fps[2] === 'k' ? 1000 : 1) };
}

function seconds([, hours, minutes, rest]: readonly string[]): number {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

const SCALE = /^\[scale@(model|view) .* w:(\d+) h:(\d+) .*-> w:(\d+) h:(\d+) /;

/** Reads the sizes from the lines of the two scale filters; they come after rotation, so this is the picture as people see it. */
export class GeometryLines {
  private readonly withView: boolean;
  private view: ImageSize | undefined;

  constructor(withView: boolean) {
    this.withView = withView;
  }

  private image: ImageSize | undefined;

  /** The geometry of a new filter graph once all of its lines were seen. */
  read(line: string): Geometry | undefined {
    const [, instance, width, height, toWidth, toHeight] = SCALE.exec(line) ?? [];
    if (instance === undefined) return undefined;
    if (instance === 'model') this.image = { width: Number(width), height: Number(height) };
    else this.view = { width: Number(toWidth), height: Number(toHeight) };
    return this.complete();
  }

  private complete(): Geometry | undefined {
    const { image, view } = this;
    if (image === undefined || (this.withView && view === undefined)) return undefined;
    this.image = undefined;
    this.view = undefined;
    return { image, view };
  }
}
