import { useState } from 'preact/hooks';
import type { CameraKeys } from '../../../cameras.ts';
import type { CameraFacts } from '../../../protocol.ts';
import type { CameraActions } from './camera-list.tsx';
import { addCamera, changeCamera, type Outcome, type ReadCameras, removeCamera } from './cameras-api.ts';
import type { Question } from './confirm-change.tsx';
import { addition, changes, type FormValues, valuesOf } from './form-values.ts';

/** What fills the page: the list, or a form for a new camera or for one that is there. */
export type Showing = 'list' | 'add' | { readonly change: CameraKeys };

/** A change that is asked of the server, made against the version of the file that was seen. */
type Change = (version: string) => Promise<Outcome<unknown>>;

export interface CameraChanges {
  readonly showing: Showing;
  /** What is asked before something is lost. */
  readonly question: Question | undefined;
  /** What was done last, in words; another object each time. */
  readonly done: { readonly words: string };
  readonly actions: CameraActions;
  readonly add: () => void;
  readonly save: (values: FormValues) => Promise<Outcome<unknown>>;
  readonly confirm: (question: Question) => Promise<Outcome<unknown>>;
  /** Back to the list, as if nothing had been done. */
  readonly leave: () => void;
  /** The question was answered with no. */
  readonly keep: () => void;
}

/**
 * Adds, changes, disables and removes cameras. What somebody sees when a form or a question opens is what is changed: what others write
 * meanwhile must not be overwritten unseen.
 *
 *   list ──add, change──▶ form ────────saved, left──▶ list
 *     └──disable, remove──▶ question ──made, left──▶ list
 *
 * @param version of the file as it was read last; `reload` reads it again.
 */
export function useCameraChanges(version: string, reload: () => Promise<ReadCameras | undefined>): CameraChanges {
  const [showing, setShowing] = useState<Showing>('list');
  const [question, setQuestion] = useState<Question>();
  const [done, setDone] = useState({ words: '' });
  const [seen, setSeen] = useState<string>();
  const open = (what: Showing) => {
    setShowing(what);
    setSeen(version);
  };
  const ask = (kind: Question['kind'], camera: CameraFacts) => {
    setQuestion({ id: camera.id, kind, isRecording: camera.kind === 'recording' });
    setSeen(version);
  };
  const leave = (words = '') => {
    setShowing('list');
    setQuestion(undefined);
    setSeen(undefined);
    setDone({ words });
  };
  const make = async (change: Change, words: string) => {
    const outcome = await change(seen ?? version);
    if (outcome.ok || outcome.status === 412) setSeen((await reload())?.version);
    if (outcome.ok) leave(words);
    return outcome;
  };
  const enable = async (id: string) => {
    const outcome = await make((known) => changeCamera(id, { enabled: true }, known), `${id} was enabled.`);
    if (!outcome.ok) setDone({ words: outcome.errors.map(({ message }) => message).join(' ') });
  };
  return {
    ...{ showing, question, done },
    actions: {
      change: (settings) => open({ change: settings }),
      enable: (id) => void enable(id),
      disable: (camera) => ask('disable', camera),
      remove: (camera) => ask('remove', camera),
    },
    add: () => open('add'),
    save: async (values) => {
      const saved = saving(showing, values);
      if (saved !== undefined) return make(...saved);
      leave();
      return { ok: true, value: undefined };
    },
    confirm: (asked) => make(...confirmed(asked)),
    leave: () => leave(),
    keep: () => {
      setQuestion(undefined);
      setSeen(undefined);
    },
  };
}

/** `undefined` when nothing was changed. */
function saving(showing: Showing, values: FormValues): [change: Change, words: string] | undefined {
  const { id } = values;
  if (typeof showing === 'string') return [(known) => addCamera(addition(values), known), `${id.trim()} was added.`];
  const changed = changes(values, valuesOf(showing.change));
  if (Object.keys(changed).length === 0) return undefined;
  return [(known) => changeCamera(id, changed, known), `${id} was changed.`];
}

function confirmed({ id, kind }: Question): [change: Change, words: string] {
  if (kind === 'remove') return [(known) => removeCamera(id, known), `${id} was removed.`];
  return [(known) => changeCamera(id, { enabled: false }, known), `${id} was disabled.`];
}
