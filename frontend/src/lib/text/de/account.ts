/** Die deutschen Wörter des Anmeldens und der eigenen Räume. */
import type { account as english } from '../en/account';
import { grammar } from '../grammar';
import type { Translated } from '../partial';

const { plural } = grammar('de');

export const account: Translated<typeof english> = {
  account: {
    signInTitle: 'Anmelden',
    signInLead: 'Um eigene Räume zu haben. Zum Teilnehmen brauchen Sie nur den Link des Raums.',
    signUpTitle: 'Konto anlegen',
    signUpLead: 'Mit einem Konto legen Sie Räume an, behalten ihre Links und moderieren sie.',
    setupTitle: 'Diesen Server einrichten',
    setupLead: 'Sie werden sein erster Verwalter. Dieser Link gilt einmal.',
    setupNoToken:
      'Diese Seite braucht den Einrichtungslink, den der Server beim Start ausgegeben hat. Öffnen Sie ihn vollständig.',
    setupButton: 'Verwalter werden',
    mail: 'E-Mail',
    password: 'Passwort',
    passwordHint: 'Mindestens 12 Zeichen. Ein paar Wörter hintereinander sind gut.',
    name: 'Ihr Name',
    nameHint: 'Was andere in einer Besprechung sehen.',
    noAccount: 'Noch kein Konto?',
    haveAccount: 'Schon ein Konto?',
    mailMissing: 'Geben Sie eine E-Mail-Adresse ein, etwa anna@example.org.',
    passwordMissing: 'Geben Sie Ihr Passwort ein.',
    passwordShort: 'Ein Passwort braucht mindestens 12 Zeichen.',
    passwordLong: 'Ein Passwort hat höchstens 128 Zeichen.',
    nameMissing: 'Geben Sie den Namen ein, den andere sehen sollen.',
    registrationClosed: 'Dieser Server nimmt keine neuen Konten an. Fragen Sie seinen Verwalter danach.',
    setupRequired:
      'Dieser Server hat noch keinen Verwalter. Öffnen Sie den Einrichtungslink, den er beim Start ausgegeben hat.',
    wrong: 'Die E-Mail-Adresse oder das Passwort stimmt nicht.',
  },
  rooms: {
    title: 'Ihre Räume',
    newName: 'Name eines neuen Raums',
    create: 'Anlegen',
    nameRule:
      'Nehmen Sie 3 bis 63 kleine Buchstaben, Ziffern und einzelne Bindestriche, etwa design-review; oder lassen Sie das Feld leer.',
    empty: 'Sie haben noch keine Räume.',
    emptyHint:
      'Benennen Sie oben einen, oder lassen Sie das Feld leer für einen Namen, den niemand errät. Schicken Sie dann den Link an alle, die kommen sollen.',
    inside: (count) =>
      plural(count, { one: '# Person ist jetzt darin', other: '# Personen sind jetzt darin' }),
    lastUsed: (when) => `zuletzt benutzt: ${when}`,
    neverUsed: 'noch nie benutzt',
    private: 'privat',
    closed: 'geschlossen',
    copyOf: (room) => `Link von ${room} kopieren`,
    join: 'Teilnehmen',
    joinOf: (room) => `An ${room} teilnehmen`,
    open: 'Öffnen',
    openOf: (room) => `${room} öffnen`,
    remove: 'Löschen',
    removeOf: (room) => `${room} löschen`,
    removeTitle: (room) => `${room} löschen?`,
    removeBody: 'Der Link führt dann nirgends mehr hin. Wer darin ist, wird hinausgesetzt.',
    removed: (room) => `${room} ist gelöscht.`,
    created: (room) => `${room} ist angelegt.`,
  },
};
