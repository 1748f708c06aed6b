import { SETTINGS } from '../../../../protocol/settings.ts';

const { learningRate } = SETTINGS;

/** The part of `train.py` that a person starts: its arguments, what it prints, and how it is ended. */
export const COMMAND = String.raw`

def say(line: str) -> None:
    """Prints a line, once for all processes."""
    if RANK == 0:
        print(line, flush=True)


def catch_signals() -> list[int]:
    """A list that takes a first Ctrl-C or SIGTERM, so that training saves and ends; a second one ends the process."""
    caught: list[int] = []

    def catch(number: int, _: Any) -> None:
        caught.append(number)
        signal.signal(number, signal.SIG_DFL)

    signal.signal(signal.SIGINT, catch)
    signal.signal(signal.SIGTERM, catch)
    return caught


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Trains an RNN of the RNN Gradient Inspector on, in PyTorch.")
    add = parser.add_argument
    add("--check", action="store_true", help="only measure the validation loss; exit code 1 where it is not the run's")
    add("--iterations", type=int, metavar="N", help="train for N more (default: to the end of the run)")
    add("--out", type=Path, help='folder for weights and log; gone on with where it has some (default: "trained")')
    add("--text", type=Path, help="the run's text (default: text.txt beside this file)")
    add("--other-text", action="store_true", help="allow another text than the run's: UTF-8, or UTF-16 with a mark")
    add("--device", help="cpu, cuda, mps, ... (default: cuda where there is one, else cpu)")
    add("--lr", type=float, help="learning rate (default: the run's)")
    add("--inspect-every", type=int, default=20, metavar="N", help="log step norms every N iterations (20); 0: never")
    add("--save-every", type=int, default=1000, metavar="N", help="save every N iterations (1000); 0: at the end only")
    args = parser.parse_args()
    if args.lr is not None and not ${learningRate.minimum} <= args.lr <= ${learningRate.maximum}:
        parser.error(f"--lr is {args.lr}; it must be from ${learningRate.minimum} to ${learningRate.maximum}")
    if min(args.iterations or 0, args.inspect_every, args.save_every) < 0:
        parser.error("--iterations, --inspect-every and --save-every cannot be negative")
    if args.out is None:
        args.out = HERE if args.check else HERE / "trained"
    return args


def main() -> int:
    args = parse_arguments()
    training = Training(args, join_ranks(args.device))
    code = training.check() if training.has_validation or args.check else 0
    return code if args.check else training.train()


if __name__ == "__main__":
    sys.exit(main())
`;
