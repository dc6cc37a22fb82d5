import { z } from 'zod';
import { CAMERA_ID } from '../../../engine/records/record.ts';
import { CLOSE, type ClientMessage, type WatchMessage } from '../../protocol.ts';

const MOST_CAMERAS = 256;

const watch = z.strictObject({
  id: z.string().regex(CAMERA_ID, 'expected the id of a camera'),
  width: z.int().min(16).max(7680),
  fps: z.number().min(0.1).max(60),
});

const clientMessage = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('watch'), cameras: z.array(watch).max(MOST_CAMERAS) }),
  z.strictObject({ op: z.literal('took'), pictures: z.int().min(0) }),
  z.strictObject({ op: z.literal('clock'), sent: z.number() }),
]);

/** Why a message ends the connection. */
export interface Complaint {
  readonly code: number;
  readonly sentence: string;
}

/** Reads what a browser said; a complaint when it is not what `protocol.ts` allows, or names a camera that there is not. */
export function readClientMessage(text: string, cameras: () => ReadonlySet<string>): ClientMessage | Complaint {
  const parsed = clientMessage.safeParse(parseJson(text));
  if (!parsed.success) return { code: CLOSE.badMessage, sentence: `Message refused: ${sentenceOf(parsed.error)}` };
  return parsed.data.op === 'watch' ? judgeCameras(parsed.data, cameras()) : parsed.data;
}

function judgeCameras(message: WatchMessage, known: ReadonlySet<string>): WatchMessage | Complaint {
  const unknown = message.cameras.find(({ id }) => !known.has(id));
  return unknown === undefined ? message : { code: CLOSE.unknownCamera, sentence: `There is no camera ${unknown.id}.` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Input is never repeated: only where it is wrong and what was expected. */
function sentenceOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  return `${issue?.path.join('.') || 'message'}: ${issue?.message}`;
}
