import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { fileProblem } from './file-problem.ts';
import type { RecordingSource } from './recording-source.ts';

const HASHED_BYTES = 64 * 1024;

/** A video file as a recording. */
export function videoFile(path: string): RecordingSource {
  return {
    fingerprint: () => fingerprintOf(path),
    open: async () => [{ input: { kind: 'file', path }, framesBefore: 0 }],
    close: async () => undefined,
  };
}

/** Of size, time of change, and the first and last bytes: enough to see that another video lies under the name. */
async function fingerprintOf(path: string): Promise<string> {
  const file = await open(path).catch((cause: unknown) => {
    throw fileProblem(path, cause);
  });
  try {
    const { size, mtimeMs } = await file.stat();
    const ends = [await bytesAt(file, 0), await bytesAt(file, Math.max(0, size - HASHED_BYTES))];
    return ends.reduce((hash, bytes) => hash.update(bytes), createHash('sha256').update(`${size} ${mtimeMs} `)).digest('hex');
  } finally {
    await file.close();
  }
}

async function bytesAt(file: FileHandle, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HASHED_BYTES), 0, HASHED_BYTES, position);
  return buffer.subarray(0, bytesRead);
}
