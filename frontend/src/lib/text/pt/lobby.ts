/** As palavras portuguesas da sala de espera: para quem espera e para quem deixa entrar. */
import type { lobby as english } from '../en/lobby';
import { grammar } from '../grammar';

const { number, plural } = grammar('pt');

export const lobby: typeof english = {
  about: 'Nesta sala, a moderação deixa as pessoas entrarem.',
  ask: 'Pedir para entrar',
  title: 'Você está esperando para entrar',
  only: 'Ninguém mais está esperando.',
  place: (place, waiting) => `Você é o número ${number(place)} de ${number(waiting)} esperando.`,
  inside: 'A moderação está na sala e sabe que você está aqui.',
  nobody:
    'Ainda não há ninguém que possa deixar você entrar. Fique aqui: você será visto assim que alguém chegar.',
  stop: 'Parar de esperar',
  knocks: (name) => `${name} espera para entrar`,
  several: (count) =>
    plural(count, { one: '# pessoa espera para entrar', other: '# pessoas esperam para entrar' }),
  admit: 'Deixar entrar',
  admitAll: 'Deixar todos entrarem',
  refuse: 'Não deixar entrar',
  heading: (count) => `Esperando para entrar (${number(count)})`,
  admitted: (name) => `${name} pode entrar.`,
  refused: (name) => `${name} não pôde entrar.`,
  allAdmitted: 'Todos que esperavam podem entrar.',
  show: 'Ver quem espera',
  lock: 'Trancar a reunião',
  lockHint: 'Quem chegar a partir de agora espera para entrar.',
  unlock: 'Destrancar a reunião',
  locked: 'A reunião está trancada: quem chegar agora espera para entrar.',
  unlocked: 'A reunião está destrancada.',
  key: 'Deixar entrar quem espera primeiro',
  button: (people, waiting) => `Pessoas (P), ${number(people)} na sala, ${number(waiting)} esperando`,
};
