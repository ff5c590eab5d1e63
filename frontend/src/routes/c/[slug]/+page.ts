/** The older address of a room. */
import { redirect } from '@sveltejs/kit';

export function load({ params }: { params: { slug: string } }): never {
  redirect(307, `/m/${encodeURIComponent(params.slug)}`);
}
