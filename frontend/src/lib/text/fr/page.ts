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
  problems: {
    name_invalid: 'Ce nom ne peut pas être utilisé. Il faut au moins 2 caractères visibles, et 50 au plus.',
    title_invalid: 'Une salle ne peut pas s’appeler ainsi. 80 caractères visibles au plus, ou laissez vide.',
    mail_invalid: 'Ce n’est pas une adresse e-mail. Elle devrait ressembler à anna@example.org.',
    mail_taken: 'Cette adresse e-mail est déjà utilisée.',
    password_wrong: 'Votre mot de passe actuel n’est pas le bon.',
    password_needed: 'Changer d’adresse e-mail demande votre mot de passe actuel.',
    password_invalid: 'Un mot de passe a de 12 à 128 caractères.',
    registration_refused:
      'Aucun compte n’a pu être créé avec cette adresse. Connectez-vous si vous en avez déjà un.',
    passkey_refused: 'Cette clé d’accès n’ouvre aucun compte ici. Réessayez, ou prenez votre mot de passe.',
    passkey_invalid: 'La clé d’accès n’a pas été créée. Réessayez.',
    passkey_copied: 'Cette clé d’accès a peut-être été copiée. Connectez-vous autrement et retirez-la.',
    passkeys_off: 'Ce serveur n’accepte pas de clés d’accès.',
    last_way_in:
      'C’est votre seul accès. Définissez d’abord un mot de passe ou ajoutez une autre clé d’accès.',
    invitation_invalid:
      'Cette invitation est expirée, déjà utilisée, ou destinée à une autre adresse e-mail. Demandez-en une autre.',
    proof_needed: 'Donnez votre mot de passe, ou reconnectez-vous avec votre clé d’accès, puis supprimez.',
    account_disabled: 'Ce compte est désactivé. Adressez-vous à l’administrateur de ce serveur.',
    setup_token_wrong:
      'Ce lien d’installation n’est pas le bon. Ouvrez en entier le dernier que le serveur a affiché.',
    setup_done: 'Ce serveur est déjà installé. Connectez-vous plutôt.',
    room_quota: 'Vous avez autant de salles que ce serveur en permet. Supprimez-en d’abord une.',
    room_name_taken: 'Il y a déjà une salle de ce nom. Choisissez-en un autre.',
    max_participants_invalid: 'Ce serveur ne permet pas de salles de cette taille.',
    invitation_unknown: 'Cette invitation n’est pas pour cette salle. Vérifiez le lien entier.',
    invitation_revoked: 'Cette invitation a été retirée. Demandez-en une autre.',
    invitation_expired: 'Cette invitation a expiré. Demandez-en une autre.',
    invitation_used: 'Cette invitation a déjà servi. Demandez-en une autre.',
  },
  notFound: {
    title: 'Il n’y a rien à cette adresse',
    body: 'Vérifiez le lien, ou repartez de l’accueil.',
  },
  broken: {
    title: 'Cette page n’a pas pu être chargée',
    body: 'Vérifiez votre connexion, puis réessayez. Rien de ce qui est à vous n’est perdu.',
  },
};
