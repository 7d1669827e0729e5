/** The two commands with which a person says something about an incident. */
import type { Incident } from '../../../contract/records/incident.ts';
import { SystemClock } from '../../../ports/system-clock.ts';
import { say } from '../../../runtime/incidents/keep-incidents.ts';
import type { OperatorWord } from '../../../runtime/incidents/operator-words.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { operatorName } from '../../typed/operator-name.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { chosenIncident } from './chosen-incident.ts';

/** Records that a person takes the incident. */
export function acknowledgeIncident(invocation: Invocation, context: Context): Promise<Answer> {
  return speak({ word: 'acknowledge', note: invocation.option('note')?.trim() ?? '' }, invocation, context);
}

/** Closes the incident without a run. */
export function resolveIncident(invocation: Invocation, context: Context): Promise<Answer> {
  const note = invocation.option('reason')?.trim() ?? '';
  if (note === '') throw new UsageError('incidents resolve needs --reason <text>: it is kept in the story');
  return speak({ word: 'resolve', note }, invocation, context);
}

async function speak(
  { word, note }: Pick<OperatorWord, 'word' | 'note'>,
  { args, option, flag }: Invocation,
  context: Context,
): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  const { number, status } = await chosenIncident(place.store, name, args[1] ?? null);
  const by = operatorName(option('by'), context);
  const clock = new SystemClock();
  const at = new Date(clock.now()).toISOString();
  const ports = { store: place.store, clock, ...(place.events && { events: place.events }) };
  const changes = (await say(ports, name, { word, number, by, at, note })) ?? [];
  const incident = changes.at(-1)?.incident ?? (await chosenIncident(place.store, name, String(number)));
  return {
    exitCode: 0,
    json: { incident: incident.id, status: incident.status, by, changed: changes.length > 0 },
    text: answer(incident, status, changes.length > 0),
  };
}

function answer({ id, status, acknowledged }: Incident, before: Incident['status'], changed: boolean): string {
  if (before === 'resolved') return `incident ${id} had ended before; nothing was changed`;
  if (!changed) return `incident ${id} stays open: it failed again after your command began`;
  return status === 'resolved' ? `incident ${id} is closed` : `incident ${id} is taken by ${acknowledged?.by}`;
}
