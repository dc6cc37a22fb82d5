import type { ComponentChildren, JSX } from 'preact';
import type { FieldError } from '../../../cameras.ts';

interface Props {
  /** The key that the server names it by. */
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly hint?: ComponentChildren;
  readonly unit?: string;
  readonly onChange: (value: string) => void;
  readonly input?: JSX.IntrinsicElements['input'];
}

/** A labelled field; what is wrong with it stands below it and is read out with it. */
export function FormField({ name, label, value, error, hint, unit, onChange, input = {} }: Props) {
  return (
    <FieldFrame name={name} label={label} error={error} hint={hint}>
      <span class="with-unit">
        <input
          {...input}
          {...described(name, error, hint)}
          class="field"
          value={value}
          spellcheck={false}
          autocapitalize="off"
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
        {unit !== undefined && <span class="quiet">{unit}</span>}
      </span>
    </FieldFrame>
  );
}

interface ChoiceProps extends Omit<Props, 'input' | 'unit'> {
  readonly choices: readonly (readonly [value: string, words: string])[];
}

export function ChoiceField({ name, label, value, error, hint, onChange, choices }: ChoiceProps) {
  return (
    <FieldFrame name={name} label={label} error={error} hint={hint}>
      <select {...described(name, error, hint)} class="field" value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {choices.map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

export function messageAt(errors: readonly FieldError[], name: string): string | undefined {
  return errors.find(({ field }) => field === name)?.message;
}

interface FrameProps {
  readonly name: string;
  readonly label: string;
  readonly error: string | undefined;
  readonly hint: ComponentChildren;
  readonly children: ComponentChildren;
}

function FieldFrame({ name, label, error, hint, children }: FrameProps) {
  return (
    <div class="form-field" data-wrong={error !== undefined}>
      <label for={`camera-${name}`}>{label}</label>
      {children}
      {error !== undefined && (
        <p class="problem" id={`camera-${name}-problem`}>
          {error}
        </p>
      )}
      {hint !== undefined && error === undefined && (
        <p class="hint" id={`camera-${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function described(name: string, error: string | undefined, hint: ComponentChildren) {
  const below = error !== undefined ? `camera-${name}-problem` : hint !== undefined ? `camera-${name}-hint` : undefined;
  return { id: `camera-${name}`, name, 'aria-invalid': error !== undefined, 'aria-describedby': below };
}
