/** Where the share of `worker` of `count` things begins; that of the worker after the last is `count`. */
export function share(count: i32, worker: i32, workers: i32): i32 {
  return <i32>((<i64>count * <i64>worker) / <i64>workers);
}
