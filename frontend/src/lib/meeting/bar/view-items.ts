/** What there is to choose of how one looks at the meeting: the bar's own menu, on a phone a part of More. */
import type { Item } from '$lib/ui/menu';
import { text } from '$lib/text/meeting';
import type { Floating } from '../scene/floating.svelte';
import { hasFullScreen, toggleFullScreen } from '../scene/fullscreen';
import type { View } from '../view/view.svelte';

export function viewItems(view: View, floating: Floating): Item[] {
  const words = text.stage;
  const full: Item = {
    label: words.fullScreen,
    icon: 'full',
    onselect: () => void toggleFullScreen(document.documentElement),
  };
  const float: Item = {
    label: words.floating,
    hint: words.floatingHint,
    icon: 'float',
    checked: floating.open,
    onselect: () => void floating.toggle(),
  };
  return [
    {
      label: words.grid,
      hint: words.gridHint,
      icon: 'grid',
      checked: !view.stage,
      onselect: () => view.choose('grid'),
    },
    {
      label: words.speaker,
      hint: words.speakerHint,
      icon: 'stage',
      checked: view.layout === 'speaker',
      onselect: () => view.choose('speaker'),
    },
    {
      label: words.ownApart,
      icon: 'apart',
      checked: view.ownApart,
      onselect: () => (view.ownApart = !view.ownApart),
    },
    ...(hasFullScreen() ? [full] : []),
    ...(floating.possible ? [float] : []),
  ];
}
