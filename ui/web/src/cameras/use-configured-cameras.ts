import { useCallback, useEffect, useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { useStore } from '../live/use-store.ts';
import { type ReadCameras, readCameras } from './cameras-api.ts';

/** The cameras as the configuration file has them; read again when the live ones change, and when `reload` is called. */
export function useConfiguredCameras(): {
  readonly read: ReadCameras | undefined;
  readonly reload: () => Promise<ReadCameras | undefined>;
} {
  const cameras = useStore(useApp().live.cameras) ?? [];
  const [read, setRead] = useState<ReadCameras>();
  const reload = useCallback(async () => {
    const answer = await readCameras();
    if (answer !== undefined) setRead(answer);
    return answer;
  }, []);
  const shape = cameras
    .map(({ id, address, targetFps, freshnessMs, viewWidth, state }) => [
      id,
      address,
      targetFps,
      freshnessMs,
      viewWidth,
      state === 'disabled',
    ])
    .join();
  useEffect(() => void reload(), [reload, shape]);
  return { read, reload };
}
