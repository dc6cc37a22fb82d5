import type { CameraKeys } from '../../../cameras.ts';
import type { CameraFacts } from '../../../protocol.ts';
import { cameraLink } from '../route.ts';
import { sentence } from '../words.ts';

const STATES: Readonly<Record<CameraFacts['state'], string>> = {
  starting: 'Connecting …',
  running: 'Running',
  stalled: 'Stalled',
  'backing-off': 'Not reachable',
  disabled: 'Disabled',
  ended: 'Ended',
};

export interface ListedCamera {
  readonly facts: CameraFacts;
  /** As the file has it; absent while that cannot be read. */
  readonly settings: CameraKeys | undefined;
}

interface Props {
  readonly cameras: readonly ListedCamera[];
  /** Without it nothing can be changed. */
  readonly actions: CameraActions | undefined;
}

export interface CameraActions {
  readonly change: (settings: CameraKeys) => void;
  readonly enable: (id: string) => void;
  readonly disable: (camera: CameraFacts) => void;
  readonly remove: (camera: CameraFacts) => void;
}

/** Every camera as it stands, and what can be done with it. */
export function CameraList({ cameras, actions }: Props) {
  return (
    <ul class="camera-list">
      {cameras.map((camera) => (
        <CameraItem key={camera.facts.id} camera={camera} actions={actions} />
      ))}
    </ul>
  );
}

function CameraItem({
  camera: { facts, settings },
  actions,
}: {
  readonly camera: ListedCamera;
  readonly actions: CameraActions | undefined;
}) {
  const { id, address, targetFps, freshnessMs, kind, state, detail } = facts;
  return (
    <li class="camera-item" data-state={state} data-camera={id}>
      <h2>
        <a href={cameraLink(id)}>
          <bdi>{id}</bdi>
        </a>
      </h2>
      <p class="number quiet address">{settings?.url ?? address}</p>
      <div class="camera-state">
        <p>
          <span class="state-word">{STATES[state]}</span>
          {detail !== undefined && state !== 'running' && state !== 'disabled' && <span class="quiet"> {sentence(detail)}</span>}
        </p>
        <p class="number quiet">
          {targetFps} fps{kind === 'live' && `, fresh for ${freshnessMs} ms`}
        </p>
      </div>
      {actions !== undefined && settings !== undefined && <Actions facts={facts} settings={settings} actions={actions} />}
    </li>
  );
}

function Actions({
  facts,
  settings,
  actions,
}: {
  readonly facts: CameraFacts;
  readonly settings: CameraKeys;
  readonly actions: CameraActions;
}) {
  const { id } = facts;
  return (
    <div class="camera-actions">
      <button class="button" type="button" aria-label={`Change ${id}`} onClick={() => actions.change(settings)}>
        Change
      </button>
      {settings.enabled ? (
        <button class="button" type="button" aria-label={`Disable ${id}`} onClick={() => actions.disable(facts)}>
          Disable
        </button>
      ) : (
        <button class="button" type="button" aria-label={`Enable ${id}`} onClick={() => actions.enable(id)}>
          Enable
        </button>
      )}
      <button class="button" type="button" aria-label={`Remove ${id}`} onClick={() => actions.remove(facts)}>
        Remove
      </button>
    </div>
  );
}
