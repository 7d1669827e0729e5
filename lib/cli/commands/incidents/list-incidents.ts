import type { JsonObject } from '../../../contract/json.ts';
import type { Incident } from '../../../contract/records/incident.ts';
import { readIncidents } from '../../../runtime/incidents/keep-incidents.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { counted, moment } from '../../render/format.ts';
import { renderTable } from '../../render/render-table.ts';
import { chosenPipelines } from '../../typed/chosen/chosen-pipelines.ts';
import { commandLine } from '../../typed/command-line.ts';
import { openPlace, type Place } from '../../typed/place.ts';
import { incidentStyles } from './incident-styles.ts';

/** The incidents that ended lately and stand below the open ones. */
const lately = 5;

/** Lists incidents: the open ones first, then those that ended last. */
export async function listIncidents({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  const pipelines = await chosenPipelines(place, args[0] ?? null, context);
  const states = await Promise.all(pipelines.map((name) => readIncidents(place.store, name)));
  const all = states.flatMap(({ incidents }) => incidents).sort(latestFirst);
  const open = all.filter(({ status }) => status !== 'resolved');
  const ended = all.filter(({ status }) => status === 'resolved');
  const shown = [...open, ...(flag('all') || context.json ? ended : ended.slice(0, lately))];
  const older = open.length + ended.length - shown.length;
  return {
    exitCode: 0,
    json: { store: place.store.url, pipelines, incidents: shown as unknown as JsonObject[] },
    text: [
      shown.length > 0 ? table(shown, context) : none(args[0] ?? null, place, context),
      ...(older > 0 ? [context.paint(`  and ${counted(older, 'ended one')} (--all shows them)`, 'dim')] : []),
      ...wayOn(shown, place, context),
    ].join('\n'),
  };
}

const latestFirst = (one: Incident, other: Incident): number =>
  Date.parse(other.last_failure_at) - Date.parse(one.last_failure_at);

function table(incidents: readonly Incident[], context: Context): string {
  const columns = [
    { title: 'incident' },
    { title: 'state' },
    { title: 'severity', drop: 3 },
    { title: 'since (UTC)', drop: 2 },
    { title: 'failures', align: 'right', drop: 4 },
    { title: 'cause', drop: 1 },
  ] as const;
  const rows = incidents.map((incident) => [
    incident.id,
    { text: incident.status, style: incidentStyles[incident.status] },
    incident.severity,
    moment(incident.opened_at),
    String(incident.failures),
    causeOf(incident),
  ]);
  return renderTable(columns, rows, context.table);
}

const causeOf = ({ causes: [cause] }: Incident): string =>
  cause ? `${cause.step === null ? '' : `${cause.step}: `}${cause.error}` : '';

const none = (pipeline: string | null, { store }: Place, { paint }: Context): string =>
  `${pipeline === null ? 'no pipeline has' : `${paint(pipeline, 'bold')} has no`} ${pipeline === null ? 'an incident' : 'incidents'} in ${paint(store.url)}`;

function wayOn([first]: readonly Incident[], { typed }: Place, context: Context): string[] {
  if (!first) return [];
  const show = commandLine(['incidents', 'show', first.pipeline, String(first.number)], typed, context);
  return ['', `Its story: ${context.paint(show, 'cyan')}`];
}
