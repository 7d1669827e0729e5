import type { JsonObject } from '../../../contract/json.ts';
import type { Incident, StoryLine } from '../../../contract/records/incident.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { moment } from '../../render/format.ts';
import { renderPairs, renderTable } from '../../render/render-table.ts';
import { commandLine } from '../../typed/command-line.ts';
import { openPlace, type Place, pipelineIn } from '../../typed/place.ts';
import { chosenIncident } from './chosen-incident.ts';
import { incidentStyles } from './incident-styles.ts';

/** Shows one incident: its cause, what it blocks, the command that resumes, and its story in the order of the events' times. */
export async function showIncident({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  const incident = await chosenIncident(place.store, name, args[1] ?? null);
  return {
    exitCode: 0,
    json: { incident: incident as unknown as JsonObject },
    text: describe(incident, place, context),
  };
}

function describe(incident: Incident, place: Place, context: Context): string {
  const { paint } = context;
  const { acknowledged, blocked, executions } = incident;
  const run = executions.at(-1)?.replace(/\/\d+$/, '');
  const resume = run === undefined ? null : commandLine(['resume', incident.pipeline, run], place.typed, context);
  const pairs: (readonly [string, string])[] = [
    ['incident', incident.id],
    ['severity', incident.severity],
    ['since', `${moment(incident.opened_at)} UTC`],
    ['last failure', `${moment(incident.last_failure_at)} UTC`],
    ['failures', `${incident.failures}${incident.reopened > 0 ? `, came back ${times(incident.reopened)}` : ''}`],
    ['runs', executions.length === 0 ? '-' : executions.join(', ')],
    ...(blocked.length > 0 ? [['blocks', blocked.join(', ')] as const] : []),
    ...(acknowledged ? [['taken by', takenBy(acknowledged)] as const] : []),
    ...(incident.resolved_at ? [['ended', `${moment(incident.resolved_at)} UTC`] as const] : []),
    ...(resume && incident.status !== 'resolved' ? [['resume', resume] as const] : []),
  ];
  return [
    `${paint(incident.title, 'bold')} ${paint(incident.status, incidentStyles[incident.status])}`,
    '',
    renderPairs(pairs, paint),
    '',
    storyTable(incident.story, context),
  ].join('\n');
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

const takenBy = ({ by, at, note }: NonNullable<Incident['acknowledged']>): string =>
  `${by} at ${moment(at)} UTC${note === '' ? '' : `: ${note}`}`;

function storyTable(story: readonly StoryLine[], context: Context): string {
  const columns = [
    { title: 'time (UTC)' },
    { title: 'change' },
    { title: 'people', drop: 2 },
    { title: 'story', drop: 1, widest: 120 },
  ] as const;
  const inOrder = [...story].sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
  const rows = inOrder.map(({ time, change, loud, text }) => [moment(time), change, loud ? 'hear of it' : '', text]);
  return renderTable(columns, rows, context.table);
}
