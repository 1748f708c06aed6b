import type { Network, Step } from '../../network/network.ts';

/** Which step of the backward pass a thing is, counted from 1. */

type Steps = Pick<Network, 'steps'>;

export function stepOfError({ steps }: Steps, of: string): number {
  return place(steps, (step) => step.kind === 'error' && step.of === of);
}

export function stepOfContribution({ steps }: Steps, to: string): number {
  return place(steps, (step) => step.kind === 'contribution' && step.to === to);
}

export function stepOfMessage({ steps }: Steps, to: string): number {
  return place(steps, (step) => step.kind === 'message' && step.to === to);
}

function place(steps: readonly Step[], isMeant: (step: Step) => boolean): number {
  const index = steps.findIndex(isMeant);
  if (index < 0) throw new RangeError('The network has no such step.');
  return index + 1;
}
