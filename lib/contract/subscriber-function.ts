/** The limits of every subscriber's function, offline and deployed. */
export const subscriberFunction = { timeoutSeconds: 60, memoryMb: 512 } as const;
