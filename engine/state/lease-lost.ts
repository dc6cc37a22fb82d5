import { OcelliError } from '../errors.ts';

/** For whoever asks for a session without holding the camera's lease any more. */
export function leaseLost(camera: string): OcelliError {
  return new OcelliError('LEASE_LOST', `The lease of camera ${camera} is not held any more; this process must leave the camera alone.`, {
    camera,
  });
}
