import { useEffect, useRef, useState } from 'preact/hooks';
import type { CameraKeys } from '../../../cameras.ts';
import { useApp } from '../app-context.ts';
import { CameraForm } from '../cameras/camera-form.tsx';
import { type CameraActions, CameraList } from '../cameras/camera-list.tsx';
import { addCamera, changeCamera, type Outcome, removeCamera } from '../cameras/cameras-api.ts';
import { ConfirmChange, type Question } from '../cameras/confirm-change.tsx';
import { addition, changes, type FormValues, NEW_CAMERA, valuesOf } from '../cameras/form-values.ts';
import { useConfiguredCameras } from '../cameras/use-configured-cameras.ts';
import { useStore } from '../live/use-store.ts';
import '../styles/cameras.css';

/** What fills the page: the list, or a form for a new camera or for one that is there. */
type Showing = 'list' | 'add' | { readonly change: CameraKeys };

/** Every camera as the configuration has it: seen, added, tried, changed, disabled and removed. */
export function CamerasPage() {
  const cameras = useStore(useApp().live.cameras);
  const { read, reload } = useConfiguredCameras();
  const [showing, setShowing] = useState<Showing>('list');
  const [question, setQuestion] = useState<Question>();
  const [done, setDone] = useState({ words: '' });
  // What somebody sees when a form or a question opens is what is changed: what others write meanwhile must not be overwritten unseen.
  const [seen, setSeen] = useState<string>();
  const heading = useRef<HTMLHeadingElement>(null);
  // What was focused is gone when a form or a question was closed.
  useEffect(() => heading.current?.focus(), [done]);
  if (cameras === undefined || read === undefined) return <p class="waiting">Asking …</p>;

  const { answer, version } = read;
  /** Makes a change; when it went well the list says so, and is what the file has now. */
  const make = async (change: (version: string) => Promise<Outcome<unknown>>, words: string) => {
    const outcome = await change(seen ?? version);
    if (outcome.ok || outcome.status === 412) setSeen((await reload())?.version);
    if (outcome.ok) close(words);
    return outcome;
  };
  const open = (what: Showing) => {
    setShowing(what);
    setSeen(version);
  };
  const ask = (what: Question) => {
    setQuestion(what);
    setSeen(version);
  };
  const close = (words = '') => {
    setShowing('list');
    setQuestion(undefined);
    setSeen(undefined);
    setDone({ words });
  };
  const save = (values: FormValues) => {
    if (showing === 'add') return make((known) => addCamera(addition(values), known), `${values.id.trim()} was added.`);
    const before = showing === 'list' ? NEW_CAMERA : valuesOf(showing.change);
    const changed = changes(values, before);
    if (Object.keys(changed).length === 0) return Promise.resolve(close()).then((): Outcome<unknown> => ({ ok: true, value: undefined }));
    return make((known) => changeCamera(values.id, changed, known), `${values.id} was changed.`);
  };
  const actions: CameraActions = {
    change: (settings) => open({ change: settings }),
    enable: (id) =>
      void make((known) => changeCamera(id, { enabled: true }, known), `${id} was enabled.`).then(
        tellProblem((words) => setDone({ words })),
      ),
    disable: ({ id, kind }) => ask({ id, kind: 'disable', isRecording: kind === 'recording' }),
    remove: ({ id, kind }) => ask({ id, kind: 'remove', isRecording: kind === 'recording' }),
  };
  const { editable } = answer.configuration;
  const settings = new Map(answer.cameras.map((camera) => [camera.id, camera.settings]));
  return (
    <div class="page cameras-page">
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {titleOf(showing, cameras.length)}
        </h1>
        {showing === 'list' && editable && (
          <button class="button primary" type="button" onClick={() => open('add')}>
            Add a camera
          </button>
        )}
      </div>
      {showing === 'list' ? (
        <>
          {!answer.configuration.editable && <p class="notice">{answer.configuration.why}</p>}
          <p class="done" role="status">
            {done.words}
          </p>
          {cameras.length === 0 ? (
            <p>Add the first one here, with "ocelli add", or in the configuration file: its edits are applied while Ocelli runs.</p>
          ) : (
            <CameraList
              cameras={cameras.map((facts) => ({ facts, settings: settings.get(facts.id) }))}
              actions={editable ? actions : undefined}
            />
          )}
        </>
      ) : (
        <CameraForm
          kind={showing === 'add' ? 'add' : 'change'}
          initial={showing === 'add' ? NEW_CAMERA : valuesOf(showing.change)}
          onSave={save}
          onClose={() => close()}
        />
      )}
      {question !== undefined && (
        <ConfirmChange
          question={question}
          onClose={() => {
            setQuestion(undefined);
            setSeen(undefined);
          }}
          onConfirm={() => make(...asked(question))}
        />
      )}
    </div>
  );
}

function asked({ id, kind }: Question): [change: (version: string) => Promise<Outcome<unknown>>, words: string] {
  if (kind === 'remove') return [(known) => removeCamera(id, known), `${id} was removed.`];
  return [(known) => changeCamera(id, { enabled: false }, known), `${id} was disabled.`];
}

function titleOf(showing: Showing, count: number): string {
  if (showing === 'add') return 'Add a camera';
  if (showing !== 'list') return `Change ${showing.change.id}`;
  return count === 0 ? 'No camera yet' : count === 1 ? 'One camera' : `${count} cameras`;
}

function tellProblem(tell: (words: string) => void): (outcome: Outcome<unknown>) => void {
  return (outcome) => {
    if (!outcome.ok) tell(outcome.errors.map(({ message }) => message).join(' '));
  };
}
