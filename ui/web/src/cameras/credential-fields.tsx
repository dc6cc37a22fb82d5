import type { FieldError } from '../../../cameras.ts';
import { FormField, messageAt } from './form-field.tsx';
import type { FormValues } from './form-values.ts';

interface Props {
  readonly values: FormValues;
  readonly errors: readonly FieldError[];
  readonly onChange: (next: Partial<FormValues>) => void;
}

/** User and password. What is stored is never sent here: it can be kept or replaced. */
export function CredentialFields({ values, errors, onChange }: Props) {
  const { user, password, kept } = values;
  const wrong = errors.some(({ field }) => field === 'user' || field === 'password');
  if (kept !== undefined && !wrong) return <KeptCredentials kept={kept} onReplace={() => onChange({ kept: undefined })} />;
  const set = (next: Partial<FormValues>) => onChange({ kept: undefined, ...next });
  return (
    <div class="credentials">
      <FormField
        name="user"
        label="User"
        value={user}
        error={messageAt(errors, 'user')}
        onChange={(value) => set({ user: value })}
        input={{ autocomplete: 'off', placeholder: values.storedUser === undefined ? '' : 'as stored' }}
      />
      <FormField
        name="password"
        label="Password"
        value={password}
        error={messageAt(errors, 'password')}
        hint={
          <>
            It is written into the configuration file. Better: put it into the environment that Ocelli starts in, as{' '}
            <code>CAMERA_PASSWORD</code> for example, and write <code>{'${CAMERA_PASSWORD}'}</code> here.
          </>
        }
        onChange={(value) => set({ password: value })}
        input={password.startsWith('${') ? { type: 'text' } : { type: 'password', autocomplete: 'new-password' }}
      />
    </div>
  );
}

function KeptCredentials({ kept, onReplace }: { readonly kept: string; readonly onReplace: () => void }) {
  const isHidden = kept.includes('***');
  return (
    <div class="form-field">
      <span>User and password</span>
      <p class="kept">
        {isHidden ? <span class="quiet">Stored, and not shown.</span> : <code>{kept}</code>}
        <button class="button" type="button" onClick={onReplace}>
          Replace
        </button>
      </p>
      {isHidden && kept.includes('${') && <p class="hint number">{kept}</p>}
    </div>
  );
}
