// In this order: what is refused is refused beside no panel, and the large file's is closed.
import './texts/largeFile.ts';
import './texts/refusals.ts';
