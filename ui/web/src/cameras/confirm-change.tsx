import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from '../parts/dialog.tsx';
import type { Outcome } from './cameras-api.ts';

export interface Question {
  readonly id: string;
  readonly kind: 'disable' | 'remove';
  readonly isRecording: boolean;
}

interface Props {
  readonly question: Question;
  readonly onConfirm: () => Promise<Outcome<unknown>>;
  readonly onClose: () => void;
}

/** Asks before a camera is no longer watched: names what is lost and what is kept. */
export function ConfirmChange({ question, onConfirm, onClose }: Props) {
  const { id, kind } = question;
  const [problem, setProblem] = useState('');
  const confirm = async () => {
    const outcome = await onConfirm();
    if (!outcome.ok) setProblem(outcome.errors.map(({ message }) => message).join(' '));
  };
  return (
    <Dialog title={`${kind === 'remove' ? 'Remove' : 'Disable'} ${id}?`} onClose={onClose}>
      {kind === 'remove' ? <RemoveWords /> : <DisableWords {...question} />}
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="form-foot">
        <button class="button" type="button" onClick={({ currentTarget }) => currentTarget.closest('dialog')?.close()}>
          Cancel
        </button>
        <button class={`button ${kind === 'remove' ? 'danger' : 'primary'}`} type="button" onClick={() => void confirm()}>
          {kind === 'remove' ? 'Remove' : 'Disable'}
        </button>
      </div>
    </Dialog>
  );
}

function RemoveWords() {
  return (
    <Lines
      lost="It is no longer watched: no pictures, records and alerts from now on. Its lines leave the configuration file, with address, user, password and the comments right above them."
      kept="What was recorded stays until its age or the size of the log ends it. A camera that is added under the same name goes on with it."
    />
  );
}

function DisableWords({ isRecording }: Question) {
  return (
    <Lines
      lost="It is no longer watched: no pictures, records and alerts until it is enabled again."
      kept={`Its settings and everything that was recorded.${isRecording ? ' Enabled again, the recording goes on where it was.' : ''}`}
    />
  );
}

function Lines({ lost, kept }: { readonly lost: ComponentChildren; readonly kept: ComponentChildren }) {
  return (
    <dl class="lost-and-kept">
      <dt>Lost</dt>
      <dd>{lost}</dd>
      <dt>Kept</dt>
      <dd>{kept}</dd>
    </dl>
  );
}
