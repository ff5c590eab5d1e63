/** واژه‌های فارسی اتاق انتظار: برای آنان که منتظرند و آنان که راه می‌دهند. */
import type { lobby as english } from '../en/lobby';
import { grammar } from '../grammar';

const { number, plural } = grammar('fa');

export const lobby: typeof english = {
  about: 'گرداننده افراد را به این اتاق راه می‌دهد.',
  ask: 'درخواست ورود',
  title: 'منتظر اجازهٔ ورود هستید',
  only: 'کس دیگری منتظر نیست.',
  place: (place, waiting) => `شما نفر ${number(place)} از ${number(waiting)} نفر منتظر هستید.`,
  inside: 'گرداننده در اتاق است و می‌داند که شما اینجا هستید.',
  nobody: 'هنوز کسی که بتواند شما را راه دهد نیامده است. همین‌جا بمانید: همین که بیاید شما را می‌بیند.',
  stop: 'دیگر منتظر نمی‌مانم',
  knocks: (name) => `${name} منتظر اجازهٔ ورود است`,
  several: (count) =>
    plural(count, { one: '# نفر منتظر اجازهٔ ورود است', other: '# نفر منتظر اجازهٔ ورود هستند' }),
  admit: 'راه بده',
  admitAll: 'همه را راه بده',
  refuse: 'راه نده',
  heading: (count) => `منتظر ورود (${number(count)})`,
  admitted: (name) => `${name} می‌تواند وارد شود.`,
  refused: (name) => `${name} راه داده نشد.`,
  allAdmitted: 'همهٔ منتظران می‌توانند وارد شوند.',
  show: 'نشان دادن منتظران',
  lock: 'قفل کردن جلسه',
  lockHint: 'هر که از این پس بیاید منتظر اجازهٔ ورود می‌ماند.',
  unlock: 'باز کردن قفل جلسه',
  locked: 'جلسه قفل است: هر که اکنون بیاید منتظر اجازهٔ ورود می‌ماند.',
  unlocked: 'قفل جلسه باز شد.',
  key: 'راه دادن نخستین منتظر',
  button: (people, waiting) => `افراد (P)، ${number(people)} نفر در اتاق، ${number(waiting)} نفر منتظر`,
};
