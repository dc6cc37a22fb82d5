import { CameraReport, type CameraStatus, causeOfError, tryRecording } from '../connectors/index.ts';
import type { Clock } from '../engine/clock.ts';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import { sentenceOf } from '../engine/errors.ts';
import { isRecording } from './camera-set.ts';

/** A folder of many images takes a while to look through. */
const LOOK_AGAIN_MS = 5_000;

interface Look {
  readonly address: string;
  readonly atMs: number;
  readonly problem?: { readonly error: unknown; readonly since: number };
}

/** Which recordings lie on this machine: only who can open one may hold its lease. */
export class RecordingsHere {
  private readonly clock: Clock;
  private looks = new Map<string, Look>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Those that cannot be opened here. */
  get missing(): string[] {
    return [...this.looks].flatMap(([camera, { problem }]) => (problem === undefined ? [] : [camera]));
  }

  /** Looks now and then, since what is not there yet may come. What is held was opened, and is left alone. */
  async look(cameras: readonly CameraSettings[], held: ReadonlySet<string>): Promise<void> {
    const wanted = cameras.filter((camera) => isRecording(camera) && !held.has(camera.id));
    this.looks = new Map(await Promise.all(wanted.map(async ({ id, url }) => [id, await this.at(id, url.reveal())] as const)));
  }

  /** Why a recording is not watched, for people; `undefined` when it can be opened here. */
  status(camera: string): CameraStatus | undefined {
    const problem = this.looks.get(camera)?.problem;
    if (problem === undefined) return undefined;
    const { error, since } = problem;
    const facts = { state: 'backing-off', cause: causeOfError(error), detail: sentenceOf(error), since } as const;
    return new CameraReport(camera, facts).status(this.clock.monotonic());
  }

  private async at(camera: string, address: string): Promise<Look> {
    const atMs = this.clock.monotonic();
    const known = this.looks.get(camera);
    if (known?.address === address && atMs - known.atMs < LOOK_AGAIN_MS) return known;
    try {
      await tryRecording(address);
      return { address, atMs };
    } catch (error) {
      return { address, atMs, problem: { error, since: known?.problem?.since ?? this.clock.now() } };
    }
  }
}
