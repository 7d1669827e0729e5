import { test } from 'vitest';
import { checkCaughtRedrives, checkRedrives } from './check-redrives.ts';

test('through failures and kills, redrives end with the output of a run without faults, and no state runs after it was left', () =>
  checkRedrives(300));

test('with errors that are caught and Parallel states that are retried, redrives still end, and no visit is left twice', () =>
  checkCaughtRedrives(150));
