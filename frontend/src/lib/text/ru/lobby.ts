/** Русские слова комнаты ожидания: для тех, кто ждёт, и для тех, кто впускает. */
import type { lobby as english } from '../en/lobby';
import { grammar } from '../grammar';

const { number, plural } = grammar<'one' | 'few' | 'many'>('ru');

export const lobby: typeof english = {
  about: 'В эту комнату впускает модератор.',
  ask: 'Попроситься внутрь',
  title: 'Вы ждёте, когда вас впустят',
  only: 'Больше никто не ждёт.',
  place: (place, waiting) => `Вы ${number(place)}-й в очереди из ${number(waiting)}.`,
  inside: 'Модератор в комнате и знает, что вы здесь.',
  nobody: 'Пока нет никого, кто мог бы вас впустить. Оставайтесь здесь: вас увидят, как только придут.',
  stop: 'Больше не ждать',
  knocks: (name) => `${name} ждёт, чтобы войти`,
  several: (count) =>
    plural(count, {
      one: '# человек ждёт, чтобы войти',
      few: '# человека ждут, чтобы войти',
      many: '# человек ждут, чтобы войти',
      other: '# человека ждут, чтобы войти',
    }),
  admit: 'Впустить',
  admitAll: 'Впустить всех',
  refuse: 'Не впускать',
  heading: (count) => `Ждут, чтобы войти (${number(count)})`,
  admitted: (name) => `${name} может войти.`,
  refused: (name) => `Не впущен участник ${name}.`,
  allAdmitted: 'Все, кто ждал, могут войти.',
  show: 'Показать, кто ждёт',
  lock: 'Закрыть встречу',
  lockHint: 'Кто придёт теперь, будет ждать, пока не впустят.',
  unlock: 'Открыть встречу',
  locked: 'Встреча закрыта: кто придёт теперь, будет ждать, пока не впустят.',
  unlocked: 'Встреча снова открыта.',
  key: 'Впустить того, кто ждёт первым',
  button: (people, waiting) => `Люди (P), в комнате ${number(people)}, ждут ${number(waiting)}`,
};
