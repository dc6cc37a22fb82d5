import { afterEach, beforeAll, beforeEach } from 'vitest';
import type { RtspClient } from './rtsp-client.ts';
import { type ClipPair, makeClipPair, SteppedCamera } from './stepped-camera.ts';
import { temporaryFolder } from './test-clips.ts';

/* What each test of a file that imports this begins with: a camera of its own, and a client that is connected to it. */

const folder = temporaryFolder();
export let clips: ClipPair;
export let stepped: SteppedCamera;
export let client: RtspClient;

beforeAll(async () => {
  clips = await makeClipPair(folder);
});

beforeEach(() => connectAnew());

afterEach(() => stepped.close());

/** Another camera in the place of the one before, where a test needs it to begin at other numbers. */
export async function connectAnew(random32?: () => number): Promise<void> {
  stepped?.close();
  stepped = new SteppedCamera(clips, random32);
  client = await stepped.open();
}
