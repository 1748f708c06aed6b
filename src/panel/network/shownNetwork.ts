import { networkOf, type Network } from '../../network/network.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../protocol/settings.ts';

/**
 * The network of a run; before there is one, what a new run would have. The one place of the panel that says so, for the run that is
 * shown and for each run of a comparison.
 */
export function networkOfRun(run: { readonly settings: Pick<RunSettings, 'cell' | 'layers'> } | undefined): Network {
  return networkOf(run?.settings ?? DEFAULT_SETTINGS);
}
