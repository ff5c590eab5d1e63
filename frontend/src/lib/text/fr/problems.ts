/** Les phrases françaises des échecs, par le code de la réponse du serveur. */
import type { problems as english } from '../en/problems';

export const problems: typeof english = {
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
  last_way_in: 'C’est votre seul accès. Définissez d’abord un mot de passe ou ajoutez une autre clé d’accès.',
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
};
