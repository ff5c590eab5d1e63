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
  provider_unknown: 'Diesen Weg herein kennt der Server nicht. Wählen Sie einen anderen.',
  provider_unreachable:
    'Der andere Dienst antwortet gerade nicht. Versuchen Sie es später, oder melden Sie sich anders an.',
  provider_invalid:
    'Was der andere Dienst geantwortet hat, ist nicht zu glauben. Versuchen Sie es später, oder melden Sie sich anders an.',
  provider_refused:
    'Der andere Dienst weist diesen Server ab. Sagen Sie es dem Verwalter, und melden Sie sich anders an.',
  provider_denied:
    'Sie haben beim anderen Dienst nicht zugestimmt. Versuchen Sie es noch einmal, oder melden Sie sich anders an.',
  sign_in_stale:
    'Diese Anmeldung wurde schon benutzt, dauerte zu lange oder begann in einem anderen Browser. Beginnen Sie von vorn.',
  provider_mail_unverified:
    'Der andere Dienst sagt nicht, dass Ihre E-Mail-Adresse Ihnen gehört. Bestätigen Sie sie zuerst dort.',
  provider_mail_missing:
    'Der andere Dienst nennt Ihre E-Mail-Adresse nicht. Erlauben Sie es dort, oder melden Sie sich anders an.',
  provider_mail_held:
    'Mit Ihrer E-Mail-Adresse gibt es hier schon ein Konto. Melden Sie sich dort anders an, und verknüpfen Sie beide in den Einstellungen.',
  provider_linked_elsewhere:
    'Jenes Konto ist hier mit jemand anderem verknüpft. Melden Sie sich damit an, und lösen Sie es zuerst in den Einstellungen.',
  provider_not_allowed:
    'Sie sind in keiner der Gruppen, die hier hereindürfen. Fragen Sie den Verwalter dieses Servers.',
  links_many: 'Mehr Konten können Sie nicht verknüpfen. Entfernen Sie zuerst eines.',
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
  webhook_url_invalid:
    'Aufgerufen wird nur eine ganze URL mit http oder https und einem Rechner, ohne Name und Passwort.',
  webhook_address_refused:
    'Diese URL führt in diesen Rechner oder sein Netz. Nehmen Sie eine des Internets, oder lassen Sie das Netz mit webhooks.allowedNetworks in der Konfiguration zu.',
  webhook_quota: 'Es gibt so viele Webhooks, wie es geben darf. Löschen Sie zuerst einen.',
};
