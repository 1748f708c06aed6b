import { FILES } from './script/files.py.ts';
import { LOG } from './script/log.py.ts';
import { NETWORK } from './script/network.py.ts';
import { TEXT } from './script/text.py.ts';
import { TRAINING } from './script/training.py.ts';

/**
 * `train.py`, the same for every run: what differs is in the files beside it. It stands in modules of text, because that is
 * what both the bundler and Node read without further help.
 */
export const TRAIN_PY = FILES + TEXT + NETWORK + LOG + TRAINING;
