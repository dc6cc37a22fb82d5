import { useEffect, useRef, useState } from 'preact/hooks';
import { CameraFields, pasted } from './camera-fields.tsx';
import { CameraPreview, type Preview } from './camera-preview.tsx';
import { type Outcome, tryCamera } from './cameras-api.ts';
import { type FormValues, urlOf } from './form-values.ts';
import { changesSource, generalProblem, useFieldErrors } from './use-field-errors.ts';

interface Props {
  readonly kind: 'add' | 'change';
  readonly initial: FormValues;
  readonly onSave: (values: FormValues) => Promise<Outcome<unknown>>;
  readonly onClose: () => void;
}

/** Adds or changes a camera. What is wrong is said at its field, and the first wrong one is gone to. */
export function CameraForm({ kind, initial, onSave, onClose }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(initial);
  const [preview, setPreview] = useState<Preview>({ state: 'none' });
  const [saving, setSaving] = useState(false);
  const { errors, answer, forget } = useFieldErrors(form);
  useEffect(() => form.current?.querySelector<HTMLElement>('input')?.focus(), []);

  const change = (next: Partial<FormValues>) => {
    setValues({ ...values, ...next });
    forget(next);
    if (changesSource(next)) setPreview({ state: 'none' });
  };
  const take = async () => {
    setPreview({ state: 'trying' });
    const outcome = await tried(kind, { ...values, ...pasted(values) });
    answer(outcome.ok ? [] : outcome.errors);
    setPreview(outcome.ok ? { state: 'shown', reply: outcome.value } : { state: 'failed' });
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
      <p class="problem general" role="alert">
        {generalProblem(errors)}
      </p>
      <CameraFields kind={kind} values={values} errors={errors} onChange={change} />
      {!isRecording && <CameraPreview preview={preview} onTry={() => void take()} />}
      <Foot kind={kind} saving={saving} onClose={onClose} />
    </form>
  );
}

interface FootProps extends Pick<Props, 'kind' | 'onClose'> {
  readonly saving: boolean;
}

function Foot({ kind, saving, onClose }: FootProps) {
  return (
    <div class="form-foot">
      <button class="button primary" type="submit" aria-disabled={saving}>
        {saving ? 'Saving …' : kind === 'add' ? 'Add camera' : 'Save changes'}
      </button>
      <button class="button" type="button" onClick={onClose}>
        Cancel
      </button>
    </div>
  );
}

/** The camera's first picture, or what is wrong, whether the server or the camera says so. */
async function tried(kind: Props['kind'], values: FormValues) {
  const { id, transport } = values;
  const outcome = await tryCamera({ ...(kind === 'change' && { id }), url: urlOf(values), transport });
  if (!outcome.ok) return outcome;
  const { value } = outcome;
  return value.ok ? { ok: true as const, value } : value;
}

/** Escape leads to the wall everywhere else; what is typed here would be lost. */
function keepEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.stopPropagation();
}
