/** Las palabras españolas de la sala de espera: para quien espera y para quien deja entrar. */
import type { lobby as english } from '../en/lobby';
import { grammar } from '../grammar';

const { number, plural } = grammar('es');

export const lobby: typeof english = {
  about: 'En esta sala, la moderación deja entrar a la gente.',
  ask: 'Pedir entrar',
  title: 'Estás esperando para entrar',
  only: 'Nadie más está esperando.',
  place: (place, waiting) => `Tu puesto es el ${number(place)} de ${number(waiting)} en espera.`,
  inside: 'La moderación está dentro y sabe que estás aquí.',
  nobody: 'Aún no hay nadie que pueda dejarte entrar. Quédate aquí: te verán en cuanto lleguen.',
  stop: 'Dejar de esperar',
  knocks: (name) => `${name} espera para entrar`,
  several: (count) =>
    plural(count, { one: '# persona espera para entrar', other: '# personas esperan para entrar' }),
  admit: 'Dejar entrar',
  admitAll: 'Dejar entrar a todos',
  refuse: 'No dejar entrar',
  heading: (count) => `Esperan para entrar (${number(count)})`,
  admitted: (name) => `${name} puede entrar.`,
  refused: (name) => `No se dejó entrar a ${name}.`,
  allAdmitted: 'Todos los que esperaban pueden entrar.',
  show: 'Ver quién espera',
  lock: 'Cerrar la reunión',
  lockHint: 'Quien llegue a partir de ahora espera para entrar.',
  unlock: 'Abrir la reunión',
  locked: 'La reunión está cerrada: quien llegue ahora espera para entrar.',
  unlocked: 'La reunión vuelve a estar abierta.',
  key: 'Dejar entrar a quien espera primero',
  button: (people, waiting) => `Personas (P), ${number(people)} dentro, ${number(waiting)} en espera`,
};
