import { caseNamed, type SettingValues } from '../cases.ts';
import { fastest, lookAtOurs, lookAtPeers, WORTH_A_THREAD } from '../choose.ts';
import { using, type Context, type Findings } from '../context.ts';
import { Ours } from '../ours.ts';
import type { ValidationAt } from '../oursProtocol.ts';
import type { Peer } from '../peers.ts';

/** How many slices of time each side trains, in turn with the other. */
const SLICES = 24;
/** At most so many rows are shown. */
const SHOWN = 12;

interface Curves {
  readonly ours: readonly ValidationAt[];
  readonly peer: readonly ValidationAt[];
}

/**
 * The loss on the last tenth of the text over training time, ours and PyTorch's, with the settings of M. Both sides train in
 * turns. Our time is all wall time, validations included; PyTorch's is training alone, and it validates after each slice.
 */
export async function quality(context: Context, seconds: number): Promise<Findings> {
  const m = caseNamed('M');
  const settings = { ...m.settings, validationFraction: 0.1 };
  const best = fastest(await lookAtOurs(context, m), WORTH_A_THREAD);
  if (best === undefined) throw new Error('no kernel trains M');
  const torch = fastest(await lookAtPeers(context, m, ['torch']));
  const peer = torch && (await context.peers.prepare(torch.choice, settings, context.text));
  const ours = await Ours.start(best.name, { ...settings, ...best.choice } satisfies SettingValues, context.text);
  const curves = await using([ours], () => train(context, ours, peer, seconds));
  const names = [ours.name, peer?.name ?? 'PyTorch'];
  return {
    tables: [
      {
        title: `Validation loss of ${context.text.name} over training time, nats a character`,
        columns: ['s', ...names],
        rows: rowsOf(curves),
      },
    ],
    notes: [...context.peers.missing, ...overtaking(curves)],
    data: { seconds, names, ...curves },
  };
}

async function train(context: Context, ours: Ours, peer: Peer | undefined, seconds: number): Promise<Curves> {
  const curves = { ours: [] as ValidationAt[], peer: [] as ValidationAt[] };
  let ourSeconds = 0;
  let peerSeconds = 0;
  for (let slice = 1; slice <= SLICES; slice++) {
    context.log(`quality: slice ${slice} of ${SLICES}`);
    const until = (seconds * slice) / SLICES;
    if (peer !== undefined && until > peerSeconds) {
      peerSeconds += (await peer.run(until - peerSeconds)).seconds;
      curves.peer.push({ seconds: peerSeconds, ...(await peer.validate()) });
    }
    if (until > ourSeconds) {
      const ran = await ours.run(until - ourSeconds);
      ourSeconds += ran.seconds;
      curves.ours.push(...ran.validations);
    }
  }
  return curves;
}

/** Both sides at the same times: the loss that each had last measured by then. */
function rowsOf({ ours, peer }: Curves): string[][] {
  const times = (peer.length > 0 ? peer : ours).map(({ seconds }) => seconds);
  const every = Math.ceil(times.length / SHOWN);
  const shown = times.filter((_, index) => (times.length - 1 - index) % every === 0);
  return shown.map((at) => [at.toFixed(1), lossAt(ours, at), lossAt(peer, at)]);
}

function lossAt(curve: readonly ValidationAt[], seconds: number): string {
  return curve.findLast((point) => point.seconds <= seconds)?.lossNats.toFixed(3) ?? '–';
}

function overtaking({ ours, peer }: Curves): string[] {
  const last = peer.at(-1);
  if (last === undefined) return [];
  const first = ours.find(({ lossNats }) => lossNats <= last.lossNats);
  const reached = `PyTorch's last loss, ${last.lossNats.toFixed(3)} after ${last.seconds.toFixed(1)} s,`;
  return [
    first === undefined ? `${reached} was not reached.` : `${reached} was reached after ${first.seconds.toFixed(1)} s.`,
  ];
}
