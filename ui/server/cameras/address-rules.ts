import { credentialReferences, otherReferences, restoreCredentials } from '../../../engine/config/camera-address.ts';
import { UrlProblem } from '../../../engine/config/camera-url.ts';
import { CameraRefusal } from './camera-refusal.ts';

/** Variables of the environment that are meant for cameras. */
const FOR_CAMERAS = /^CAMERA_/;

/**
 * What an address that came over the network may say beyond what one in the file may. A caller must not be able to have a secret of the
 * server sent to a host of their choice, or shown as part of an address:
 *
 * - `***` stands for what is stored, and only for the same host;
 * - `${NAME}` stands in user and password only, and names a variable that is meant for cameras: its name begins with `CAMERA_`, or the
 *   user or password of a camera in the file refers to it already.
 *
 * @param stored the address of the camera as it stands in the file, if there is one
 * @param all the addresses of all cameras in the file
 * @returns the address to be written
 * @throws CameraRefusal
 */
export function addressFromNetwork(given: string, stored: string | undefined, all: Iterable<string>): string {
  const address = restored(given, stored);
  if (address === stored) return address;
  const known = new Set([...all].flatMap(credentialReferences));
  const foreign = credentialReferences(address).find((name) => !FOR_CAMERAS.test(name) && !known.has(name));
  const elsewhere = otherReferences(address)[0];
  if (elsewhere !== undefined) throw refusal(`may refer to \${${elsewhere}} in user and password only; write out host and path`);
  if (foreign !== undefined)
    throw refusal(
      `refers to \${${foreign}}; from here it may refer to variables whose name begins with CAMERA_, and to those that a camera of the file refers to already. Rename it, or write it into the file`,
    );
  return address;
}

function restored(given: string, stored: string | undefined): string {
  try {
    return restoreCredentials(given, stored);
  } catch (error) {
    if (!(error instanceof UrlProblem)) throw error;
    throw refusal(error.message);
  }
}

function refusal(words: string): CameraRefusal {
  return new CameraRefusal(422, { field: 'url', message: `The address ${words}.` });
}
