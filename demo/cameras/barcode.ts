/**
 * A frame number, 0 to 65535, drawn into the top left corner of a picture: eight columns and four rows of black and white cells on a black
 * ground. It survives H.264 at low bit rates and shrinking to 320×180, and covers 1.3 % of the picture where nothing is to be detected.
 *
 *   row 0    ■□■■□□■□   always the same: finds the levels of black and white, and tells the code from mere picture (■ = white)
 *   row 1    the upper eight bits, highest first
 *   row 2    the lower eight bits
 *   row 3    CRC-8 of both (polynomial 0x07, from 0)
 *
 * A cell is 1/80 of the picture wide and 1/45 high (square at 16:9, 4 pixels at 320×180); half a cell of black stands around the code as
 * quiet zone. This file needs nothing but the language, so it runs in a browser too.
 */
const COLUMNS = 8;
const ROWS = 4;
const QUIET_CELLS = 0.5;
const CELLS_ACROSS = 80;
const CELLS_DOWN = 45;
const FINDER = 0b1011_0010;
/** Between the levels of black and white, of 255. Less is no code. */
const LEAST_CONTRAST = 48;

/** How the bytes of a picture lie: one plane of brightness first (`gray`, `yuv420p`), planes green first (`gbrp`) or red first (`rgbp`), or pixels of 3 or 4 bytes. */
export type PixelFormat = 'gray' | 'yuv420p' | 'gbrp' | 'rgbp' | 'rgb24' | 'rgba';

/** A picture in memory, without padding between the rows. */
export interface Picture {
  readonly pixels: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
}

/** A part of a picture, in pixels. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws `number` into the picture, in place. `yuv420p` is taken as limited range (black 16, white 235), as cameras send it.
 * Throws RangeError if the number needs more than 16 bits or the picture is below 160×90.
 */
export function drawBarcode(picture: Picture, number: number): void {
  if (!Number.isInteger(number) || number < 0 || number > 0xffff)
    throw new RangeError(`a bar code holds a whole number from 0 to 65535, got ${number}`);
  if (picture.width < 160 || picture.height < 90)
    throw new RangeError(`a bar code needs a picture of 160×90 or more, got ${picture.width}×${picture.height}`);
  const cells = cellsOf(number);
  const { cellWidth, cellHeight } = cellSize(wholeOf(picture));
  const width = Math.round((COLUMNS + 2 * QUIET_CELLS) * cellWidth);
  const height = Math.round((ROWS + 2 * QUIET_CELLS) * cellHeight);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) / cellHeight - QUIET_CELLS);
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x + 0.5) / cellWidth - QUIET_CELLS);
      const inside = row >= 0 && row < ROWS && column >= 0 && column < COLUMNS;
      paint(picture, x, y, inside && cells[row * COLUMNS + column]);
    }
  }
}

/** The number in the corner, or null if there is none that can be trusted. Where the picture has been padded, `region` is where it lies. */
export function readBarcode(picture: Picture, region: Region = wholeOf(picture)): number | null {
  const levels = Array.from({ length: COLUMNS * ROWS }, (_, cell) => levelOf(picture, region, cell));
  const finder = bitsOf(FINDER, COLUMNS);
  const white = mean(levels.filter((_, cell) => cell < COLUMNS && finder[cell]));
  const black = mean(levels.filter((_, cell) => cell < COLUMNS && !finder[cell]));
  if (white - black < LEAST_CONTRAST) return null;
  const cells = levels.map((level) => level > (white + black) / 2);
  const number = numberOf(cells.slice(COLUMNS, 3 * COLUMNS));
  return cellsOf(number).every((cell, i) => cell === cells[i]) ? number : null;
}

/** CRC-8/SMBUS: polynomial 0x07, initial value 0, nothing reflected. */
export function crc8(bytes: Iterable<number>): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return crc;
}

function cellsOf(number: number): boolean[] {
  const bytes = [number >> 8, number & 0xff];
  return [FINDER, ...bytes, crc8(bytes)].flatMap((byte) => bitsOf(byte, COLUMNS));
}

function bitsOf(value: number, count: number): boolean[] {
  return Array.from({ length: count }, (_, i) => ((value >> (count - 1 - i)) & 1) === 1);
}

function numberOf(bits: readonly boolean[]): number {
  return bits.reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0);
}

/** Mean brightness of the middle of a cell: its borders are blurred by shrinking and coding. */
function levelOf(picture: Picture, region: Region, cell: number): number {
  const { cellWidth, cellHeight } = cellSize(region);
  const left = region.x + ((cell % COLUMNS) + QUIET_CELLS) * cellWidth;
  const top = region.y + (Math.floor(cell / COLUMNS) + QUIET_CELLS) * cellHeight;
  const [firstX, lastX] = middle(left, cellWidth);
  const [firstY, lastY] = middle(top, cellHeight);
  const values: number[] = [];
  for (let y = firstY; y <= lastY; y++) {
    for (let x = firstX; x <= lastX; x++) values.push(picture.pixels[brightnessAt(picture, x, y)]);
  }
  return mean(values);
}

/** First and last pixel whose centre lies in the middle half of a cell; at least the one in the centre. */
function middle(start: number, size: number): [number, number] {
  const first = Math.ceil(start + size / 4 - 0.5);
  const last = Math.floor(start + (size * 3) / 4 - 0.5);
  const centre = Math.floor(start + size / 2);
  return first <= last ? [first, last] : [centre, centre];
}

/** Where the brightness of a pixel stands; of colours, green carries the most of it. */
function brightnessAt({ width, height, format }: Picture, x: number, y: number): number {
  const pixel = y * width + x;
  if (format === 'rgb24') return pixel * 3 + 1;
  if (format === 'rgba') return pixel * 4 + 1;
  return format === 'rgbp' ? width * height + pixel : pixel;
}

function paint(picture: Picture, x: number, y: number, white: boolean): void {
  const { pixels, width, height, format } = picture;
  const pixel = y * width + x;
  const value = white ? 255 : 0;
  if (format === 'gray') pixels[pixel] = value;
  else if (format === 'rgb24' || format === 'rgba')
    pixels.fill(value, pixel * (format === 'rgb24' ? 3 : 4), pixel * (format === 'rgb24' ? 3 : 4) + 3);
  else if (format === 'yuv420p') paintYuv(picture, x, y, white);
  else for (let plane = 0; plane < 3; plane++) pixels[plane * width * height + pixel] = value;
}

function paintYuv({ pixels, width, height }: Picture, x: number, y: number, white: boolean): void {
  pixels[y * width + x] = white ? 235 : 16;
  const chromaWidth = Math.ceil(width / 2);
  const chroma = (y >> 1) * chromaWidth + (x >> 1);
  const planeSize = chromaWidth * Math.ceil(height / 2);
  for (let plane = 0; plane < 2; plane++) pixels[width * height + plane * planeSize + chroma] = 128;
}

function cellSize({ width, height }: Region): { cellWidth: number; cellHeight: number } {
  return { cellWidth: width / CELLS_ACROSS, cellHeight: height / CELLS_DOWN };
}

function wholeOf({ width, height }: Picture): Region {
  return { x: 0, y: 0, width, height };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
