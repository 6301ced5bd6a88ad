import type { Prompts } from '../cli/prompts.ts';
import { OncallError } from '../errors.ts';
import { parseDuration } from '../text/time.ts';

/** How long a silence shall last, in milliseconds, from who sits at the terminal. @throws USAGE where nobody can be asked */
export async function askLength(prompts: Prompts): Promise<number> {
  if (!prompts.possible) {
    throw new OncallError('A silence needs an end.', {
      code: 'USAGE',
      hint: 'Say how long with -d/--duration, e.g. `-d 1h`; or take --until-resolved.',
    });
  }
  return parseDuration(await prompts.input('How long? (30m, 2h; at most 12h)', '1h'));
}

/** Why, in words that the others will see. @throws USAGE where nobody can be asked, or nothing was said */
export async function askComment(prompts: Prompts, given: string | undefined): Promise<string> {
  const asked = given === undefined && prompts.possible ? await prompts.input('Why? The others will see it:') : given;
  const said = (asked ?? '').trim();
  if (said !== '') return said;
  throw new OncallError('A silence needs a reason, which the others will see.', {
    code: 'USAGE',
    hint: 'Say it with -m/--comment, e.g. `-m "revert is going out"`.',
  });
}
