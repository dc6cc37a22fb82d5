import { type CameraProbe, type Ffmpeg, probeCamera } from '../connectors/index.ts';
import type { Clock } from '../engine/clock.ts';
import type { FieldError } from '../engine/config/check-camera.ts';
import type { Probe, ProbeAnswer, ProbeRequest } from '../engine/config/probe-answer.ts';

/** Tries cameras with the connectors that would watch them. */
export function cameraProbe(ffmpeg: Ffmpeg, clock: Clock): Probe {
  return async (request, signal) => answerOf(await probeCamera(request, { ffmpeg, clock, signal }), request);
}

type Failure = Extract<CameraProbe, { ok: false }>;

function answerOf(probe: CameraProbe, request: ProbeRequest): ProbeAnswer {
  return probe.ok ? probe : { ok: false, cause: probe.cause, errors: [errorOf(probe, request)] };
}

/** Where a person can mend it, and how. */
function errorOf({ cause, detail }: Failure, { url }: ProbeRequest): FieldError {
  const said = `${detail.charAt(0).toUpperCase()}${detail.slice(1)}`;
  if (cause === 'authentication') {
    const hasUser = URL.parse(url.reveal())?.username !== '';
    return {
      field: hasUser ? 'password' : 'user',
      message: `${said}. ${hasUser ? 'Check both.' : 'Give the user and password of the camera.'}`,
    };
  }
  if (detail.endsWith('.')) return { field: 'url', message: said }; // It says already what to do.
  return { field: cause === 'local' ? '' : 'url', message: `${said}. ${ADVICE[cause] ?? 'Check the address.'}` };
}

const ADVICE: Partial<Record<Failure['cause'], string>> = {
  refused: 'Check host and port, and that the camera is on and takes connections from here.',
  timeout: 'Check host and port, and that no firewall lies between.',
  'not-found': 'Check the path; it stands in the manual of the camera, often with the number of a stream.',
  redirect: 'Give the address that it points to, if you trust it.',
  codec: 'Choose another stream of the camera, or another codec in its settings.',
  corrupt: 'Choose another stream of the camera, or the other transport.',
  ended: 'Check the path, and whether the camera is restarting.',
  local: 'This lies with the machine that Ocelli runs on; its log tells more.',
};
