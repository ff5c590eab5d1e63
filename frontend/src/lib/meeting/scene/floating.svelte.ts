/**
 * The call in a small window that stays over all others: drawn by us where the browser has such windows
 * (document picture-in-picture), else one video in the browser's own. Comes by itself when the tab is left, where the
 * browser offers that to pages in a call, and goes when one is back.
 */
interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window & typeof globalThis>;
}

type Draw = (target: HTMLElement) => () => void;

const SIZE = { width: 360, height: 268 };
/** Whoever is large, else whoever speaks, else anybody but oneself. */
const VIDEOS = ['[data-stage] video', 'li.speaking:not(.own) video', 'li:not(.own) video'];

const windows = () =>
  (globalThis as { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture;

export class Floating {
  open = $state(false);
  readonly possible = windows() !== undefined || document.pictureInPictureEnabled;

  #draw: Draw;
  #byItself = false;
  #close = () => {};

  /** `draw` fills an empty page of ours and gives back how to clear it. */
  constructor(draw: Draw) {
    this.#draw = draw;
  }

  async toggle(): Promise<void> {
    if (this.open) return this.close();
    try {
      await (windows() ? this.#window() : this.#video());
    } catch {
      // Without a press of the person's own, or with a second window open, the browser refuses: nothing changes.
    }
  }

  close(): void {
    this.#close();
  }

  /** Lets the browser open it when the tab is left; until the returned function is called. */
  offer(): () => void {
    const session = 'mediaSession' in navigator ? navigator.mediaSession : undefined;
    const action = 'enterpictureinpicture' as MediaSessionAction;
    const set = (handler: (() => void) | null) => {
      try {
        session?.setActionHandler(action, handler);
      } catch {
        // A browser that does not know the action says so by throwing.
      }
    };
    const back = () => {
      if (this.#byItself && document.visibilityState === 'visible') this.close();
    };
    set(() => {
      if (this.open) return;
      this.#byItself = true;
      void this.toggle();
    });
    document.addEventListener('visibilitychange', back);
    return () => {
      set(null);
      document.removeEventListener('visibilitychange', back);
    };
  }

  async #window(): Promise<void> {
    const shown = await windows()?.requestWindow(SIZE);
    if (!shown) return;
    const page = shown.document;
    // Copied, not fetched again: that needs no line and is there at once.
    for (const sheet of document.styleSheets) {
      const copy = new shown.CSSStyleSheet();
      copy.replaceSync([...sheet.cssRules].map((rule) => rule.cssText).join('\n'));
      page.adoptedStyleSheets.push(copy);
    }
    const { lang, dir, dataset } = document.documentElement;
    Object.assign(page.documentElement, { lang, dir });
    page.documentElement.dataset.theme = dataset.theme ?? 'dark';
    page.title = document.title;
    const clear = this.#draw(page.body);
    this.open = true;
    this.#close = () => shown.close();
    shown.addEventListener('pagehide', () => {
      clear();
      this.#closed();
    });
  }

  async #video(): Promise<void> {
    const found = VIDEOS.map((one) => document.querySelector<HTMLVideoElement>(one)).find(Boolean);
    if (!found) return;
    await found.requestPictureInPicture();
    this.open = true;
    this.#close = () => void document.exitPictureInPicture();
    found.addEventListener('leavepictureinpicture', () => this.#closed(), { once: true });
  }

  #closed(): void {
    this.open = false;
    this.#byItself = false;
    this.#close = () => {};
  }
}
