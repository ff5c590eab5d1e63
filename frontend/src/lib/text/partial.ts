/** How much of English another language has to have. */

/** As long as English grows, the others may lag; `npm run words` lists what they lack. */
export type Translated<Words> = Words extends (...given: never[]) => unknown
  ? Words
  : Words extends object
    ? { [Key in keyof Words]?: Translated<Words[Key]> }
    : Words;
