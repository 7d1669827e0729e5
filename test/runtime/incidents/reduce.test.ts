import { describe, expect, test } from 'vitest';
import type { DaybreakEvent } from '../../../lib/contract/events/event.ts';
import { takeWord } from '../../../lib/runtime/incidents/operator-words.ts';
import { alarm, at, missed, runCompleted, runFailed, stepFailed, story } from './incident-fixtures.ts';

const failure = stepFailed('02:00', { run: 'r1' });

describe('one incident per cause', () => {
  test('a failure opens one; blocked steps and the failed run join it quietly', () => {
    const blocked: DaybreakEvent = {
      ...failure,
      id: 'step.blocked/sales/r1/1/join',
      type: 'step.blocked',
      step: 'join',
      detail: { started_at: null, ended_at: at('02:01'), attempts: 0, blocked_by: ['extract'] },
    };
    const end = runFailed('02:02', { run: 'r1', started: '01:00', failed: ['extract'], blocked: ['join', 'report'] });
    const { lines, state } = story(failure, blocked, end);
    expect(lines).toEqual(['1 opened loud', '1 joined quiet']);
    expect(state.incidents).toMatchObject([
      { id: 'sales-1', failures: 1, blocked: ['join', 'report'], causes: [{ step: 'extract', error: 'CrmDown' }] },
    ]);
  });

  test('a failed run that is reported before its failed step opens the same incident', () => {
    const end = runFailed('02:02', { run: 'r1', started: '01:00', failed: ['extract'] });
    expect(story(end, failure).lines).toEqual(['1 opened loud', '1 joined quiet']);
  });

  test('two causes in one run are two incidents', () => {
    const other = stepFailed('02:01', { run: 'r1', step: 'load', error: 'DiskFull' });
    const end = runFailed('02:02', { run: 'r1', started: '01:00', failed: ['extract'] });
    expect(story(failure, other, end).lines).toEqual(['1 opened loud', '2 opened loud', '1 joined quiet']);
  });

  test('the same step with the same error in later runs joins', () => {
    const { lines, state } = story(failure, stepFailed('03:00', { run: 'r2' }), stepFailed('04:00', { run: 'r3' }));
    expect(lines).toEqual(['1 opened loud', '1 joined quiet', '1 joined quiet']);
    expect(state.incidents[0]).toMatchObject({ failures: 3, executions: ['r1/1', 'r2/1', 'r3/1'] });
  });

  test('a missed deadline of the same run joins, and so does an alarm within an hour', () => {
    expect(story(failure, missed('07:00', 'r1'), alarm('02:05', 'sales-execution-failed')).lines).toEqual([
      '1 opened loud',
      '1 joined quiet',
      '1 joined quiet',
    ]);
  });

  test('an incident knows the latest deadline that it holds up; a deadline of a step is not the pipeline’s', () => {
    const late = (...events: readonly DaybreakEvent[]) => story(failure, ...events).state.incidents[0]?.late;
    const miss = missed('07:00', 'r1');
    const risk = { ...miss, id: 'risk', type: 'deadline.at_risk', time: at('06:00') } as DaybreakEvent;
    const known = { ready_by: at('07:00'), late_seconds: 0, held_up_by: null };
    expect(late()).toBeNull();
    expect(late(risk)).toEqual({ ...known, missed: false });
    expect(late(risk, miss)).toEqual({ ...known, missed: true });
    expect(late(miss, risk)).toEqual({ ...known, missed: true });
    expect(late({ ...risk, step: 'extract' })).toBeNull();
    const back = stepFailed('27:00', { run: 'r2' });
    expect(late(miss, runCompleted('08:00', { run: 'r1', n: 2, started: '07:30' }), back)).toBeNull();
  });

  test('an alarm or a deadline that comes first is explained by the failure that follows', () => {
    const { lines, state } = story(alarm('01:58', 'sales-execution-failed'), failure);
    expect(lines).toEqual(['1 opened loud', '1 joined quiet']);
    expect(state.incidents[0]?.causes).toEqual([
      { step: null, error: 'Alarm sales-execution-failed' },
      { step: 'extract', error: 'CrmDown' },
    ]);
  });

  test('a deadline that is missed without any run opens an incident', () => {
    expect(story(missed('07:00', null)).state.incidents).toMatchObject([
      { causes: [{ step: null, error: 'Deadline' }] },
    ]);
  });

  test('a run that died as a whole opens one, and a stop by a person only a low one', () => {
    const died = runFailed('05:00', { run: 'r1', started: '01:00', error: 'States.Timeout' });
    const stopped: DaybreakEvent = {
      ...died,
      id: 'run.stopped/sales/r2/1',
      type: 'run.stopped',
      severity: 'low',
      run_id: 'r2',
    } as DaybreakEvent;
    expect(story(died).state.incidents).toMatchObject([{ severity: 'high', causes: [{ error: 'States.Timeout' }] }]);
    expect(story(stopped).state.incidents).toMatchObject([{ severity: 'low' }]);
  });

  test('a higher severity is a change that people hear of', () => {
    const worse = stepFailed('03:00', { run: 'r2', severity: 'critical' });
    expect(story(failure, worse).lines).toEqual(['1 opened loud', '1 raised loud']);
  });

  test('attempts that are repeated make no incident', () => {
    const retrying = { ...failure, id: 'x', type: 'step.retrying', detail: { kind: 'error', delay_seconds: null } };
    expect(story(retrying as DaybreakEvent).lines).toEqual([]);
  });
});

