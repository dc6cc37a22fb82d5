import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';
import { useStore } from '../live/store.ts';
import { Empty } from '../parts/empty.tsx';
import { cameraLink } from '../route.ts';
import { sentence } from '../words.ts';

const STATES: Readonly<Record<CameraFacts['state'], string>> = {
  starting: 'connecting',
  running: 'running',
  stalled: 'stalled',
  'backing-off': 'not reachable',
  disabled: 'disabled',
  ended: 'ended',
};

/** Every camera as the configuration has it, and how it stands. */
export function CamerasPage() {
  const { connection } = useApp();
  const cameras = useStore(connection.cameras) ?? [];
  if (cameras.length === 0) return <Empty />;
  return (
    <div class="page">
      <h1>{cameras.length === 1 ? 'One camera' : `${cameras.length} cameras`}</h1>
      <p class="quiet">They stand in the configuration file. Edits of it are applied while Ocelli runs.</p>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Camera</th>
              <th scope="col">Address</th>
              <th scope="col" class="right">
                Looked at
              </th>
              <th scope="col" class="right">
                Fresh for
              </th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {cameras.map((camera) => (
              <CameraRow key={camera.id} camera={camera} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function CameraRow({ camera }: { readonly camera: CameraFacts }) {
  const { id, address, targetFps, freshnessMs, kind, state, detail } = camera;
  return (
    <tr>
      <th scope="row">
        <a href={cameraLink(id)}>
          <bdi>{id}</bdi>
        </a>
      </th>
      <td class="number quiet address">{address}</td>
      <td class="number right">{targetFps} fps</td>
      <td class="number right">{kind === 'live' ? `${freshnessMs} ms` : '–'}</td>
      <td data-state={state}>
        {STATES[state]}
        {detail !== undefined && state !== 'running' && <small class="quiet"> {sentence(detail)}</small>}
      </td>
    </tr>
  );
}
