/** Keys that an input method takes for itself, as those of Japanese, Chinese and Korean do. */

/**
 * Whether the key ends, changes or gives up a conversion. Safari says so after the conversion has ended already: the key
 * is then no part of it, and has the code 229, which stands for "an input method took it" in every browser.
 */
export const composes = ({ isComposing, keyCode }: KeyboardEvent): boolean => isComposing || keyCode === 229;