describe('the end of an incident', () => {
  test('a later execution of the same run resolves it, loud as the beginning was', () => {
    const { lines, open } = story(failure, runCompleted('03:00', { run: 'r1', n: 2, started: '00:30' }));
    expect(lines).toEqual(['1 opened loud', '1 resolved loud']);
    expect(open).toEqual([]);
  });

  test('another run that started after the failure resolves it; one that had started before does not', () => {
    const before = runCompleted('03:00', { run: 'r2', started: '01:30' });
    const after = runCompleted('04:00', { run: 'r3', started: '02:30' });
    expect(story(failure, before).open).toHaveLength(1);
    expect(story(failure, before, after).lines).toEqual(['1 opened loud', '1 resolved loud']);
  });

  test('a run in which the optional step failed again does not resolve it', () => {
    const again = runCompleted('04:00', { run: 'r2', started: '03:00', failed: ['extract'] });
    expect(story(failure, again).open).toHaveLength(1);
  });

  test('it stays open until each failed run is made good or a newer one succeeded', () => {
    const other = stepFailed('02:30', { run: 'r2' });
    const redriven = runCompleted('03:00', { run: 'r2', n: 2, started: '00:00' });
    expect(story(failure, other, redriven).open).toHaveLength(1);
    expect(story(failure, other, redriven, runCompleted('04:00', { run: 'r3', started: '03:30' })).open).toEqual([]);
  });

  test('a failure that is reported after the success that followed it opens nothing', () => {
    const success = runCompleted('03:00', { run: 'r1', n: 2, started: '02:30' });
    const { lines, open } = story(success, failure);
    expect(lines).toEqual(['1 late quiet']);
    expect(open).toEqual([]);
  });

  test('the run that was late ends the miss of its deadline itself', () => {
    const { lines } = story(missed('07:00', 'r1'), runCompleted('07:20', { run: 'r1', started: '05:00' }));
    expect(lines).toEqual(['1 opened loud', '1 resolved loud']);
  });
});

describe('an event that is taken in again', () => {
  test('changes nothing, and gives its change again with the same revision', () => {
    const first = story(failure, stepFailed('03:00', { run: 'r2' }));
    const again = story(failure, stepFailed('03:00', { run: 'r2' }), failure);
    expect(again.state).toEqual(first.state);
    expect(again.changes.at(-1)?.line).toEqual(first.changes[0]?.line);
  });
});

