import { NETWORK } from '../../network/names.ts';
import type { Network } from '../../network/network.ts';
import type { RunSettings } from '../../protocol/settings.ts';

/**
 * The network of a run; before there is one, what a new run would have. The one place of the panel that says so, for the run that is
 * shown and for each run of a comparison. No setting chooses a cell, so that every run is of the network that is trained.
 */
export function networkOfRun(_run: { readonly settings: RunSettings } | undefined): Network {
  return NETWORK;
}
