/** The reactions as choices of a menu. */
import type { Call } from '$lib/call';
import { REACTIONS } from '$lib/call/chat/gesture-wire';
import { text } from '$lib/text/meeting';
import type { Item } from '$lib/ui/menu';
import type { Notices } from '../notices/notices.svelte';

export function reactionItems(call: Call<string>, notices: Notices): Item[] {
  return REACTIONS.map((emoji) => ({
    label: text.meeting.reactions[emoji],
    sign: emoji,
    onselect: () => {
      if (call.own.may.chat) call.gestures.react(emoji);
      else notices.say(text.meeting.noHandsHere);
    },
  }));
}
