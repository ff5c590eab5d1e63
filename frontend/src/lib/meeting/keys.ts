/** Single keys in the meeting: M, V, S, C, P, and the space bar to talk while it is held. Never while typing. */
import type { Own } from '$lib/call';
import type { Panel } from './panel';

const TYPING = 'input, textarea, select, [contenteditable]';
/** These take the space bar for themselves, and letters in menus and dialogs choose. */
const PRESSABLE = 'button, a, summary, [role=menuitem], dialog';

export interface Deck {
  own: Own;
  panel: () => Panel;
  show: (panel: Panel) => void;
}

/** The handlers of one meeting, for the window. */
export function keysOf({ own, panel, show }: Deck) {
  let talking = false;
  const toggle = (one: 'chat' | 'people') => show(panel() === one ? 'none' : one);
  const deeds: Record<string, () => void> = {
    m: () => own.may.microphone && void own.microphone.toggle(),
    v: () => own.may.camera && void own.camera.toggle(),
    s: () => own.may.screen && 'getDisplayMedia' in navigator.mediaDevices && void own.screen.toggle(),
    c: () => toggle('chat'),
    p: () => toggle('people'),
  };

  function down(event: KeyboardEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    if (event.ctrlKey || event.metaKey || event.altKey || target?.closest(TYPING)) return;
    if (event.key === ' ') {
      if (target?.closest(PRESSABLE)) return;
      event.preventDefault();
      if (event.repeat || talking || own.microphone.on || !own.may.microphone) return;
      talking = true;
      void own.microphone.set(true);
      return;
    }
    const deed = deeds[event.key.toLowerCase()];
    if (!deed || event.repeat || target?.closest('dialog')) return;
    event.preventDefault();
    deed();
  }

  /** Also when the window loses the keyboard: nobody stays unmuted by switching away. */
  function up(event?: KeyboardEvent): void {
    if (!talking || (event && event.key !== ' ')) return;
    talking = false;
    void own.microphone.set(false);
  }

  return { down, up };
}
