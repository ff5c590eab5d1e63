/** Who walks through the screens, and what they write. Readers of another script have names of their own. */

const english = {
  host: 'Anna Berg',
  guest: 'Bo Larsen',
  member: 'Cleo Okafor',
  stranger: 'Sam Stone',
  lines: [
    'Good morning! The plan is at https://example.org/beds, have a look.',
    'Thank you. Who has seed potatoes left?',
    'I do, about two kilos.',
  ],
};

/** One of them keeps a name in the other script: so it is in many a meeting. */
const persian = {
  ...english,
  host: 'شیرین کریمی',
  guest: 'رضا محمدی',
  stranger: 'نیلوفر تهرانی',
  lines: [
    'صبح به‌خیر! نقشه در https://example.org/beds است، نگاهی بیندازید.',
    'سپاس. چه کسی هنوز سیب‌زمینی بذری دارد؟',
    'من دارم، نزدیک ۲ کیلو.',
  ],
};

export const castOf = (language) => (language === 'fa' ? persian : english);
