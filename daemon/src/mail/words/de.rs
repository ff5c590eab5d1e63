//! Letters in German.

use super::Words;

pub(super) const WORDS: Words = Words {
    hint: "Wenn die Schaltfläche nicht funktioniert, kopieren Sie diesen Link in Ihren Browser:",
    footer: "Automatisch gesendet von {server} ({url}). Antworten auf diese Mail liest niemand.",
    not_you: "Wenn Sie das nicht waren, ändern Sie sofort Ihr Passwort und verständigen Sie die Verwaltung des Servers.",
    reset_subject: "Passwort für {server} zurücksetzen",
    reset_text: "Jemand hat ein neues Passwort für Ihr Konto auf {server} angefordert. Mit diesem Link wählen Sie eines. Er gilt einmal, bis {until}.",
    reset_button: "Neues Passwort wählen",
    reset_after: "Wenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.",
    verify_subject: "Mailadresse für {server} bestätigen",
    verify_text: "Bitte bestätigen Sie, dass diese Mailadresse zu Ihrem Konto auf {server} gehört. Der Link gilt bis {until}.",
    verify_button: "Mailadresse bestätigen",
    verify_after: "Wenn Sie kein Konto auf {server} haben, tun Sie nichts.",
    address_subject: "Ihre Mailadresse für {server} wurde geändert",
    address_text: "Ihr Konto auf {server} hat jetzt die Mailadresse {mail}. Von nun an geht seine Post dorthin.",
    password_subject: "Ihr Passwort für {server} wurde geändert",
    password_text: "Das Passwort Ihres Kontos auf {server} wurde geändert ({at}); alle angemeldeten Geräte sind abgemeldet.",
    device_subject: "Neue Anmeldung bei Ihrem Konto auf {server}",
    device_text: "Jemand hat sich mit einem bisher nicht benutzten Gerät bei Ihrem Konto auf {server} angemeldet.\nZeit: {at}\nNetzadresse: {address}\nGerät: {device}",
    device_button: "Ihre Geräte ansehen",
    invitation_subject: "Sie sind zu {server} eingeladen",
    invitation_text: "Sie sind eingeladen, auf {server} ein Konto anzulegen. Der Link gilt einmal, bis {until}.",
    invitation_button: "Konto anlegen",
    invitation_after: "Wenn Sie nicht wissen, worum es geht, tun Sie nichts.",
};
