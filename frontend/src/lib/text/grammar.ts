/** What a catalogue needs of its own language: plural forms and numbers. */

/**
 * `Category` names the plural forms of the language beside `other`, so that the compiler asks for every one of them.
 * Fractions do not occur; categories that only they or millions need may be left out.
 */
export function grammar<Category extends Intl.LDMLPluralRule = 'one'>(language: string) {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  type Forms = Record<Category | 'other', string>;
  return {
    /** The form for this number, with the number in place of `#`. */
    plural(count: number, forms: Forms): string {
      const all: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string } = forms;
      return (all[rules.select(count)] ?? all.other).replace('#', numbers.format(count));
    },
    number: (value: number): string => numbers.format(value),
  };
}
