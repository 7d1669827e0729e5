import { fileURLToPath } from 'node:url';
import { isRunId } from '../../contract/object-keys.ts';
import { examineKept } from '../../offline/kept/examine-kept.ts';
import { KeptExecutions } from '../../offline/kept/kept-executions.ts';
import { localFolders } from '../../offline/kept/local-folders.ts';
import { type Diagnosis, type DoctorOptions, examine } from '../../operate/doctor/doctor.ts';
import type { Finding, Treated } from '../../operate/doctor/finding.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { bytes, counted } from '../render/format.ts';
import { unknownRun } from '../typed/chosen/unknown-run.ts';
import { commandLine } from '../typed/command-line.ts';
import { openPlace, type Place, pipelineIn } from '../typed/place.ts';

/** Verifies the store of a pipeline: every record, and every byte of its data. With `--repair`, also repairs it. */
export function doctor(invocation: Invocation, context: Context): Promise<Answer> {
  return diagnose(invocation, invocation.flag('repair'), context);
}

/** The same as `doctor --repair`. */
export function repair(invocation: Invocation, context: Context): Promise<Answer> {
  return diagnose(invocation, true, context);
}

async function diagnose({ args, option, flag }: Invocation, repairs: boolean, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  const { store } = place;
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  const runId = args[1] ?? null;
  const options = { store, pipeline: name, runId, repair: repairs, now: Date.now(), remembered: rememberedIn(place) };
  if (runId !== null && !isRunId(runId)) throw await unknownRun({ pipeline: name, run_id: runId }, place);
  const found = await examineBoth(options, place);
  if (runId !== null && found.records === 0) throw await unknownRun({ pipeline: name, run_id: runId }, place);
  const { findings, ...examined } = found;
  const open = findings.filter(isOpen).length;
  return {
    exitCode: open > 0 ? 1 : 0,
    json: {
      pipeline: name,
      store: store.url,
      examined,
      repaired: repairs,
      findings: findings.map((one) => ({ ...one })),
      open,
    },
    text: describe(found, { name, place, runId }, context),
  };
}

/** The store's records, and on this machine the files of the offline engine beside them. */
async function examineBoth(options: DoctorOptions, { store, deployed }: Place): Promise<Diagnosis> {
  const found = await examine(options);
  if (deployed || !store.url.startsWith('file:')) return found;
  const kept = await examineKept({ ...options, storeFolder: fileURLToPath(store.url) });
  return { ...found, findings: [...found.findings, ...kept] };
}

/** Data is made again by a resume alone; without a repair, everything is open. */
const isOpen = (finding: Finding | Treated): boolean => !('action' in finding) || finding.action === 'run again';

/** The executions of a run that the offline engine keeps beside a store folder. */
function rememberedIn({ store, deployed }: Place) {
  const kept =
    deployed || !store.url.startsWith('file:')
      ? null
      : (pipeline: string) => new KeptExecutions(localFolders(fileURLToPath(store.url), pipeline).kept);
  return async (run: { readonly pipeline: string; readonly run_id: string }) =>
    kept ? kept(run.pipeline).ofRun(run) : [];
}

interface Named {
  readonly name: string;
  readonly place: Place;
  readonly runId: string | null;
}

function describe(
  { findings, records, objects, bytes: size }: Diagnosis,
  { name, place, runId }: Named,
  context: Context,
): string {
  const { paint } = context;
  const looked = `${counted(records, 'record')}, ${counted(objects, 'object')} of data (${bytes(size)})`;
  const head = `${paint(name, 'bold')}: ${looked}, ${paint(counted(findings.length, 'finding'), findings.length > 0 ? 'red' : 'green')}`;
  if (findings.length === 0) return head;
  // Keys are never cut, so that a person can copy them.
  const lines = findings.flatMap((one) => [
    `  ${paint(one.key, 'yellow')}`,
    `    ${one.kind}: ${paint(one.fault)}${'action' in one ? `; ${paint(one.action, isOpen(one) ? 'red' : 'green')}` : ''}`,
  ]);
  const repaired = findings.some((one) => 'action' in one);
  const words = ['doctor', name, ...(runId === null ? [] : [runId]), '--repair'];
  const runs = new Set(findings.filter(isOpen).flatMap(({ key }) => /\/runs\/([^/]+)\//.exec(key)?.[1] ?? []));
  return [
    head,
    '',
    ...lines,
    '',
    ...(repaired
      ? [...runs].map(
          (run) =>
            `A resume makes it again: ${paint(commandLine(['resume', name, run], place.typed, context), 'cyan')}`,
        )
      : [`Repair: ${paint(commandLine(words, place.typed, context), 'cyan')}`]),
  ].join('\n');
}
