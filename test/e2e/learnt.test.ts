// In this order: the pictures are of the run that the editor's tests began.
import './learnt/editor.ts';
import './learnt/pictures.ts';
