import { MAX_VALIDATION_SYMBOLS } from '../../../../common/limits.ts';
import { NORM_FLOOR } from '../../../../common/optimizers.ts';
import { stateName, type TorchNetwork } from '../names.ts';
import { saturatedShare, saturationTables } from './saturation.ts';

/** The part of `train.py` that trains and checks. */
export function trainingPart(network: TorchNetwork): string {
  return String.raw`# --------------------------------------------------------------------------------------------------------------------
# Training.

${saturationTables(network)}


class Training:
    """A network with its optimizer and its place in the text, between two iterations."""

    def __init__(self, args: argparse.Namespace, device: torch.device) -> None:
        self.args, self.device = args, device
        config = json.loads((HERE / "config.json").read_text("utf-8"))
        self.run, self.vocabulary = config["run"], config["run"]["vocabulary"]
        self.decoding = config["decoding"]
        self.settings = self.run["settings"]
        self.settings["learningRate"] = args.lr or self.settings["learningRate"]
        self.T, self.B = self.settings["sequenceLength"], self.settings["batchSize"]
        if WORLD > self.B:
            sys.exit(f"{WORLD} processes cannot share {self.B} streams: start at most {self.B}.")
        self.divisor = self.T * self.B if self.settings["reduction"] == "mean" else 1
        self.read_text()
        self.read_network()
        self.log: Optional[RunLog] = None

    def read_text(self) -> None:
        """The ids to train on, and those to validate with."""
        path, expected = self.args.text or HERE / "text.txt", self.run.get("text")
        facts = self.run.setdefault("facts", {})
        if not path.exists():
            sys.exit(f"There is no {path}. Give the text that the run was trained on: --text PATH")
        data = path.read_bytes()
        found = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        if expected is None or any(expected[key] != found[key] for key in found):
            if not self.args.other_text:
                sys.exit(f"{path} ({len(data)} bytes) is not the run's text. To train on it all the same: --other-text")
            self.run["text"] = {"uri": path.resolve().as_uri(), "fileName": path.name, **found}
            facts.pop("knownEntropyNats", None)
            self.decoding = {}
        self.text_sha256 = found["sha256"]
        ids = read_ids(data, self.decoding, path, self.vocabulary)
        # Halves are rounded up. Of a long validation text the beginning is measured.
        count = len(ids) - math.floor(len(ids) * self.settings["validationFraction"] + 0.5)
        self.training_ids, self.validation_ids = ids[:count], ids[count : count + ${MAX_VALIDATION_SYMBOLS}]
        self.has_validation = len(self.validation_ids) > 1

    def read_network(self) -> None:
        """From the --out folder, if something was saved there, else from beside this file."""
        self.source = self.args.out if (self.args.out / "model.safetensors").exists() else HERE
        weights, self.metadata = read_safetensors(self.source / "model.safetensors")
        others, of_optimizer = read_safetensors(self.source / "optimizer.safetensors")
        if of_optimizer["iteration"] != self.metadata["iteration"]:
            sys.exit(f"In {self.source}, model.safetensors and optimizer.safetensors are of different iterations.")
        # Iterations and steps done, milliseconds that they took, position in the streams, validations.
        self.progress = json.loads(self.metadata["progress"])
        refuse_other_network(self.source, json.loads(self.metadata["settings"]), self.settings)
        (_, V), (_, H) = weights["rnn.weight_ih_l0"].shape, weights["rnn.weight_hh_l0"].shape
        self.network = Network(V, H).to(self.device, weights["out.bias"].dtype)
        self.network.load_state_dict(weights)
        names = dict.fromkeys(parameter.tensor for parameter in PARAMETERS.values())
        self.tensors = {name: self.network.get_parameter(name) for name in names}
        optimizer = self.settings["optimizer"]
        self.moments = MOMENTS[optimizer]
        self.optimizer = make_optimizer(optimizer, list(self.tensors.values()), self.settings["learningRate"])
        for name, tensor in self.tensors.items():
            state = {moment: others[f"{moment}.{name}"].to(self.device) for moment in self.moments}
            state["step"] = torch.tensor(float(self.progress["optimizerStep"]))
            self.optimizer.state[tensor] = state
        # In another text the place has no meaning. Where reading starts at 0, the states start from zeros.
        is_same_text = self.progress["textSha256"] == self.text_sha256
        self.streams = Streams(self.training_ids, self.T, self.B, self.progress["position"] if is_same_text else 0)
        if "state" in others:
            # Earlier versions of this program knew one layer and one state.
            others[f"${stateName('')}{STATES[0]}{ENDINGS[0]}"] = others["state"]
        states = torch.stack([torch.stack([others[f"${stateName('')}{name}{ending}"] for ending in ENDINGS]) for name in STATES])
        self.states = states[:, :, own_share(self.B)].contiguous().to(self.device)

    def save(self) -> None:
        """Writes the weights, the optimizer and the place in the text. All ranks take part, rank 0 writes."""
        states = self.network.zero_states(self.B)
        states[:, :, own_share(self.B)] = self.states
        sum_over_ranks(states)
        if self.log is None:
            return
        others = {}
        for moment in self.moments:
            for name, tensor in self.tensors.items():
                others[f"{moment}.{name}"] = self.optimizer.state[tensor][moment]
        for name, of_layers in zip(STATES, states):
            others.update({f"${stateName('')}{name}{ending}": state for ending, state in zip(ENDINGS, of_layers)})
        self.progress.update(position=self.streams.position, textSha256=self.text_sha256)
        iteration = str(self.progress["iteration"])
        parts = {"settings": json.dumps(self.settings), "progress": json.dumps(self.progress)}
        self.metadata.update(iteration=iteration, **parts)
        self.log.flush()
        write_safetensors(self.args.out / "optimizer.safetensors", others, {"iteration": iteration})
        write_safetensors(self.args.out / "model.safetensors", self.network.state_dict(), self.metadata)
        self.log.write_run()

    def start_log(self, total: int) -> None:
        """Begins the run's folder, or goes on with it."""

        def label(code: int) -> str:
            return chr(code) if self.vocabulary["tokens"] == "characters" or 32 <= code < 127 else f"\\x{code:02X}"

        count = sum(parameter.numel() for parameter in self.parameters(self.tensors).values())
        is_valid_id = re.fullmatch("[a-z0-9-]{1,64}", self.args.out.name)
        run = {
            **{key: self.run[key] for key in ("format", "version", "settings", "vocabulary")},
            "text": {**self.run["text"], "isKept": False},
            "runId": self.args.out.name if is_valid_id else "train-" + now()[:19].lower().replace(":", "-"),
            "source": "train.py",
            "facts": {
                "vocabulary": [label(code) for code in self.vocabulary["codes"]],
                "parameterCount": count,
                "trainingCharacters": len(self.training_ids),
                "validationCharacters": len(self.validation_ids) if self.has_validation else 0,
                "iterationsPerEpoch": self.streams.windows_per_epoch,
                "iterationsTotal": total,
                # Of parameters, gradients and moments.
                "memoryBytes": count * (2 + len(self.moments)) * self.states.element_size(),
                "kernels": f"PyTorch {self.device.type}" + (f", {WORLD} ranks," if WORLD > 1 else ""),
                "threads": torch.get_num_threads(),
                **{key: value for key, value in self.run["facts"].items() if key == "knownEntropyNats"},
            },
            "versions": {"python": platform.python_version(), "torch": torch.__version__},
            "createdAt": now(),
            "forkedFrom": {"runId": self.run["runId"], "iteration": self.progress["iteration"]},
        }
        self.log = RunLog(self.args.out, run, self.progress, self.T * self.B)

    @staticmethod
    def parameters(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        """The parameters by the names of the inspector, within tensors by those of PyTorch."""
        return {name: parameter.within(tensors[parameter.tensor]) for name, parameter in PARAMETERS.items()}

    def measure(self) -> float:
        return validation_loss(self.network, self.validation_ids, self.T, self.B)

    def validate(self) -> float:
        """Measures the validation loss of the network as it is now, and keeps it where it is a number."""
        iteration, loss = self.progress["iteration"], self.measure()
        measured = {"iteration": iteration, "lossNats": loss}
        self.progress["lastValidationAt"] = iteration
        if math.isfinite(loss):
            self.progress["validation"] = measured
            if self.progress["best"] is None or loss < self.progress["best"]["lossNats"]:
                self.progress["best"] = measured
            if self.log is not None:
                self.log.flush()
                characters = len(self.validation_ids) - 1
                self.log.write_json({"type": "validation", "validation": {**measured, "characters": characters}})
                self.log.write_run()
        return loss

    def check(self) -> int:
        """Compares the validation loss with what the run measured after as many iterations; returns the exit code."""
        if not self.has_validation:
            say("The text has no validation part.")
            return 2
        loss, said = self.measure(), self.progress["validation"]
        begin = f"iteration {self.progress['iteration']}: validation loss {loss:.4f} nats"
        is_known = said is not None and said["iteration"] == self.progress["iteration"]
        if not is_known or self.progress["textSha256"] != self.text_sha256:
            say(f"{begin} (the run did not measure it)")
            return 2
        say(f"{begin} (run says {said['lossNats']:.4f})")
        return 0 if abs(loss - said["lossNats"]) <= 1e-4 else 1

    def iterate(self, model: nn.Module, inspect: bool, stop: bool) -> tuple[bool, bool]:
        """One window and one step. Returns whether all numbers are finite, and whether any rank wants to stop."""
        started = time.perf_counter()
        time_steps, stop = self.backpropagate(model, inspect, stop)
        gradients = self.parameters({name: tensor.grad for name, tensor in self.tensors.items()})
        norms = torch.stack([gradient.norm() for gradient in gradients.values()]).tolist()
        norm = math.hypot(*norms)
        is_finite = math.isfinite(self.loss) and math.isfinite(norm)
        # Both before clipping and before the step.
        steps = measure_steps(time_steps, gradients) if inspect else None
        before = [tensor.detach().clone() for tensor in self.tensors.values()] if inspect else []
        factor = self.update(gradients, norm) if is_finite else math.nan
        if not is_finite:
            self.states = torch.zeros_like(self.states)
        iteration = self.progress["iteration"]
        self.progress["iteration"] += 1
        self.progress["elapsedMs"] += (time.perf_counter() - started) * 1000
        if self.log is not None:
            self.log.add_row([self.loss, norm, factor, self.settings["learningRate"], *norms])
        if steps is not None and is_finite:
            vitals = self.vitals(time_steps, before)
            if self.log is not None:
                self.log.add_inspection(iteration, *steps, *self.first_stream)
                self.log.write_json({"type": "vitals", "vitals": {"iteration": iteration, **vitals}})
        return is_finite, stop

    def backpropagate(self, model: nn.Module, unroll: bool, stop: bool) -> tuple[list[TimeStep], bool]:
        """Reads a window and fills the gradients; the loss per symbol is that of all ranks together."""
        inputs, targets, restarts = self.streams.next()
        self.first_stream = (inputs[:, 0], targets[:, 0])
        if restarts:
            self.states = torch.zeros_like(self.states)
        self.optimizer.zero_grad(set_to_none=True)
        logits, states, time_steps = model(inputs.to(self.device), self.states, unroll=unroll)
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten().to(self.device), reduction="sum")
        # DistributedDataParallel averages the gradients of all ranks; they must be added up.
        (loss * (WORLD / self.divisor)).backward()
        self.network.zero_second_biases({name: tensor.grad for name, tensor in self.tensors.items()})
        self.states = states.detach()
        loss_sum, stops = sum_over_ranks(torch.stack([loss.detach(), loss.new_tensor(float(stop))])).tolist()
        self.loss = loss_sum / (self.T * self.B)
        return time_steps, stops > 0

    def update(self, gradients: dict[str, Tensor], norm: float) -> float:
        """Clips by the norm of all gradients together, and takes a step; returns by what they were multiplied."""
        clip_norm = self.settings["clipNorm"]
        factor = min(1.0, clip_norm / (norm + ${NORM_FLOOR})) if clip_norm > 0 else 1.0
        for gradient in gradients.values():
            gradient.mul_(factor)
        self.optimizer.step()
        self.progress["optimizerStep"] += 1
        return factor

    def vitals(self, time_steps: list[TimeStep], before: list[Tensor]) -> dict[str, Any]:
        """How large the update is against the parameters; the share of ${saturatedShare(network)}."""
        pairs = zip(self.tensors.items(), before)
        changes = {name: (tensor.detach() - old).norm().item() for (name, tensor), old in pairs}
        sizes = dict(zip(self.tensors, [old.norm().item() for old in before]))

        def share(names: list[str]) -> float:
            size = math.hypot(*[sizes[name] for name in names])
            return math.hypot(*[changes[name] for name in names]) / size if size > 0 else 0

        vitals = {"updateToWeight": share(list(sizes))}
        if LAYERS > 1:
            parts = [*(f"_l{layer}" for layer in range(LAYERS)), ("weight", "bias")]
            vitals["updateToWeightOfLayers"] = [share([name for name in sizes if name.endswith(part)]) for part in parts]
        functions = self.function_vitals(time_steps)
        saturation = sum(functions[name]["saturated"] for name in COUNTED) / len(COUNTED)
        return {**vitals, "saturation": saturation, "functions": functions}

    def function_vitals(self, time_steps: list[TimeStep]) -> dict[str, dict[str, float]]:
        """Of every function the shares of numbers that are saturated, of those above a half, of units that always are."""
        counts = []
        for name, function in FUNCTIONS.items():
            gave = torch.cat([step[name].detach() for step in time_steps])
            saturated = IS_SATURATED[function](gave)
            counts.append(torch.stack([saturated.sum(0), (saturated & (gave > 0.5)).sum(0)]))
        # Of every unit (functions, 2, H), over all time steps and streams.
        counts = sum_over_ranks(torch.stack(counts).to(self.states.dtype))
        numbers = self.T * self.B
        found = {}
        for (name, function), (saturated, above) in zip(FUNCTIONS.items(), counts):
            dead = (saturated == numbers).to(saturated.dtype).mean().item()
            found[name] = {"saturated": saturated.mean().item() / numbers, "dead": dead}
            if function == "sigmoid":
                found[name]["open"] = above.mean().item() / numbers
        return found

    def train(self) -> int:
        """Trains until the end, a signal, or a number that is not finite; returns the exit code."""
        args, progress, per_epoch = self.args, self.progress, self.streams.windows_per_epoch
        planned = max(1, math.ceil(self.settings["maxEpochs"] * per_epoch))
        end = progress["iteration"] + args.iterations if args.iterations is not None else planned
        signals = catch_signals()
        if RANK == 0:
            self.start_log(max(planned, end))
        model = DistributedDataParallel(self.network) if WORLD > 1 else self.network
        outcome, printed_at = "finished", 0.0
        while progress["iteration"] < end and outcome == "finished":
            iteration = progress["iteration"]
            inspect = args.inspect_every > 0 and (iteration % args.inspect_every == 0 or iteration == end - 1)
            is_finite, stop = self.iterate(model, inspect, len(signals) > 0)
            iteration += 1
            is_due = iteration == end or iteration >= next_validation_at(progress["lastValidationAt"], per_epoch)
            if is_finite and not stop and is_due and self.has_validation:
                loss = self.validate()
                is_finite = math.isfinite(loss)
                say(f"iteration {iteration}: validation loss {loss:.4f} nats")
            if stop or not is_finite:
                outcome = "stopped" if is_finite else "failed"
            elif args.save_every > 0 and iteration % args.save_every == 0:
                self.save()
            if time.monotonic() - printed_at > 5:
                printed_at = time.monotonic()
                say(f"iteration {iteration} of {end}: loss {self.loss:.4f} nats")
        self.save()
        if self.log is not None:
            self.log.end(outcome)
        say(f"{outcome} after {progress['iteration']} iterations: {args.out / 'model.safetensors'}")
        return 1 if outcome == "failed" else 0
`;
}
