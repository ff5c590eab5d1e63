/** كلمات غرفة الانتظار بالعربية: لمن ينتظر الإذن ولمن يأذن. */
import type { lobby as english } from '../en/lobby';
import { grammar } from '../grammar';

const { number, plural } = grammar<'zero' | 'one' | 'two' | 'few' | 'many'>('ar');

export const lobby: typeof english = {
  about: 'يُدخِل المشرفون الناس إلى هذه الغرفة.',
  ask: 'طلب الدخول',
  title: 'أنت في انتظار الإذن بالدخول',
  only: 'لا أحد غيرك ينتظر.',
  place: (place, waiting) => `أنت رقم ${number(place)} من ${number(waiting)} في الانتظار.`,
  inside: 'في الغرفة مشرف ويعلم أنك هنا.',
  nobody: 'ليس في الغرفة بعد من يستطيع إدخالك. ابقَ هنا: سيراك المشرف فور وصوله.',
  stop: 'إيقاف الانتظار',
  knocks: (name) => `${name} في انتظار الإذن بالدخول`,
  several: (count) =>
    plural(count, {
      zero: 'لا أحد ينتظر الإذن بالدخول',
      one: 'شخص واحد ينتظر الإذن بالدخول',
      two: 'شخصان ينتظران الإذن بالدخول',
      few: '# أشخاص ينتظرون الإذن بالدخول',
      many: '# شخصًا ينتظرون الإذن بالدخول',
      other: '# شخص ينتظرون الإذن بالدخول',
    }),
  admit: 'السماح بالدخول',
  admitAll: 'السماح للجميع بالدخول',
  refuse: 'عدم السماح بالدخول',
  heading: (count) => `في انتظار الدخول (${number(count)})`,
  admitted: (name) => `يمكن لـ ${name} الدخول.`,
  refused: (name) => `لم يُسمح بدخول ${name}.`,
  allAdmitted: 'يمكن لكل من انتظر الدخول.',
  show: 'عرض المنتظرين',
  lock: 'قفل الاجتماع',
  lockHint: 'من يأتي من الآن ينتظر الإذن بالدخول.',
  unlock: 'فتح قفل الاجتماع',
  locked: 'الاجتماع مقفل: من يأتي الآن ينتظر الإذن بالدخول.',
  unlocked: 'فُتح قفل الاجتماع.',
  key: 'السماح بدخول أول المنتظرين',
  button: (people, waiting) => `الأشخاص (P)، في الغرفة ${number(people)}، في الانتظار ${number(waiting)}`,
};
