import { type ChildProcess, spawn } from 'node:child_process';

/** A camera that is not ours: GStreamer's RTSP server with a moving test picture. */
export interface OtherMaker {
  readonly url: string;
  /** As a power cut: nobody says goodbye. */
  kill(): void;
}

export async function startOtherMaker({ width, height, fps }: { width: number; height: number; fps: number }): Promise<OtherMaker> {
  const words = [width, height, fps, fps].map(String);
  const server = spawn('/usr/bin/python3', ['test/connectors/gstreamer-server.py', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { url: `rtsp://127.0.0.1:${await firstLine(server)}/camera`, kill: () => void server.kill('SIGKILL') };
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.stdout?.once('data', (data) => resolve(String(data).trim()));
    server.once('exit', (code) => reject(new Error(`the RTSP server of GStreamer ended with ${code}`)));
  });
}
