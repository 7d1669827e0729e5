import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Events } from '../../ports.ts';
import { awsClientSettings, type Environment } from '../aws-client-settings.ts';
import { EventBridgeEvents } from './eventbridge-events.ts';

/** Opens an EventBridge bus, by name or ARN. A step waits for an event, so each try is short: without an answer the next report repeats it. */
export function openEventBridge(bus: string, env: Environment): Events {
  const settings = awsClientSettings(env, 'EVENTBRIDGE');
  const requestHandler = { ...settings.requestHandler, connectionTimeout: 500, requestTimeout: 1_000 };
  return new EventBridgeEvents(new EventBridgeClient({ ...settings, maxAttempts: 2, requestHandler }), bus);
}
