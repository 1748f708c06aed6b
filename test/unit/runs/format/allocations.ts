const COUNTED = ['Uint8Array', 'Int32Array', 'Float32Array', 'Float64Array', 'ArrayBuffer'] as const;

/**
 * Lets `action` find out how many bytes of typed arrays what it calls allocates; views of memory that is there already are not
 * counted. What is called throws through.
 */
export function withAllocations(action: (allocatedBy: (call: () => void) => number) => void): void {
  const originals = COUNTED.map((name) => [name, globalThis[name]] as const);
  let bytes = 0;
  const counting = (target: new (...args: never[]) => object): unknown =>
    new Proxy(target, {
      construct(original, args: unknown[], newTarget) {
        const made = Reflect.construct(original, args, newTarget as typeof original) as ArrayBuffer;
        if (!isView(args[0])) bytes += made.byteLength;
        return made;
      },
    });
  try {
    for (const [name, original] of originals) replaceGlobal(name, counting(original));
    action((call) => {
      const before = bytes;
      call();
      return bytes - before;
    });
  } finally {
    for (const [name, original] of originals) replaceGlobal(name, original);
  }
}

function isView(argument: unknown): boolean {
  return Object.prototype.toString.call(argument) === '[object ArrayBuffer]';
}

function replaceGlobal(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
