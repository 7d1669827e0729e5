import { createContext, Script } from 'node:vm';

/** No useful pattern needs this long for a few thousand characters; a pattern that doubles its time with each character never ends. */
const limitMs = 1000;

/** Long enough for 2^32 steps if each character doubles them, and for 10^11 steps if they grow with the cube. */
const repetitions = [32, 5000];

const script = new Script('expression.test(text)');
const room: { expression?: RegExp; text?: string } = createContext({});

/**
 * Returns a text on which a regular expression takes longer than a second, or null if it finds none. It tries texts that make such expressions backtrack: many
 * repeats of a text that their groups and classes match, followed by one that they do not match.
 */
export function slowTextFor(pattern: string): string | null {
  const expression = compiled(pattern);
  // Without a repetition there is only one way to match.
  if (expression === null || !/[*+}]/.test(pattern)) return null;
  for (const count of repetitions)
    for (const unit of unitsOf(pattern))
      for (const end of ['\u0000', '!']) {
        const text = unit.repeat(Math.ceil(count / unit.length)) + end;
        // The second try rules out a pause of the machine.
        if (isSlow(expression, text) && isSlow(expression, text)) return text;
      }
  return null;
}

function compiled(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    // The schema reader reports an invalid pattern.
    return null;
  }
}

function isSlow(expression: RegExp, text: string): boolean {
  Object.assign(room, { expression, text });
  try {
    script.runInContext(room, { timeout: limitMs });
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return true;
    throw error;
  }
}

/** Returns texts that parts of the expression may match: its characters, its classes, and its groups with each class as one character. */
function unitsOf(pattern: string): Set<string> {
  const plain = pattern
    .replace(/\\[wd]/g, '0')
    .replace(/\\[WDS]|(?<!\\)\./g, 'a')
    .replace(/\\s/g, ' ')
    .replace(/\\([^a-zA-Z0-9])/g, '$1')
    .replace(/\[\^?([^\]])[^\]]*\]/g, '$1');
  const groups = [...plain.matchAll(/\(([^()]*)\)/g)].flatMap(([, body = '']) =>
    body.replace(/^\?(?:[:=!]|<[=!]?[^>]*>?)/, '').split('|'),
  );
  const runs = groups.map((group) => group.replace(/[*+?^$]|\{[^}]*\}/g, ''));
  return new Set(['a', '0', ' ', '_', ...plain.replace(/[*+?^$()[\]{}|]/g, ''), ...runs].filter((unit) => unit !== ''));
}
