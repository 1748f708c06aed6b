/** Copies text for pasting elsewhere; resolves to whether that was allowed. Call it from what a person does. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
