import { z } from 'zod';
import type { OcelliError } from '../../errors.ts';
import { recordId } from '../../records/place.ts';
import type { Progress } from '../../records/place-rule.ts';
import { CAMERA_ID, type GapRecord } from '../../records/record.ts';

/** What can often still be read of a record that does not follow its schema. */
const outline = z.object({ camera: z.string().regex(CAMERA_ID), session: z.int().min(0), seq: z.int().min(0) });
export type Outline = z.infer<typeof outline>;
const cameraAlone = outline.pick({ camera: true });

/** Camera and place of a record that cannot be parsed, as far as its text says so. */
export function outlineOf(error: OcelliError): Outline | undefined {
  return outline.safeParse(jsonOf(error)).data;
}

/** The camera of a record that cannot be parsed, also where its place cannot be read. */
export function cameraOf(error: OcelliError): Pick<Outline, 'camera'> | undefined {
  return cameraAlone.safeParse(jsonOf(error)).data;
}

function jsonOf({ context: { body } }: OcelliError): unknown {
  if (typeof body !== 'string') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // not even JSON: that is what the dead letter is for
  }
}

/**
 * The `failed` gap for a record that cannot be parsed. It is believed only where it names exactly the place that comes next: a wrong
 * number would make the camera's later records look old. Elsewhere the next good record shows a hole, and the gap says `lost`.
 */
export function unreadableGap({ camera, session, seq }: Outline, before: Progress | undefined): GapRecord | undefined {
  if (before === undefined || session !== before.session || seq !== before.seq + 1) return undefined;
  const { time } = before;
  const id = recordId(camera, { session, seq });
  return { v: 1, type: 'gap', id, camera, session, from: seq, to: seq, time, until: time, reason: 'failed' };
}