describe('a pipeline that fails and recovers, again and again', () => {
  const nights = (count: number, everyHours: number): DaybreakEvent[] =>
    Array.from({ length: count }, (_, index) => {
      const hour = index * everyHours;
      return [
        stepFailed(`${hour}:10`, { run: `r${index}` }),
        runCompleted(`${hour}:50`, { run: `r${index}`, n: 2, started: `${hour}:20` }),
      ];
    }).flat();

  test('is one incident that comes back, and people hear of it at most once in six hours', () => {
    const { lines, state } = story(...nights(24, 1));
    expect(state.incidents).toHaveLength(1);
    expect(state.incidents[0]).toMatchObject({ reopened: 23, status: 'resolved' });
    // 00:10, 06:10, 12:10 and 18:10.
    expect(lines.filter((line) => /opened loud/.test(line))).toHaveLength(4);
    // Those who heard of it hear of its end, and no one else.
    expect(lines.filter((line) => /resolved loud/.test(line))).toHaveLength(4);
  });

  test('each night is loud: a failure a day later is no flapping', () => {
    expect(story(...nights(3, 24)).lines.filter((line) => /loud/.test(line))).toEqual([
      '1 opened loud',
      '1 resolved loud',
      '1 reopened loud',
      '1 resolved loud',
      '1 reopened loud',
      '1 resolved loud',
    ]);
  });

  test('one that came back quietly and stays becomes loud after six hours', () => {
    const events = [
      ...nights(1, 1),
      stepFailed('01:10', { run: 'a' }),
      stepFailed('04:10', { run: 'b' }),
      stepFailed('06:10', { run: 'c' }),
    ];
    expect(story(...events).lines.slice(2)).toEqual(['1 reopened quiet', '1 joined quiet', '1 joined loud']);
  });

  test('a failure two days after the end is a new incident', () => {
    const events = [...nights(1, 1), stepFailed('49:00', { run: 'later' })];
    expect(story(...events).lines.at(-1)).toBe('2 opened loud');
  });
});

describe('a person', () => {
  const word = { number: 1, by: 'ada', at: at('02:30'), note: 'calling the vendor' };

  test('takes an incident; later failures join, and a success still ends it', () => {
    const taken = takeWord(story(failure).state, { ...word, word: 'acknowledge' });
    expect(taken?.changes).toMatchObject([
      { line: { change: 'acknowledged', loud: false, text: 'ada took it: calling the vendor' } },
    ]);
    expect(taken?.state.incidents[0]).toMatchObject({ status: 'acknowledged', acknowledged: { by: 'ada' } });
  });

  test('closes it: a failure from before is late, one from afterwards reopens it', () => {
    const closed = takeWord(story(failure).state, { ...word, word: 'resolve' });
    expect(closed?.state.incidents[0]).toMatchObject({ status: 'resolved', resolved_by: 'operator ada' });
    expect(takeWord(closed?.state ?? story().state, { ...word, word: 'resolve' })?.changes).toEqual([]);
  });

  test('cannot speak about an incident that does not exist', () => {
    expect(takeWord(story().state, { ...word, word: 'resolve' })).toBeNull();
  });
});

describe('the record of a pipeline stays small', () => {
  test('fifty open incidents at most: what comes after joins the last', () => {
    const events = Array.from({ length: 60 }, (_, index) => stepFailed('02:00', { run: 'r1', step: `step_${index}` }));
    const { state } = story(...events);
    expect(state.incidents).toHaveLength(50);
    expect(JSON.stringify(state).length).toBeLessThan(100_000);
  });

  test('a story of hundreds of failures keeps its beginning and its end', () => {
    const events = Array.from({ length: 300 }, (_, index) => stepFailed('02:00', { run: `r${index}` }));
    const [incident] = story(...events).state.incidents;
    expect(incident?.story).toHaveLength(60);
    expect(incident?.story[0]?.change).toBe('opened');
    expect(incident?.story.at(-1)).toMatchObject({ run_id: 'r299', revision: 300 });
    expect(incident?.failures).toBe(300);
  });
});
