import type { PersonsWord } from '../../../operate/published/roll-back.ts';
import type { Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { operatorName } from '../../typed/operator-name.ts';
import { UsageError } from '../../typed/usage-error.ts';

/** Characters. The name and the reason have to fit an event of EventBridge. */
const longest = { by: 200, reason: 1_000 };

/** The person, the moment and the reason. */
export function personsWord({ option }: Pick<Invocation, 'option'>, context: Context): PersonsWord {
  const word = (name: 'by' | 'reason', given: string | null): string => {
    const text = given?.trim().toWellFormed() ?? '';
    if (text === '') throw new UsageError(`--${name} <text> is needed: everyone who looks at the history sees it`);
    if (text.length > longest[name])
      throw new UsageError(`--${name} has ${text.length} characters; at most ${longest[name]} are allowed`);
    return text;
  };
  return {
    by: word('by', operatorName(option('by'), context)),
    reason: word('reason', option('reason')),
    at: new Date().toISOString(),
  };
}
