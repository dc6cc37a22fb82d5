import type { FieldError } from '../../../cameras.ts';
import { readCredentials, splitAddress } from './camera-address.ts';
import { CredentialFields } from './credential-fields.tsx';
import { ChoiceField, FormField, messageAt } from './form-field.tsx';
import type { FormValues } from './form-values.ts';

interface Props {
  readonly kind: 'add' | 'change';
  readonly values: FormValues;
  readonly errors: readonly FieldError[];
  readonly onChange: (next: Partial<FormValues>) => void;
}

/** Keys that stand behind "More settings". */
const MORE = ['view', 'freshness', 'transport', 'pace'];

/** The fields of a camera: where it is, and how it is watched. */
export function CameraFields(props: Props) {
  const { kind, values } = props;
  const isRecording = values.address.startsWith('file:') && kind === 'change';
  const field = fieldsOf(props);
  return (
    <div class="form-fields">
      {kind === 'add' && (
        <FormField {...field('id')} label="Name" hint="Letters, digits, - and _. It is the key of all its records and stays." />
      )}
      {isRecording ? <RecordingAddress address={values.address} /> : <StreamAddress {...props} />}
      <FormField {...field('fps')} label="Looked at" unit="frames a second" input={{ inputMode: 'decimal' }} />
      <details class="more" open={props.errors.some(({ field }) => MORE.includes(field)) || undefined}>
        <summary>More settings</summary>
        <FormField {...field('view')} label="Pictures for people" unit="pixels wide, or off" />
        {isRecording ? <ChoiceField {...field('pace')} label="Pace" choices={PACES} /> : <LiveSettings {...props} />}
      </details>
    </div>
  );
}

const PACES = [
  ['fast', 'As fast as detection allows'],
  ['real-time', 'At its own pace'],
] as const;
const TRANSPORTS = [
  ['tcp', 'TCP: nothing is lost'],
  ['udp', 'UDP, for cameras that cannot do TCP'],
] as const;

function RecordingAddress({ address }: { readonly address: string }) {
  return (
    <p class="form-field">
      <span>Recording</span>
      <span class="number quiet address">{address}</span>
    </p>
  );
}

function StreamAddress(props: Props) {
  const { values, errors, onChange } = props;
  return (
    <>
      <FormField
        {...fieldsOf(props)('address', 'url')}
        label="Address"
        hint="rtsp:// or rtsps://, without user and password; the path stands in the camera's manual."
        input={{ type: 'text', inputMode: 'url', placeholder: 'rtsp://192.0.2.10/stream2', onBlur: () => onChange(pasted(values)) }}
      />
      <CredentialFields values={values} errors={errors} onChange={onChange} />
    </>
  );
}

function LiveSettings(props: Props) {
  const field = fieldsOf(props);
  const hint = 'A frame older than this is not looked at, but told.';
  return (
    <>
      <FormField {...field('freshness')} label="Fresh for" unit="ms" hint={hint} input={{ inputMode: 'numeric' }} />
      <ChoiceField {...field('transport')} label="It sends by" choices={TRANSPORTS} />
    </>
  );
}

/** `name` is the key that the server names the field by. */
function fieldsOf({ values, errors, onChange }: Props) {
  return (key: keyof FormValues, name: string = key) => ({
    name,
    value: values[key] ?? '',
    error: messageAt(errors, name),
    onChange: (value: string) => onChange({ [key]: value }),
  });
}

/** A pasted address may hold user and password: they go where they belong. */
export function pasted(values: FormValues): Partial<FormValues> {
  const { address, credentials } = splitAddress(values.address);
  return credentials === undefined ? {} : { address, kept: undefined, ...readCredentials(credentials) };
}
