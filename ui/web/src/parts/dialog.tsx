import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Over the page; escape or a click beside it closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const closeBeside = ({ target }: MouseEvent) => {
    if (target === dialog.current) dialog.current?.close();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: escape closes a dialog by itself; the click is the same for the mouse.
    <dialog ref={dialog} class="dialog" aria-label={title} onClose={onClose} onClick={closeBeside}>
      <div class="dialog-content">
        <h2>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
