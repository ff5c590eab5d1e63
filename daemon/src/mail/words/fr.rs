//! Letters in French.

use super::Words;

pub(super) const WORDS: Words = Words {
    hint: "Si le bouton ne fonctionne pas, copiez ce lien dans votre navigateur :",
    footer: "Envoyé automatiquement par {server} ({url}). Personne ne lit les réponses à ce message.",
    not_you: "Si ce n’était pas vous, changez tout de suite votre mot de passe et prévenez l’administrateur du serveur.",
    reset_subject: "Réinitialiser votre mot de passe pour {server}",
    reset_text: "Quelqu’un a demandé un nouveau mot de passe pour votre compte sur {server}. Ce lien vous permet d’en choisir un. Il sert une seule fois, jusqu’au {until}.",
    reset_button: "Choisir un nouveau mot de passe",
    reset_after: "Si ce n’était pas vous, ne faites rien : votre mot de passe reste inchangé.",
    verify_subject: "Confirmez votre adresse e-mail pour {server}",
    verify_text: "Veuillez confirmer que cette adresse e-mail appartient à votre compte sur {server}. Le lien est valable jusqu’au {until}.",
    verify_button: "Confirmer l’adresse e-mail",
    verify_after: "Si vous n’avez pas de compte sur {server}, ne faites rien.",
    address_subject: "Votre adresse e-mail pour {server} a été modifiée",
    address_text: "Votre compte sur {server} a désormais l’adresse e-mail {mail}. Ses messages y seront envoyés à partir de maintenant.",
    password_subject: "Votre mot de passe pour {server} a été modifié",
    password_text: "Le mot de passe de votre compte sur {server} a été modifié ({at}) ; tous les appareils connectés ont été déconnectés.",
    device_subject: "Nouvelle connexion à votre compte sur {server}",
    device_text: "Quelqu’un s’est connecté à votre compte sur {server} depuis un appareil jamais utilisé auparavant.\nHeure : {at}\nAdresse réseau : {address}\nAppareil : {device}",
    device_button: "Voir vos appareils",
    invitation_subject: "Vous êtes invité sur {server}",
    invitation_text: "Vous êtes invité à créer un compte sur {server}. Le lien sert une seule fois, jusqu’au {until}.",
    invitation_button: "Créer un compte",
    invitation_after: "Si vous ne savez pas de quoi il s’agit, ne faites rien.",
};
