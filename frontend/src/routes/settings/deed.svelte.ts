/** Something sent to the server: busy meanwhile, and what came of it in words. */
import { ApiError } from '$lib/api/http';
import { text } from '$lib/text';

export class Deed {
  busy = $state(false);
  problem = $state('');
  news = $state('');

  /** `news` is what to say when it went well. */
  async run(act: () => Promise<unknown>, news: string): Promise<boolean> {
    this.busy = true;
    this.problem = this.news = '';
    try {
      await act();
      this.news = news;
      return true;
    } catch (error) {
      this.problem = error instanceof ApiError ? error.sentence : text.common.unexpected;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
