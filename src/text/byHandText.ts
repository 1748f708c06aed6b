/**
 * A text of a few words, for numbers that are looked at one by one: eight symbols, of which the l alone tells why a network needs a
 * memory, since what follows it depends on what came before. Windows of five begin at other places of the words each time.
 */
export const BY_HAND_TEXT = 'hello world hello world hello world hello world';
