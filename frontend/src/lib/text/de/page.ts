/** Was jede Seite an deutschen Wörtern braucht. */
import type { page as english } from '../en/page';
import { grammar } from '../grammar';

const { plural } = grammar('de');

export const page: typeof english = {
  appName: 'Bedrud',
  common: {
    copy: 'Link kopieren',
    copied: 'Link kopiert',
    cancel: 'Abbrechen',
    close: 'Schließen',
    retry: 'Noch einmal versuchen',
    undo: 'Rückgängig',
    save: 'Speichern',
    settings: 'Einstellungen',
    administration: 'Verwaltung',
    yourRooms: 'Ihre Räume',
    startPage: 'Startseite',
    signIn: 'Anmelden',
    signOut: 'Abmelden',
    signUp: 'Konto anlegen',
    unreachable: 'Der Server antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
    unexpected: 'Das konnte der Server nicht tun. Versuchen Sie es gleich noch einmal.',
    tooMany: (seconds) =>
      plural(seconds, {
        one: 'Zu viele Versuche. In # Sekunde geht es wieder.',
        other: 'Zu viele Versuche. In # Sekunden geht es wieder.',
      }),
  },
  start: {
    title: 'An einer Besprechung teilnehmen',
    lead: 'Fügen Sie den Link ein, den Sie bekommen haben, oder geben Sie den Namen des Raums ein.',
    field: 'Link oder Name des Raums',
    join: 'Teilnehmen',
    recent: 'Zuletzt in diesem Browser',
    forget: (room) => `${room} vergessen`,
    notARoom:
      'Das ist kein Raum: Namen haben 3 bis 63 kleine Buchstaben, Ziffern und Bindestriche, etwa design-review.',
    otherServer: (host) => `Dieser Link gehört zu ${host}. Öffnen Sie ihn dort.`,
    run: (host, name) =>
      name
        ? `${host} wird von ${name} betrieben. Besprechungen laufen nur über diesen Server.`
        : `Besprechungen laufen nur über ${host}.`,
    setup:
      'Dieser Server hat noch keinen Verwalter. Öffnen Sie den Einrichtungslink, den er beim Start ausgegeben hat.',
  },
  language: 'Sprache',
  notFound: {
    title: 'Unter dieser Adresse gibt es nichts',
    body: 'Prüfen Sie den Link oder fangen Sie von vorn an.',
  },
  broken: {
    title: 'Diese Seite ließ sich nicht laden',
    body: 'Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal. Von Ihnen ist nichts verloren.',
  },
};
