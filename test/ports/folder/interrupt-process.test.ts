import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hostOf, interruptProcess } from '../../../lib/ports/folder/interrupt-process.ts';
import { nameProcess } from '../../../lib/ports/folder/process-identity.ts';

const kill = process.kill.bind(process);
let signals: unknown[][] = [];

beforeEach(() => {
  signals = [];
  vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
    if (signal === 0) return kill(pid, 0);
    signals.push([pid, signal]);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

describe.runIf(process.platform === 'linux')('an interrupt', () => {
  test('goes to the process that the record names', async () => {
    expect(await interruptProcess(await nameProcess(process.pid))).toBeNull();
    expect(signals).toEqual([[process.pid, 'SIGINT']]);
  });

  test('never goes to a later process with the same id', async () => {
    const mine = await nameProcess(process.pid);
    expect(await interruptProcess({ ...mine, identity: `${mine.identity}0` })).toBeNull();
    expect(signals).toEqual([]);
  });

  test('never goes to a process of another host, whose id means another process here', async () => {
    const mine = await nameProcess(process.pid);
    const other = { ...mine, place: 'otherhost pid:[1] a-boot' };
    expect(await interruptProcess(other)).toBe('elsewhere');
    expect(hostOf(other)).toBe('otherhost');
    expect(signals).toEqual([]);
  });

  test('never goes to a process whose start is unknown', async () => {
    expect(await interruptProcess({ ...(await nameProcess(process.pid)), identity: null })).toBe('unidentified');
    expect(signals).toEqual([]);
  });

  // kill(2): 0 and negative numbers mean groups of processes, and -1 every process.
  test.each([0, -1])('never goes to a group of processes (pid %i)', async (pid) => {
    expect(await interruptProcess({ ...(await nameProcess(process.pid)), pid })).toBeNull();
    expect(signals).toEqual([]);
  });

  test('reports a process of another user', async () => {
    const mine = await nameProcess(process.pid);
    vi.mocked(process.kill).mockImplementation((pid, signal) => {
      if (signal === 0) return kill(pid, 0);
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    expect(await interruptProcess(mine)).toBe('forbidden');
  });
});
