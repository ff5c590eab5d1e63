/** Says what breaks a rule of the house (house.mjs), and fails then. */
import { problemsIn, sourcesOfPage } from './house.mjs';

const problems = problemsIn(sourcesOfPage());
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
