import { useEffect, useRef, useState } from 'preact/hooks';
import type { FieldError } from '../../../cameras.ts';
import { readCredentials, splitAddress } from './camera-address.ts';
import { CameraPreview, type Preview } from './camera-preview.tsx';
import { type Outcome, tryCamera } from './cameras-api.ts';
import { CredentialFields } from './credential-fields.tsx';
import { ChoiceField, FormField, messageAt } from './form-field.tsx';
import { type FormValues, urlOf } from './form-values.ts';

interface Props {
  readonly kind: 'add' | 'change';
  readonly initial: FormValues;
  readonly onSave: (values: FormValues) => Promise<Outcome<unknown>>;
  readonly onClose: () => void;
}

/** Fields of which one is wrong show it in this order. */
const ORDER = ['id', 'url', 'user', 'password', 'fps', 'view', 'freshness', 'transport', 'pace'];

/** Adds or changes a camera. What is wrong is said at its field, and the first wrong one is gone to. */
export function CameraForm({ kind, initial, onSave, onClose }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [saving, setSaving] = useState(false);
  const [preview, setPreview] = useState<Preview>({ state: 'none' });
  const isRecording = initial.address.startsWith('file:');
  useEffect(() => form.current?.querySelector<HTMLElement>('input')?.focus(), []);
  useEffect(() => goToFirst(form.current, errors), [errors]);

  const set = (next: Partial<FormValues>) => {
    setValues({ ...values, ...next });
    setErrors(errors.filter(({ field }) => !touches(next, field)));
    if ('address' in next || 'user' in next || 'password' in next || 'kept' in next || 'transport' in next) setPreview({ state: 'none' });
  };
  const field = (key: keyof FormValues, name: string = key) => ({
    name,
    value: values[key] ?? '',
    error: messageAt(errors, name),
    onChange: (value: string) => set({ [key]: value }),
  });
  const take = async () => {
    setErrors([]);
    setPreview({ state: 'trying' });
    const { transport } = values;
    const request = { ...(kind === 'change' && { id: values.id }), url: urlOf(values), transport };
    const outcome = await tryCamera(request);
    const failed = outcome.ok ? (outcome.value.ok ? [] : outcome.value.errors) : outcome.errors;
    setErrors(failed);
    setPreview(outcome.ok && outcome.value.ok ? { state: 'shown', reply: outcome.value } : { state: 'failed' });
  };
  const save = async (event: Event) => {
    event.preventDefault();
    if (saving) return;
    setSaving(true);
    setErrors([]);
    const outcome = await onSave(values);
    setSaving(false);
    if (!outcome.ok) setErrors(outcome.errors);
  };
  return (
    <form class="camera-form" ref={form} noValidate onSubmit={(event) => void save(event)} onKeyDown={keepEscape}>
      <General errors={errors} />
      <div class="form-fields">
        {kind === 'add' && (
          <FormField {...field('id')} label="Name" hint="Letters, digits, - and _. It is the key of all its records and stays." />
        )}
        {isRecording ? (
          <p class="form-field">
            <span class="quiet">Recording</span>
            <span class="number address">{initial.address}</span>
          </p>
        ) : (
          <>
            <FormField
              {...field('address', 'url')}
              label="Address"
              hint="rtsp:// or rtsps://, without user and password; the path stands in the camera's manual."
              input={{ type: 'text', inputMode: 'url', placeholder: 'rtsp://192.0.2.10/stream2', onBlur: () => set(taken(values)) }}
            />
            <CredentialFields values={values} errors={errors} onChange={set} />
          </>
        )}
        <FormField {...field('fps')} label="Looked at" unit="frames a second" input={{ inputMode: 'decimal' }} />
        <details class="more" open={errors.some(({ field }) => ['view', 'freshness', 'transport', 'pace'].includes(field)) || undefined}>
          <summary>More settings</summary>
          <FormField {...field('view')} label="Pictures for people" unit="pixels wide, or off" />
          {isRecording ? (
            <ChoiceField
              {...field('pace')}
              label="Pace"
              choices={[
                ['fast', 'As fast as detection allows'],
                ['real-time', 'At its own pace'],
              ]}
            />
          ) : (
            <>
              <FormField
                {...field('freshness')}
                label="Fresh for"
                unit="ms"
                hint="A frame older than this is not looked at, but told."
                input={{ inputMode: 'numeric' }}
              />
              <ChoiceField
                {...field('transport')}
                label="It sends by"
                choices={[
                  ['tcp', 'TCP: nothing is lost'],
                  ['udp', 'UDP, for cameras that cannot do TCP'],
                ]}
              />
            </>
          )}
        </details>
      </div>
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

/** What is wrong with no field in particular. */
function General({ errors }: { readonly errors: readonly FieldError[] }) {
  const messages = errors.filter(({ field }) => !ORDER.includes(field)).map(({ message }) => message);
  return (
    <p class="problem general" role="alert">
      {messages.join(' ')}
    </p>
  );
}

/** A pasted address may hold user and password: they go where they belong. */
function taken(values: FormValues): Partial<FormValues> {
  const { address, credentials } = splitAddress(values.address);
  if (credentials === undefined) return {};
  return { address, kept: undefined, ...readCredentials(credentials) };
}

function touches(next: Partial<FormValues>, field: string): boolean {
  const isSource = 'address' in next || 'user' in next || 'password' in next || 'kept' in next;
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
