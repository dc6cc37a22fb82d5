import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import { OcelliError } from '../engine/errors.ts';
import type { Connector, ConnectorParts } from './connector.ts';
import { fileProblem } from './file-problem.ts';
import { imageFolder } from './image-folder.ts';
import { RecordingConnector } from './recording-connector.ts';
import type { RecordingSource } from './recording-source.ts';
import { RtspConnector } from './rtsp-connector.ts';
import { videoFile } from './video-file.ts';

/** The connector for a camera's address: `rtsp:` and `rtsps:` are live, `file:` is a video or a folder of images. */
export function createConnector(camera: CameraSettings, parts: ConnectorParts): Connector {
  const address = camera.url.reveal();
  if (address.startsWith('file:')) return new RecordingConnector(camera, fileOrFolder(pathOf(address)), parts);
  if (/^rtsps?:\/\//.test(address)) return new RtspConnector(camera, parts);
  throw new OcelliError('CONFIG_INVALID', `Camera "${camera.id}": expected an address rtsp://, rtsps:// or file:, got "${camera.url}".`);
}

/** `file:///a%20b.mp4` as addresses are written, or `file:/a b.mp4` with the path as it is. */
function pathOf(address: string): string {
  return address.startsWith('file://') ? fileURLToPath(address) : address.slice('file:'.length);
}

/** Looks whether the recording at a `file:` address can be opened; live cameras are left alone. @throws OcelliError CAMERA_NOT_FOUND, CAMERA_LOCAL */
export async function tryRecording(address: string): Promise<void> {
  if (address.startsWith('file:')) await fileOrFolder(pathOf(address)).fingerprint();
}

/** Looks only when it is opened, and again at each try: what is not there yet may come. */
function fileOrFolder(path: string): RecordingSource {
  let source: RecordingSource | undefined;
  return {
    async fingerprint() {
      const found = await stat(path).catch((cause: unknown) => {
        throw fileProblem(path, cause);
      });
      source = found.isDirectory() ? imageFolder(path) : videoFile(path);
      return source.fingerprint();
    },
    open: async () => (source as RecordingSource).open(),
    close: async () => source?.close(),
  };
}
