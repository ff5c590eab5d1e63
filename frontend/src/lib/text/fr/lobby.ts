/** Les mots français de l’antichambre : pour qui attend, et pour qui fait entrer. */
import type { lobby as english } from '../en/lobby';
import { grammar } from '../grammar';

const { number, plural } = grammar('fr');

export const lobby: typeof english = {
  about: 'Dans cette salle, c’est la modération qui fait entrer.',
  ask: 'Demander à entrer',
  title: 'Vous attendez de pouvoir entrer',
  only: 'Personne d’autre n’attend.',
  place: (place, waiting) => `Vous êtes au rang ${number(place)} sur ${number(waiting)} en attente.`,
  inside: 'La modération est dans la salle et sait que vous êtes là.',
  nobody: 'Personne ne peut encore vous faire entrer. Restez ici : on vous verra dès que quelqu’un arrivera.',
  stop: 'Ne plus attendre',
  knocks: (name) => `${name} attend de pouvoir entrer`,
  several: (count) =>
    plural(count, {
      one: '# personne attend de pouvoir entrer',
      other: '# personnes attendent de pouvoir entrer',
    }),
  admit: 'Faire entrer',
  admitAll: 'Faire entrer tout le monde',
  refuse: 'Ne pas faire entrer',
  heading: (count) => `En attente (${number(count)})`,
  admitted: (name) => `${name} peut entrer.`,
  refused: (name) => `${name} n’a pas pu entrer.`,
  allAdmitted: 'Tous ceux qui attendaient peuvent entrer.',
  show: 'Voir qui attend',
  lock: 'Verrouiller la réunion',
  lockHint: 'Qui arrive désormais attend de pouvoir entrer.',
  unlock: 'Déverrouiller la réunion',
  locked: 'La réunion est verrouillée : qui arrive maintenant attend de pouvoir entrer.',
  unlocked: 'La réunion est déverrouillée.',
  key: 'Faire entrer qui attend depuis le plus longtemps',
  button: (people, waiting) =>
    `Personnes (P), ${number(people)} dans la salle, ${number(waiting)} en attente`,
};
