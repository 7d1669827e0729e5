import type { Style } from './painter.ts';

/** The symbol and colour of each state of a step. */
const outcomeStyles: Readonly<Record<string, { readonly symbol: string; readonly style: Style }>> = {
  succeeded: { symbol: '✔', style: 'green' },
  reused: { symbol: '↺', style: 'green' },
  failed: { symbol: '✖', style: 'red' },
  blocked: { symbol: '⊘', style: 'yellow' },
  skipped: { symbol: '↷', style: 'dim' },
  running: { symbol: '●', style: 'cyan' },
  retrying: { symbol: '↻', style: 'yellow' },
  waiting: { symbol: '◌', style: 'blue' },
  interrupted: { symbol: '◼', style: 'red' },
  pending: { symbol: '·', style: 'dim' },
};

/** Also covers unknown states, since a newer runtime may have more. */
export function outcomeStyle(state: string): { readonly symbol: string; readonly style: Style } {
  return outcomeStyles[state] ?? { symbol: '?', style: 'dim' };
}

/** Colour of a run's status. */
export function statusStyle(status: string): Style {
  return status === 'SUCCEEDED' ? 'green' : status === 'RUNNING' ? 'cyan' : 'red';
}
