import type { TorchNetwork } from './names.ts';
import { COMMAND } from './script/command.py.ts';
import { filesPart } from './script/files.py.ts';
import { LOG } from './script/log.py.ts';
import { networkPart } from './script/network.py.ts';
import { TEXT } from './script/text.py.ts';
import { trainingPart } from './script/training.py.ts';

/**
 * `train.py`, the same for every run of a network: what else differs is in the files beside it. It stands in modules of text,
 * because that is what both the bundler and Node read without further help.
 */
export function trainPy(network: TorchNetwork): string {
  return filesPart(network) + TEXT + networkPart(network) + LOG + trainingPart(network) + COMMAND;
}
