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
  provider_unknown: 'Ce serveur ne connaît pas cet accès. Choisissez-en un autre.',
  provider_unreachable:
    'L’autre service ne répond pas pour le moment. Réessayez plus tard, ou connectez-vous autrement.',
  provider_invalid:
    'La réponse de l’autre service n’est pas fiable. Réessayez plus tard, ou connectez-vous autrement.',
  provider_refused:
    'L’autre service refuse ce serveur. Prévenez son administrateur, et connectez-vous autrement.',
  provider_denied:
    'Vous n’avez pas donné votre accord à l’autre service. Réessayez, ou connectez-vous autrement.',
  sign_in_stale:
    'Cette connexion a déjà servi, a pris trop de temps ou a commencé dans un autre navigateur. Recommencez.',
  provider_mail_unverified:
    'L’autre service ne dit pas que votre adresse e-mail est bien la vôtre. Confirmez-la d’abord là-bas.',
  provider_mail_missing:
    'L’autre service ne donne pas votre adresse e-mail. Autorisez-le là-bas, ou connectez-vous autrement.',
  provider_mail_held:
    'Il y a déjà ici un compte avec votre adresse e-mail. Connectez-vous-y autrement, et associez les deux dans ses réglages.',
  provider_linked_elsewhere:
    'Ce compte est associé ici à quelqu’un d’autre. Connectez-vous avec lui, et retirez-le d’abord dans les réglages.',
  provider_not_allowed:
    'Vous n’êtes dans aucun des groupes admis ici. Adressez-vous à l’administrateur de ce serveur.',
  links_many: 'Vous ne pouvez pas associer plus de comptes. Retirez-en d’abord un.',
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
  webhook_url_invalid:
    'Seule une URL entière peut être appelée, avec http ou https et un hôte, sans nom ni mot de passe.',
  webhook_address_refused:
    'Cette URL mène dans cette machine ou son réseau. Prenez-en une d’Internet, ou autorisez ce réseau avec webhooks.allowedNetworks dans la configuration.',
  webhook_quota: 'Il y a autant de webhooks que permis. Supprimez-en un d’abord.',
};
