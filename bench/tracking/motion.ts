import type { ImageSize } from '../../engine/records/record.ts';
import type { PixelBox } from './scene.ts';
import type { SeededRandom } from './seeded-random.ts';

/** How an object moves: its box at a time in seconds, undefined while it is not in the scene. */
export type Motion = (seconds: number) => PixelBox | undefined;

/** Straight through the picture from one side to another: objects cross each other at all angles. */
export function crossing(image: ImageSize, seconds: number, random: SeededRandom): Motion {
  const [width, height] = [random.between(50, 110), random.between(60, 160)];
  const angle = random.between(0, 2 * Math.PI);
  const speed = random.between(60, 260);
  const [middleX, middleY] = [random.between(0.2, 0.8) * image.width, random.between(0.2, 0.8) * image.height];
  const middle = random.between(0, seconds);
  return (t) => {
    const way = speed * (t - middle);
    return [middleX + Math.cos(angle) * way - width / 2, middleY + Math.sin(angle) * way - height / 2, width, height];
  };
}

/** A parcel on one of four belts: near neighbours of equal speed, the belts running to and fro; belts stop for a while. */
export function onBelt(image: ImageSize, seconds: number, random: SeededRandom): Motion {
  const belt = Math.floor(random.next() * 4);
  const [width, height] = [random.between(60, 130), random.between(50, 110)];
  const speed = [140, -170, 90, -220][belt];
  const enters = random.between(-image.width / Math.abs(speed), seconds);
  const top = ((belt + 0.5) / 4) * image.height - height / 2 + random.between(-12, 12);
  return (t) => {
    const way = speed * (running(t) - running(enters));
    return [speed > 0 ? way - width : image.width + way, top, width, height];
  };
}

/** Seconds that a belt has run: it stands still for 2 of every 10 seconds. */
function running(t: number): number {
  return Math.floor(t / 10) * 8 + Math.min(8, t - Math.floor(t / 10) * 10);
}

/** A walker who turns and changes pace, comes in and goes out, and grows with nearness. */
export function walking(image: ImageSize, seconds: number, random: SeededRandom): Motion {
  const size = random.between(50, 90);
  const comes = random.between(-5, seconds - 2);
  const goes = comes + random.between(3, 15);
  const [x, y] = [random.between(0.15, 0.85) * image.width, random.between(0.15, 0.85) * image.height];
  const [reachX, reachY] = [random.between(50, 300), random.between(30, 160)];
  const [turnX, turnY, phase] = [random.between(0.3, 1.1), random.between(0.3, 1.1), random.between(0, 6)];
  return (t) => {
    if (t < comes || t > goes) return undefined;
    const scale = 1 + 0.3 * Math.sin(turnY * t + phase);
    const [width, height] = [size * scale, 2.2 * size * scale];
    return [x + reachX * Math.sin(turnX * t + phase) - width / 2, y + reachY * Math.cos(turnY * t) - height / 2, width, height];
  };
}
