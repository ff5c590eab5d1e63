/** The languages of the page, each under its own name, and which of them a reader gets. */

export const languages = {
  en: { name: 'English', direction: 'ltr' },
  de: { name: 'Deutsch', direction: 'ltr' },
  fr: { name: 'Français', direction: 'ltr' },
  es: { name: 'Español', direction: 'ltr' },
  pt: { name: 'Português', direction: 'ltr' },
  tr: { name: 'Türkçe', direction: 'ltr' },
  fa: { name: 'فارسی', direction: 'rtl' },
  ar: { name: 'العربية', direction: 'rtl' },
  ru: { name: 'Русский', direction: 'ltr' },
  zh: { name: '中文', direction: 'ltr' },
} as const;

export type Language = keyof typeof languages;

const isLanguage = (value: string | undefined): value is Language =>
  value !== undefined && Object.hasOwn(languages, value);

const baseOf = (tag: string) => tag.toLowerCase().split('-')[0];

/** What was chosen here, else the first of the browser's languages that there is, else English. */
export function pickLanguage(chosen: string | undefined, wanted: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  return wanted.map(baseOf).find(isLanguage) ?? 'en';
}

/** For dates and numbers: the reader's own region, where it speaks this language. */
export const localeOf = (language: Language, wanted: readonly string[]): string =>
  wanted.find((tag) => baseOf(tag) === language) ?? language;
