/** Die deutschen Sätze zu Fehlern, nach dem Code in der Antwort des Servers. */
import type { problems as english } from '../en/problems';

export const problems: typeof english = {
  name_invalid: 'Dieser Name geht nicht. Er braucht mindestens 2 sichtbare Zeichen und hat höchstens 50.',
  title_invalid:
    'So kann ein Raum nicht heißen. Nehmen Sie höchstens 80 sichtbare Zeichen, oder lassen Sie das Feld leer.',
  mail_invalid: 'Das ist keine E-Mail-Adresse. Sie sollte aussehen wie anna@example.org.',
  mail_taken: 'Diese E-Mail-Adresse wird schon benutzt.',
  password_wrong: 'Ihr jetziges Passwort stimmt nicht.',
  password_needed: 'Eine andere E-Mail-Adresse verlangt Ihr jetziges Passwort.',
  password_invalid: 'Ein Passwort hat 12 bis 128 Zeichen.',
  registration_refused:
    'Mit dieser Adresse ließ sich kein Konto anlegen. Melden Sie sich an, wenn Sie schon eines haben.',
  passkey_refused:
    'Dieser Passkey öffnet hier kein Konto. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort.',
  passkey_invalid: 'Der Passkey wurde nicht angelegt. Versuchen Sie es noch einmal.',
  passkey_copied:
    'Von diesem Passkey könnte es eine Kopie geben. Melden Sie sich anders an und entfernen Sie ihn.',
  passkeys_off: 'Dieser Server nimmt keine Passkeys.',
  last_way_in:
    'Das ist Ihr einziger Weg herein. Setzen Sie zuerst ein Passwort, oder fügen Sie einen anderen Passkey hinzu.',
  invitation_invalid:
    'Diese Einladung ist abgelaufen, schon benutzt oder für eine andere E-Mail-Adresse. Bitten Sie um eine neue.',
  proof_needed:
    'Geben Sie Ihr Passwort ein, oder melden Sie sich noch einmal mit Ihrem Passkey an und löschen Sie dann.',
  account_disabled: 'Dieses Konto ist abgeschaltet. Fragen Sie den Verwalter dieses Servers.',
  setup_token_wrong:
    'Dieser Einrichtungslink stimmt nicht. Öffnen Sie vollständig den, den der Server zuletzt ausgegeben hat.',
  setup_done: 'Dieser Server ist schon eingerichtet. Melden Sie sich an.',
  room_quota: 'Sie haben so viele Räume, wie dieser Server erlaubt. Löschen Sie zuerst einen.',
  room_name_taken: 'Einen Raum dieses Namens gibt es schon. Wählen Sie einen anderen.',
  max_participants_invalid: 'So große Räume erlaubt dieser Server nicht.',
  invitation_unknown: 'Diese Einladung gilt nicht für diesen Raum. Prüfen Sie den ganzen Link.',
  invitation_revoked: 'Diese Einladung wurde zurückgenommen. Bitten Sie um eine andere.',
  invitation_expired: 'Diese Einladung ist abgelaufen. Bitten Sie um eine andere.',
  invitation_used: 'Diese Einladung wurde schon benutzt. Bitten Sie um eine andere.',
};
