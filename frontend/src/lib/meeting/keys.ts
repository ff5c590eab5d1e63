/** Single keys in the meeting (the list is under ?), and the space bar to talk while it is held. Never while typing. */
import type { Call } from '$lib/call';
import { toggleFullScreen } from './scene/fullscreen';
import type { Panel } from './panel';
import type { View } from './view/view.svelte';

const TYPING = 'input, textarea, select, [contenteditable]';
/** These take the space bar for themselves, and letters in menus and dialogs choose. */
const PRESSABLE = 'button, a, summary, [role=menuitem], dialog';

export interface Deck {
  call: Call<string>;
  panel: () => Panel;
  show: (panel: Panel) => void;
  /** Opens and closes the list of keys. */
  list: () => void;
  view: View;
  /** Lets in who waits first. */
  admit: () => void;
}

/** What the key says; on a layout of another script, the Latin letter of its place. */
function letterOf({ key, code, shiftKey }: KeyboardEvent): string {
  if (/^[ -~]$/.test(key)) return key.toLowerCase();
  if (code === 'Slash' && shiftKey) return '?';
  return code.startsWith('Key') ? code.slice(3).toLowerCase() : key;
}

/** The handlers of one meeting, for the window. */
export function keysOf({ call, panel, show, list, view, admit }: Deck) {
  const { own, gestures } = call;
  let talking = false;
  const toggle = (one: 'chat' | 'people') => show(panel() === one ? 'none' : one);
  const deeds: Record<string, () => void> = {
    m: () => own.may.microphone && void own.microphone.toggle(),
    v: () => own.may.camera && void own.camera.toggle(),
    s: () => own.may.screen && 'getDisplayMedia' in navigator.mediaDevices && void own.screen.toggle(),
    h: () => own.may.chat && gestures.raise(!gestures.raised),
    c: () => toggle('chat'),
    p: () => toggle('people'),
    a: admit,
    g: () => view.toggle(),
    f: () => void toggleFullScreen(document.querySelector('[data-stage]') ?? document.documentElement),
    '?': list,
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
    const deed = deeds[letterOf(event)];
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
