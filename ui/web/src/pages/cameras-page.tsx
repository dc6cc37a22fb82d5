import { useEffect, useRef } from 'preact/hooks';
import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';
import { CameraForm } from '../cameras/camera-form.tsx';
import { CameraList } from '../cameras/camera-list.tsx';
import type { ReadCameras } from '../cameras/cameras-api.ts';
import { ConfirmChange } from '../cameras/confirm-change.tsx';
import { NEW_CAMERA, valuesOf } from '../cameras/form-values.ts';
import { type CameraChanges, type Showing, useCameraChanges } from '../cameras/use-camera-changes.ts';
import { useConfiguredCameras } from '../cameras/use-configured-cameras.ts';
import { useStore } from '../live/use-store.ts';
import '../styles/cameras.css';
import { ClusterDifference } from './cluster-difference.tsx';

/** Every camera as the configuration has it: seen, added, tried, changed, disabled and removed. */
export function CamerasPage() {
  const cameras = useStore(useApp().live.cameras);
  const { read, reload } = useConfiguredCameras();
  if (cameras === undefined || read === undefined) return <p class="waiting">Asking …</p>;
  return <KnownCameras cameras={cameras} read={read} reload={reload} />;
}

interface KnownProps {
  readonly cameras: readonly CameraFacts[];
  readonly read: ReadCameras;
  readonly reload: () => Promise<ReadCameras | undefined>;
}

function KnownCameras({ cameras, read, reload }: KnownProps) {
  const changes = useCameraChanges(read.version, reload);
  const { showing, question } = changes;
  const { editable } = read.answer.configuration;
  return (
    <div class="page cameras-page">
      <Head title={titleOf(showing, cameras.length)} changes={changes} canAdd={showing === 'list' && editable} />
      <ClusterDifference part="cameras" />
      {showing === 'list' ? <Listed cameras={cameras} read={read} changes={changes} /> : <Form showing={showing} changes={changes} />}
      {question !== undefined && <ConfirmChange question={question} onClose={changes.keep} onConfirm={() => changes.confirm(question)} />}
    </div>
  );
}

interface HeadProps {
  readonly title: string;
  readonly changes: CameraChanges;
  readonly canAdd: boolean;
}

function Head({ title, changes: { done, add }, canAdd }: HeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // What was focused is gone when a form or a question was closed.
  useEffect(() => heading.current?.focus(), [done]);
  return (
    <div class="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {canAdd && (
        <button class="button primary" type="button" onClick={add}>
          Add a camera
        </button>
      )}
    </div>
  );
}

interface ListedProps {
  readonly cameras: readonly CameraFacts[];
  readonly read: ReadCameras;
  readonly changes: CameraChanges;
}

function Listed({ cameras, read, changes: { done, actions } }: ListedProps) {
  const { configuration } = read.answer;
  const settings = new Map(read.answer.cameras.map((camera) => [camera.id, camera.settings]));
  const listed = cameras.map((facts) => ({ facts, settings: settings.get(facts.id) }));
  return (
    <>
      {!configuration.editable && <p class="notice">{configuration.why}</p>}
      <p class="done" role="status">
        {done.words}
      </p>
      {cameras.length === 0 && (
        <p>Add the first one here, with "ocelli add", or in the configuration file: its edits are applied while Ocelli runs.</p>
      )}
      {cameras.length > 0 && <CameraList cameras={listed} actions={configuration.editable ? actions : undefined} />}
    </>
  );
}

function Form({ showing, changes }: { readonly showing: Exclude<Showing, 'list'>; readonly changes: CameraChanges }) {
  const isNew = showing === 'add';
  return (
    <CameraForm
      kind={isNew ? 'add' : 'change'}
      initial={isNew ? NEW_CAMERA : valuesOf(showing.change)}
      onSave={changes.save}
      onClose={changes.leave}
    />
  );
}

function titleOf(showing: Showing, count: number): string {
  if (showing === 'add') return 'Add a camera';
  if (showing !== 'list') return `Change ${showing.change.id}`;
  return count === 0 ? 'No camera yet' : count === 1 ? 'One camera' : `${count} cameras`;
}
