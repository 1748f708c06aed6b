import { InputError } from '../../common/inputError.ts';
import { shown } from './tensorSource.ts';

/** Weights in a format that is not read here, with a program for Python that converts them. */
export class ForeignWeights extends InputError {
  /** Lines of Python. */
  readonly conversion: string;

  constructor(name: string, format: string) {
    const lines = conversionOf(name);
    super(
      `${shown(name)} is ${format}, which can hold programs and is not opened here. Convert it to safetensors in Python, where chars are its ` +
        `symbols by their ids: ${lines.join('; ')}`,
    );
    this.conversion = `${lines.join('\n')}\n`;
  }
}

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const PICKLE = 0x80;
/** Pickles that anybody still writes are of protocol 2 to 5. */
const PROTOCOLS = { least: 2, most: 5 };

/**
 * What PyTorch's own files are, by their first bytes; undefined for others. A safetensors file never begins as a zip archive, since its
 * header would have 67 MB, but may begin as a pickle.
 */
export function pytorchFormat(start: Uint8Array): string | undefined {
  if (ZIP.every((byte, at) => start[at] === byte)) return 'a zip archive, as torch.save writes';
  const isPickle = start[0] === PICKLE && start[1] >= PROTOCOLS.least && start[1] <= PROTOCOLS.most;
  return isPickle ? 'a pickle, as torch.save writes' : undefined;
}

function conversionOf(name: string): string[] {
  const target = `${name.replace(/\.(pt|pth|bin|ckpt|pkl|zip)$/i, '')}.safetensors`;
  return [
    'import json, torch, safetensors.torch',
    `weights = {k: t.contiguous() for k, t in torch.load(${JSON.stringify(name)}, map_location="cpu", weights_only=True).items()}`,
    `safetensors.torch.save_file(weights, ${JSON.stringify(target)}, metadata={"vocabulary": json.dumps(chars), "nonlinearity": "tanh"})`,
  ];
}
