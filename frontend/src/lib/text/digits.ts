/** Numbers as people type them, in the digits of their own keyboard. */

const ZEROS = ['٠', '۰'].map((zero) => zero.charCodeAt(0));

/** The same number in the digits that `Number` reads: Arabic and Persian keyboards have their own. */
export const plainDigits = (typed: string): string =>
  typed.replace(/[٠-٩۰-۹]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - Math.max(...ZEROS.filter((zero) => zero <= code)));
  });
