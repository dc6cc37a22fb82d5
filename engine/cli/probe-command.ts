import { writeFileSync } from 'node:fs';
import { shownAddress } from '../config/camera-address.ts';
import { readCameraUrl } from '../config/camera-url.ts';
import { checkCamera } from '../config/check-camera.ts';
import { fillVariables } from '../config/environment.ts';
import type { FirstLook, ProbeAnswer } from '../config/probe-answer.ts';
import { OcelliError } from '../errors.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';
import { printTable } from './table.ts';

export interface ProbeOptions {
  readonly transport: 'tcp' | 'udp';
  /** Where to write the first picture, as a JPEG. */
  readonly picture?: string;
  readonly json: boolean;
}

/** Tries a camera or a recording as a site would open it, and says what comes. Exit 0 when a picture came, else 1. */
export async function probeCommand({ probe }: Application, url: string, options: ProbeOptions): Promise<number> {
  const { transport, picture } = options;
  refuseWrongAddress(url, transport);
  const address = readCameraUrl(fillVariables(url, process.env), 'ocelli.yaml');
  const answer = await probe({ url: address, transport }, new AbortController().signal);
  if (!answer.ok) return tellFailure(answer, options);
  if (picture !== undefined) writeFileSync(picture, answer.jpeg);
  tell(shownAddress(url), answer, options);
  return EXIT.ok;
}

function refuseWrongAddress(url: string, transport: ProbeOptions['transport']): void {
  const errors = checkCamera({ id: 'probe', url, transport }, { environment: process.env, file: 'ocelli.yaml' });
  if (errors.length === 0) return;
  throw new OcelliError('INPUT_INVALID', errors.map(({ field, message }) => `${field}: ${message}`).join('\n'), { errors });
}

function tellFailure({ cause, errors }: Extract<ProbeAnswer, { ok: false }>, { json }: ProbeOptions): number {
  if (json) console.log(JSON.stringify({ ok: false, cause, errors }));
  else for (const { message } of errors) console.error(`ocelli: ${message}`);
  return EXIT.failed;
}

function tell(url: string, answer: FirstLook, { json }: ProbeOptions): void {
  const { ok, jpeg: _jpeg, ...seen } = answer;
  if (json) {
    console.log(JSON.stringify({ ok, url, ...seen }));
    return;
  }
  const { codec = 'unknown', image, fps, first } = seen;
  printTable(
    ['address', 'codec', 'size', 'fps', 'first picture', 'after'],
    [
      [
        url,
        codec,
        `${image.width}×${image.height}`,
        fps === undefined ? '–' : String(fps),
        new Date(first.time).toISOString(),
        `${first.tookMs} ms`,
      ],
    ],
  );
}
