import jsonata from 'jsonata';
import type { Reading } from '../tree/reading.ts';
import { quote, type Tree } from '../tree/tree.ts';

/** Reports texts in `{% %}` that are not JSONata, at any depth: functions evaluate them, so they have to parse. */
export function checkExpressions(tree: Tree, reading: Reading): void {
  if (tree.kind === 'list') for (const item of tree.items) checkExpressions(item, reading);
  if (tree.kind === 'map') for (const entry of tree.entries.values()) checkExpressions(entry.value, reading);
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string') return;
  const trimmed = tree.value.trim();
  const [opens, closes] = [trimmed.startsWith('{%'), trimmed.endsWith('%}')];
  if (opens !== closes) {
    const missing = opens ? 'ends without "%}"' : 'begins without "{%"';
    reading.say('BAD_EXPRESSION', tree.range, `the expression ${quote(tree.value)} ${missing}`);
  } else if (opens) {
    const fault = jsonataFault(trimmed.slice(2, -2));
    if (fault !== null) reading.say('BAD_EXPRESSION', tree.range, `${quote(tree.value)} is not JSONata: ${fault}`);
  }
}

const jsonataFault = (expression: string): string | null => {
  try {
    jsonata(expression);
    return null;
  } catch (fault) {
    // The library throws plain objects with a message.
    return typeof fault === 'object' && fault !== null && 'message' in fault ? String(fault.message) : String(fault);
  }
};
