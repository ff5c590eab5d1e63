/** Die deutschen Wörter des Vorraums: für alle, die auf Einlass warten, und für die, die einlassen. */
import type { lobby as english } from '../en/lobby';
import { grammar } from '../grammar';

const { number, plural } = grammar('de');

export const lobby: typeof english = {
  about: 'In diesen Raum lässt die Moderation ein.',
  ask: 'Um Einlass bitten',
  title: 'Sie warten auf Einlass',
  only: 'Sonst wartet niemand.',
  place: (place, waiting) => `Sie sind an ${number(place)}. Stelle von ${number(waiting)} Wartenden.`,
  inside: 'Die Moderation ist im Raum und weiß, dass Sie hier sind.',
  nobody:
    'Noch ist niemand im Raum, der Sie einlassen kann. Bleiben Sie hier: Man sieht Sie, sobald jemand kommt.',
  stop: 'Nicht mehr warten',
  knocks: (name) => `${name} wartet auf Einlass`,
  several: (count) =>
    plural(count, { one: '# Person wartet auf Einlass', other: '# Personen warten auf Einlass' }),
  admit: 'Einlassen',
  admitAll: 'Alle einlassen',
  refuse: 'Nicht einlassen',
  heading: (count) => `Warten auf Einlass (${number(count)})`,
  admitted: (name) => `${name} darf herein.`,
  refused: (name) => `${name} wurde nicht eingelassen.`,
  allAdmitted: 'Alle, die gewartet haben, dürfen herein.',
  show: 'Zeigen, wer wartet',
  lock: 'Besprechung abschließen',
  lockHint: 'Wer von nun an kommt, wartet auf Einlass.',
  unlock: 'Besprechung aufschließen',
  locked: 'Die Besprechung ist abgeschlossen: Wer jetzt kommt, wartet auf Einlass.',
  unlocked: 'Die Besprechung ist wieder offen.',
  key: 'Einlassen, wer zuerst kam',
  button: (people, waiting) => `Personen (P), ${number(people)} im Raum, ${number(waiting)} warten`,
};
