import { useEffect } from 'preact/hooks';
import { useApp } from './app-context.ts';
import { route } from './route.ts';

/** Keys that work everywhere, with what they do: shown by `?`. */
export const SHORTCUTS = [
  ['← ↑ → ↓', 'Move between cameras'],
  ['Enter', 'Open the camera'],
  ['Esc', 'Back to the wall'],
  ['f', 'Full screen'],
  ['o', 'Boxes on or off'],
  ['a', 'Alerts beside the wall'],
  ['/', 'Find a camera'],
  ['?', 'Show these keys'],
] as const;

interface Dialogs {
  readonly openKeys: () => void;
  readonly openFind: () => void;
}

export function useShortcuts({ openKeys, openFind }: Dialogs): void {
  const { overlay, alertsPanel } = useApp();
  useEffect(() => {
    const actions: Readonly<Record<string, () => void>> = {
      '?': openKeys,
      '/': openFind,
      f: toggleFullScreen,
      o: () => overlay.set(!overlay.value),
      a: () => alertsPanel.set(!alertsPanel.value),
      Escape: () => {
        if (route.value.page !== 'wall') location.hash = '#/';
      },
    };
    const onKey = (event: KeyboardEvent) => {
      const action = actions[event.key];
      if (action === undefined || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}

/** Keys belong to a field or an open dialog first. */
function isTyping(target: EventTarget | null): boolean {
  return (
    (target instanceof Element && target.closest('input:not([type=range]), textarea, select, dialog') !== null) ||
    document.querySelector('dialog[open]') !== null
  );
}

function toggleFullScreen(): void {
  const stage = document.querySelector('.camera-page .stage') ?? document.documentElement;
  // Refused where the browser forbids it; then nothing happens, as the browser wants it.
  void (document.fullscreenElement === null ? stage.requestFullscreen() : document.exitFullscreen()).catch(() => {});
}
