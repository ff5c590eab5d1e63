/** The older address of a room. */
import { redirect } from '@sveltejs/kit';

export function load({ params, url }: { params: { slug: string }; url: URL }): never {
  redirect(307, `/m/${encodeURIComponent(params.slug)}${url.search}${location.hash}`);
}
