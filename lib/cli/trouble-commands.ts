import type { Command } from './command.ts';
import { placeOptions, stackOptions } from './typed/place-options.ts';

/** The commands about runs that went wrong: incidents, alerts and dead letters. */
export const troubleCommands: readonly Command[] = [
  {
    name: 'incidents list',
    arguments: '[pipeline]',
    summary: 'open incidents, and those that ended lately; of all pipelines unless one is given',
    options: [...placeOptions, ['--all', 'every incident that is kept (default: open ones and the last five)']],
    load: () => import('./commands/incidents/list-incidents.ts').then((command) => command.listIncidents),
  },
  {
    name: 'incidents show',
    arguments: '<pipeline> [number]',
    summary: 'the story of one incident; the latest unless a number is given',
    options: placeOptions,
    load: () => import('./commands/incidents/show-incident.ts').then((command) => command.showIncident),
  },
  {
    name: 'incidents ack',
    arguments: '<pipeline> <number>',
    summary: 'say that you take an incident',
    options: [
      ...placeOptions,
      ['--by <name>', 'who (default: your user name)'],
      ['--note <text>', 'kept in its story'],
    ],
    load: () => import('./commands/incidents/speak.ts').then((command) => command.acknowledgeIncident),
  },
  {
    name: 'incidents resolve',
    arguments: '<pipeline> <number>',
    summary: 'close an incident without a run',
    options: [
      ...placeOptions,
      ['--by <name>', 'who (default: your user name)'],
      ['--reason <text>', 'kept in its story'],
    ],
    load: () => import('./commands/incidents/speak.ts').then((command) => command.resolveIncident),
  },
  {
    name: 'alerts test',
    arguments: '<pipeline>',
    summary: 'send a marked sample to the destinations of a template',
    options: [['--route <name>', 'only this route: critical, high, medium, low or stakeholders'], ...stackOptions],
    load: () => import('./commands/alerts/test-alerts.ts').then((command) => command.testAlerts),
  },
  {
    name: 'dlq list',
    arguments: '<pipeline>',
    summary: "a pipeline's open dead letters, the latest first",
    options: [...placeOptions, ['--all', 'closed dead letters too: their steps have succeeded since']],
    load: () => import('./commands/dlq/dlq-list.ts').then((command) => command.dlqList),
  },
  {
    name: 'dlq show',
    arguments: '<pipeline> [id]',
    summary: 'one dead letter in full; the latest unless an id is given',
    options: placeOptions,
    load: () => import('./commands/dlq/dlq-show.ts').then((command) => command.dlqShow),
  },
  {
    name: 'dlq redrive',
    arguments: '<pipeline> [ids...]',
    summary: 'resume the runs of dead letters, each run once',
    options: [
      ...placeOptions,
      ['--all', 'all open dead letters'],
      ['--step <name>', 'only those of this step'],
      ['--dry-run', 'say what would be resumed, and touch nothing'],
    ],
    load: () => import('./commands/dlq/dlq-redrive.ts').then((command) => command.dlqRedrive),
  },
  {
    name: 'dlq dismiss',
    arguments: '<pipeline> <ids...>',
    summary: 'close dead letters for good, without a run',
    options: [...placeOptions, ['--reason <text>', 'why; it is kept with the letter']],
    load: () => import('./commands/dlq/dlq-dismiss.ts').then((command) => command.dlqDismiss),
  },
];
