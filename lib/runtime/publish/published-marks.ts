/** The watermarks of published versions: which value a run reads, and which versions may follow each other. */
import { digestOf } from '../../contract/fingerprint.ts';
import type { Json } from '../../contract/json.ts';
import type { KeptVersion, Pointer } from '../../contract/published/pointer.ts';
import type { PublishedVersion } from '../../contract/published/published-version.ts';
import type { PublishedMark } from '../../contract/published/watermark.ts';

/** A version, with the steps behind its data. */
type Marked = Pick<PublishedVersion, 'run_id' | 'steps' | 'upstream'>;

/** The value of a watermark in the current version; null where there is none. */
export function publishedMark(pointer: Pointer | null, step: string, name: string): Json {
  return marksOf(currentOf(pointer)).find((one) => one.step === step && one.name === name)?.value ?? null;
}

/**
 * Says why a version may not become the current one: its data begins at a mark that is no longer the current one, so rows would be lost or stand there twice. Null if it may. A further execution
 * of the run that made the current version takes that version's place, so it may.
 */
export function refuseStaleMarks(pointer: Pointer, draft: Marked): string | null {
  const current = currentOf(pointer);
  if (current?.run_id === draft.run_id) return null;
  const stale = readBy(draft).find(
    ({ step, name, read }) => digestOf(publishedMark(pointer, step, name)) !== digestOf(read),
  );
  if (!stale) return null;
  const now = publishedMark(pointer, stale.step, stale.name);
  const by = current ? `version ${current.version} of run ${current.run_id} is published` : 'no version is published';
  return `it read the watermark "${stale.name}" of step "${stale.step}" as ${shown(stale.read)}, and by now ${by}, whose value is ${shown(now)}; a resume reads the same value again: start a new run`;
}

/** The marks of a version that becomes the current one. Marks that its steps did not ask for stay as they are. */
export function marksAfter(pointer: Pointer, draft: Marked): PublishedMark[] {
  const own = readBy(draft).map(({ step, name, read, next = read }) => ({ step, name, value: next }));
  const isOwn = (mark: PublishedMark): boolean =>
    own.some(({ step, name }) => step === mark.step && name === mark.name);
  return [...marksOf(currentOf(pointer)).filter((mark) => !isOwn(mark)), ...own];
}

const readBy = ({ steps, upstream }: Marked) =>
  [...steps, ...upstream].flatMap(({ step, watermarks = [] }) => watermarks.map((mark) => ({ step, ...mark })));

const marksOf = (version: KeptVersion | null): readonly PublishedMark[] => version?.watermarks ?? [];

/** The current version of a pipeline without partitions. */
function currentOf(pointer: Pointer | null): KeptVersion | null {
  const row = pointer?.partitions.find(({ partition }) => partition === '');
  return row?.versions.find(({ version }) => version === row.current) ?? null;
}

const shown = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text;
};
