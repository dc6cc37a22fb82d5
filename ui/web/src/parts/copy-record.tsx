import { useState } from 'preact/hooks';
import type { StreamRecord } from '../../../../engine/records/record.ts';

const SAID_MS = 2000;

interface Props {
  readonly label: string;
  /** Asked when it is copied. */
  readonly record: () => StreamRecord | undefined;
}

/** Copies a record as it is in the topic. */
export function CopyRecord({ label, record }: Props) {
  const [said, setSaid] = useState('');
  const say = (words: string) => {
    setSaid(words);
    setTimeout(() => setSaid(''), SAID_MS);
  };
  const copy = async () => {
    const copied = record();
    if (copied === undefined) return say('There is no picture yet.');
    await navigator.clipboard.writeText(JSON.stringify(copied, null, 2)).then(
      () => say('Copied.'),
      () => say('The browser does not allow it.'),
    );
  };
  return (
    <p class="copy">
      <button class="button" type="button" onClick={() => void copy()}>
        {label}
      </button>
      <span role="status" class="quiet">
        {said}
      </span>
    </p>
  );
}
