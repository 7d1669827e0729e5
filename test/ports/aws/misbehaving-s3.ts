import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { openStore } from '../../../lib/ports/open-store.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { startServer } from './fauxqs.ts';
import { type Fault, startS3Proxy } from './s3-proxy.ts';

/** The same client that functions get, with its real retries, against a server that misbehaves. One per test file; each test plans its faults. */
export async function misbehavingS3() {
  const server = await startServer();
  const proxy = await startS3Proxy(server.address);
  const environment = { AWS_ENDPOINT_URL: proxy.address, AWS_REGION: 'us-east-1' };

  beforeAll(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    // Full jitter at its lower end: retries follow at once.
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  beforeEach(() => {
    proxy.faults.length = 0;
    proxy.seen.length = 0;
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await proxy.stop();
    await server.stop();
  });

  return {
    proxy,
    plan: (at: RegExp, ...faults: readonly Fault[]): void => {
      proxy.faults.push(...faults.map((fault) => ({ fault, at })));
    },
    open: (): Promise<ObjectStore> => openStore(`s3://${server.bucket()}`, environment),
  };
}
