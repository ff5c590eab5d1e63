/** Les mots français de chaque page. */
import type { page as english } from '../en/page';
import { grammar } from '../grammar';

const { plural } = grammar('fr');

export const page: typeof english = {
  appName: 'Bedrud',
  common: {
    copy: 'Copier le lien',
    copied: 'Lien copié',
    cancel: 'Annuler',
    close: 'Fermer',
    retry: 'Réessayer',
    undo: 'Annuler',
    save: 'Enregistrer',
    settings: 'Réglages',
    administration: 'Administration',
    yourRooms: 'Vos salles',
    startPage: 'Accueil',
    signIn: 'Se connecter',
    signOut: 'Se déconnecter',
    signUp: 'Créer un compte',
    unreachable: 'Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.',
    unexpected: 'Le serveur n’y est pas parvenu. Réessayez dans un instant.',
    tooMany: (seconds) =>
      plural(seconds, {
        one: 'Trop de tentatives. Réessayez dans # seconde.',
        other: 'Trop de tentatives. Réessayez dans # secondes.',
      }),
  },
  start: {
    title: 'Rejoindre une réunion',
    lead: 'Collez le lien que vous avez reçu, ou saisissez le nom de la salle.',
    field: 'Lien ou nom de la salle',
    join: 'Rejoindre',
    recent: 'Récemment sur ce navigateur',
    forget: (room) => `Oublier ${room}`,
    notARoom:
      'Ce n’est pas une salle : un nom a de 3 à 63 lettres minuscules, chiffres et traits d’union, comme design-review.',
    otherServer: (host) => `Ce lien appartient à ${host}. Ouvrez-le là-bas.`,
    run: (host, name) =>
      name
        ? `${host} est géré par ${name}. Les réunions ne passent que par ce serveur.`
        : `Les réunions ne passent que par ${host}.`,
    setup:
      'Ce serveur n’a pas encore d’administrateur. Ouvrez le lien d’installation qu’il a affiché au démarrage.',
  },
  language: 'Langue',
  notFound: {
    title: 'Il n’y a rien à cette adresse',
    body: 'Vérifiez le lien, ou repartez de l’accueil.',
  },
  broken: {
    title: 'Cette page n’a pas pu être chargée',
    body: 'Vérifiez votre connexion, puis réessayez. Rien de ce qui est à vous n’est perdu.',
  },
};
