import { unmarked } from '../../../common/foreignText.ts';
import { unusualNetwork } from '../../../protocol/settings.ts';
import type { Checkpoint } from '../../../protocol/checkpoint.ts';
import type { TorchNetwork } from './names.ts';
import type { StoredRun, StoredText } from '../../../protocol/storedRun.ts';

/** What a `README.md` beside `train.py` says. */
export interface ReadmeFacts {
  readonly run: StoredRun;
  readonly text: StoredText;
  readonly checkpoint: Checkpoint;
  readonly network: Pick<TorchNetwork, 'torch'>;
  readonly textFileName: string;
  readonly hasText: boolean;
}

export function readmeOf({ run, text, checkpoint, network, textFileName, hasText }: ReadmeFacts): string {
  const { V, H, T, B } = checkpoint.shape;
  const unusual = unusualNetwork(checkpoint).map((said) => `${said}, `);
  const name = unmarked(inline(run.name ?? textFileName));
  const textRow = hasText
    ? '| `text.txt` | the text, byte for byte |'
    : `| not included | the text, \`${inline(textFileName).replaceAll('|', ' ')}\` (${text.bytes} bytes): add \`--text PATH\` to every command |`;
  return `# ${name}

A character-level RNN (${unusual.join('')}V=${V}, H=${H}, T=${T}, B=${B}, ${checkpoint.optimizer}) after ${checkpoint.iteration} iterations, from the RNN
Gradient Inspector. Python 3.9 and PyTorch 1.13 or later go on with it; no other package is needed.

    python train.py --check
    python train.py --iterations 1000
    torchrun --nproc_per_node 2 train.py --iterations 1000

The first measures the validation loss and compares it with the run's. The second trains on, with the same numbers as the
inspector up to rounding. The third shares the streams among processes: several GPUs or machines, or the cores of one.

| file | what it holds |
| --- | --- |
| \`train.py\` | the program; \`python train.py --help\` lists its options |
| \`model.safetensors\` | the weights, by the names of the state_dict of torch.nn.${network.torch.module} and torch.nn.Linear |
| \`optimizer.safetensors\` | the optimizer's moments and the states that the next window starts from |
| \`config.json\` | the run: settings, vocabulary, size and SHA-256 of the text |
${textRow}

Training writes the folder \`trained\` (or \`--out\`): the weights, and a log with the loss, the norm of every parameter's gradient,
and every 20 iterations its norm at every time step. The inspector opens that folder as a run, also while it grows.
`;
}

/** A name of any origin, so that it cannot end the line or the quotation that it stands in. */
function inline(name: string): string {
  return name.replace(/[\p{C}\p{Zl}\p{Zp}`]/gu, ' ').trim();
}
