import { useEffect, useRef, useState } from 'preact/hooks';
import type { FieldError } from '../../../cameras.ts';
import { CameraFields, pasted } from './camera-fields.tsx';
import { CameraPreview, type Preview } from './camera-preview.tsx';
import { type Outcome, tryCamera } from './cameras-api.ts';
import { type FormValues, urlOf } from './form-values.ts';

interface Props {
  readonly kind: 'add' | 'change';
  readonly initial: FormValues;
  readonly onSave: (values: FormValues) => Promise<Outcome<unknown>>;
  readonly onClose: () => void;
}

/** Of several that are wrong the first in this order is gone to. */
const ORDER = ['id', 'url', 'user', 'password', 'fps', 'view', 'freshness', 'transport', 'pace'];
/** What decides which picture comes. */
const SOURCE = ['address', 'user', 'password', 'kept', 'transport'];

/** Adds or changes a camera. What is wrong is said at its field, and the first wrong one is gone to. */
export function CameraForm({ kind, initial, onSave, onClose }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(initial);
  const [preview, setPreview] = useState<Preview>({ state: 'none' });
  const [saving, setSaving] = useState(false);
  const { errors, answer, forget } = useErrors(form);
  useEffect(() => form.current?.querySelector<HTMLElement>('input')?.focus(), []);

  const change = (next: Partial<FormValues>) => {
    setValues({ ...values, ...next });
    forget(next);
    if (SOURCE.some((key) => key in next)) setPreview({ state: 'none' });
  };
  const take = async () => {
    setPreview({ state: 'trying' });
    const { id, transport, ...rest } = { ...values, ...pasted(values) };
    const outcome = await tryCamera({ ...(kind === 'change' && { id }), url: urlOf({ id, transport, ...rest }), transport });
    answer(outcome.ok ? (outcome.value.ok ? [] : outcome.value.errors) : outcome.errors);
    setPreview(outcome.ok && outcome.value.ok ? { state: 'shown', reply: outcome.value } : { state: 'failed' });
  };
  const save = async (event: Event) => {
    event.preventDefault();
    if (saving) return;
    setSaving(true);
    const outcome = await onSave({ ...values, ...pasted(values) });
    setSaving(false);
    answer(outcome.ok ? [] : outcome.errors);
  };
  const isRecording = initial.address.startsWith('file:');
  return (
    <form class="camera-form" ref={form} noValidate onSubmit={(event) => void save(event)} onKeyDown={keepEscape}>
      <General errors={errors} />
      <CameraFields kind={kind} values={values} errors={errors} onChange={change} />
      {!isRecording && <CameraPreview preview={preview} onTry={() => void take()} />}
      <div class="form-foot">
        <button class="button primary" type="submit" aria-disabled={saving}>
          {saving ? 'Saving …' : kind === 'add' ? 'Add camera' : 'Save changes'}
        </button>
        <button class="button" type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** What the server found wrong, until the field is changed. After each answer the first wrong field is gone to, and never in between. */
function useErrors(form: { readonly current: HTMLFormElement | null }) {
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [answers, setAnswers] = useState(0);
  useEffect(() => goToFirst(form.current, errors), [answers]);
  return {
    errors,
    answer: (found: readonly FieldError[]) => {
      setErrors(found);
      setAnswers((count) => count + 1);
    },
    forget: (next: Partial<FormValues>) => setErrors(errors.filter(({ field }) => !touches(next, field))),
  };
}

/** What is wrong with no field in particular. */
function General({ errors }: { readonly errors: readonly FieldError[] }) {
  const messages = errors.filter(({ field }) => !ORDER.includes(field)).map(({ message }) => message);
  return (
    <p class="problem general" role="alert">
      {messages.join(' ')}
    </p>
  );
}

function touches(next: Partial<FormValues>, field: string): boolean {
  const isSource = SOURCE.some((key) => key in next);
  return field in next || (isSource && ['url', 'user', 'password', ''].includes(field));
}

function goToFirst(form: HTMLFormElement | null, errors: readonly FieldError[]): void {
  const first = ORDER.find((name) => errors.some(({ field }) => field === name));
  if (first !== undefined) form?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
}

/** Escape leads to the wall everywhere else; what is typed here would be lost. */
function keepEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.stopPropagation();
}
