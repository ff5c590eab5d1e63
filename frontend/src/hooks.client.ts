/** What Kit tells of errors while it moves between pages. */
import type { HandleClientError } from '@sveltejs/kit';

/** An address without a page is no fault of ours, and its screen says everything. */
export const handleError: HandleClientError = ({ error, status }) => {
  if (status !== 404) console.error(error);
};
