/** One element as large as the screen, and back. Where the browser has no such thing (iPhone), nothing happens. */
export async function toggleFullScreen(element: Element | null | undefined): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await element?.requestFullscreen();
  } catch {
    // The browser refuses when the press was too long ago; the person presses again.
  }
}

export const hasFullScreen = (): boolean => document.fullscreenEnabled;
