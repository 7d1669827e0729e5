import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventTypes } from '../../contract/events/event-types.ts';
import { eventNames } from '../../contract/events/subscription.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { SourceFile } from '../../diagnostics/source-file.ts';
import { findSubscribers } from '../find-subscribers.ts';

export interface CheckedSubscribers {
  readonly names: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** The texts that diagnostics quote. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Looks at the text of each subscriber, and runs nothing: it must export what `defineSubscriber` gives, and hear events that exist. */
export async function checkSubscribers(root: string): Promise<CheckedSubscribers> {
  const found = await findSubscribers(root);
  const texts = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const { entry } of found) {
    const text = await readFile(join(root, entry.entry), 'utf8');
    texts.set(entry.entry, text);
    diagnostics.push(...findingsIn(new SourceFile(entry.entry, text), entry.entry, text));
  }
  return { names: found.map(({ name }) => name), diagnostics, texts };
}

function findingsIn(file: SourceFile, path: string, text: string): Diagnostic[] {
  const exported = /export\s+const\s+subscriber\b[^=]*=\s*defineSubscriber\b/.exec(text);
  const reExported = /export\s*\{[^}]*\bsubscriber\b[^}]*\}/.test(text);
  if (!exported && !reExported) {
    const at = Math.max(0, text.search(/\bexport\b/));
    const message = `"${path}" exports no subscriber; write \`export const subscriber = defineSubscriber({ on: ['step.failed'] }, async (event, tools) => { ... })\``;
    return [makeDiagnostic('NOT_A_SUBSCRIBER', file.span(at, at + 'export'.length), message)];
  }
  const names = eventNames(Object.keys(eventTypes));
  return typedNames(text).flatMap(({ name, at }) => {
    if (names.includes(name)) return [];
    const message = `there is no event "${name}"${didYouMean(name, names)}; docs/events.md lists them`;
    return [makeDiagnostic('UNKNOWN_EVENT', file.span(at, at + name.length), message)];
  });
}

/** The texts in the list of `on`, with their places. */
function typedNames(text: string): { readonly name: string; readonly at: number }[] {
  const list = /defineSubscriber\b[^(]*\(\s*\{[^}]*?\bon\s*:\s*\[([^\]]*)\]/.exec(text);
  const inner = list?.[1];
  if (list === null || inner === undefined) return [];
  const from = list.index + list[0].length - 1 - inner.length;
  return [...inner.matchAll(/(['"])([^'"\n]*)\1/g)].map((one) => ({ name: one[2] ?? '', at: from + one.index + 1 }));
}
