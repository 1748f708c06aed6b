@node "%~dp0executable.ts" %*
