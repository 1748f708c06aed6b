/** The part of `train.py` that writes a run's folder: as `runs/format/records.ts`. */
export const LOG = String.raw`# --------------------------------------------------------------------------------------------------------------------
# The log: a run's folder as the inspector reads it. "metrics" is 8 bytes that say what it is, then records:
# the payload's length (u32), what kind it is (u8), the payload, and the CRC-32 of kind and payload. All little-endian.

MAGIC = b"RNNRUN1\n"
ROWS, INSPECTION, JSON = 1, 2, 3


def whole_records(data: bytes) -> int:
    """Where the last whole record ends: a process that was killed may have left a part of one after it."""
    at = whole = len(MAGIC) if data.startswith(MAGIC) else 0
    while whole > 0 and at + 9 <= len(data):
        start, at = at, at + 9 + struct.unpack_from("<I", data, at)[0]
        if at <= len(data) and zlib.crc32(data[start + 4 : at - 4]) == struct.unpack_from("<I", data, at - 4)[0]:
            whole = at
    return whole


def now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def refuse_other_network(folder: Path, found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Ends where the settings in a folder are of another network than this program's."""

    def network(settings: dict[str, Any]) -> str:
        # Those of earlier versions say nothing of the layers, where there was one.
        return f"cell {settings.get('cell', 'tanh')}, layers {settings.get('layers', 1)}, H={settings['hiddenSize']}"

    if network(found) != network(expected):
        sys.exit(
            f"{folder} holds another network ({network(found)}) than this program trains ({network(expected)}). "
            "Give another folder: --out PATH"
        )


class RunLog:
    """Writes a run's folder; only rank 0 has one. Every record goes to the disk at once, for whoever follows."""

    def __init__(self, folder: Path, run: dict[str, Any], progress: dict[str, Any], symbols_per_window: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.run, self.progress, self.symbols = folder, run, progress, symbols_per_window
        if (folder / "run.json").exists():
            before = json.loads((folder / "run.json").read_text("utf-8"))
            if before.get("source") != "train.py":
                sys.exit(f"{folder} holds a run that this program did not write. Give another folder: --out PATH")
            refuse_other_network(folder, before["settings"], run["settings"])
            run.update({key: before[key] for key in ("runId", "createdAt", "forkedFrom")})
        else:
            # The best validation so far is one of the run that this one comes from.
            progress["best"] = None
        self.rows: list[list[float]] = []
        self.flushed_at = time.monotonic()
        path = folder / "metrics"
        length = whole_records(path.read_bytes()) if path.exists() else 0
        self.file = open(path, "r+b" if length > 0 else "wb")
        self.file.truncate(length)
        self.file.seek(length)
        if length == 0:
            self.file.write(MAGIC)
        # Again in a file that is gone on with: whoever began it may have been killed before its own were whole.
        self.write_columns()
        if length > 0:
            # What was logged after the weights were saved is computed anew.
            self.write_json({"type": "rewind", "iterations": progress["iteration"]})
        self.write_run(state="running", changedAt=now())

    def write_run(self, **changes: Any) -> None:
        """Replaces run.json, which says what the run is and how it stands."""
        best = {"best": self.progress["best"]} if self.progress["best"] else {}
        self.run.update(iterations=self.progress["iteration"], elapsedMs=self.progress["elapsedMs"], **best, **changes)
        replace_file(self.folder / "run.json", json.dumps(self.run, indent=2).encode())

    def write(self, kind: int, payload: bytes) -> None:
        content = bytes([kind]) + payload
        self.file.write(struct.pack("<I", len(payload)) + content + struct.pack("<I", zlib.crc32(content)))
        self.file.flush()

    def write_json(self, content: dict[str, Any]) -> None:
        self.write(JSON, json.dumps(content).encode())

    def write_columns(self) -> None:
        """What the numbers of the records after it are, by name."""
        names = list(PARAMETERS)
        rows = ["lossNats", "gradNorm", "clipFactor", "learningRate", *(f"gradNorm_{name}" for name in names)]
        errors = [f"d{name}" for name in QUANTITIES]
        self.write_json({"type": "columns", "rows": rows, "stepNorm": names + errors, "stepCosine": names})

    def add_row(self, row: list[float]) -> None:
        """Loss, norm of the gradient, clip factor, learning rate, the norm of every parameter's gradient."""
        self.rows.append(row)
        if time.monotonic() - self.flushed_at > 0.5:
            self.flush()

    def flush(self) -> None:
        if self.rows:
            done = self.progress["iteration"]
            epoch = done / self.run["facts"]["iterationsPerEpoch"]
            values = [done - len(self.rows), epoch, done * self.symbols, self.progress["elapsedMs"]]
            values += [value for row in self.rows for value in row]
            self.write(ROWS, struct.pack(f"<{len(values)}d", *values))
        self.rows, self.flushed_at = [], time.monotonic()

    def add_inspection(self, iteration: int, norms: Tensor, cosines: Tensor, inputs: Tensor, targets: Tensor) -> None:
        """The step norms and cosines of one iteration, and the ids that the first stream read and was asked for."""
        self.flush()
        floats = torch.cat([norms.flatten(), cosines.flatten()]).tolist()
        ids = torch.cat([inputs, targets]).tolist()
        head = struct.pack("<4I", iteration % 2**32, iteration // 2**32, len(inputs), 0)
        self.write(INSPECTION, head + struct.pack(f"<{len(floats)}f", *floats) + struct.pack(f"<{len(ids)}i", *ids))

    def end(self, outcome: str) -> None:
        self.flush()
        last = self.progress["iteration"] - 1
        message = f"Iteration {last}: the loss, its gradient or the validation loss is not finite. Try a lower --lr."
        not_finite = {"iteration": last, "quantity": "loss", "timeStep": None, "message": message}
        failure = {"notFinite": not_finite, "failure": message} if outcome == "failed" else {}
        self.write_run(state=outcome, changedAt=now(), endedAt=now(), **failure)
        self.file.close()


`;
