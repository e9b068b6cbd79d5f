/* Commands of one line, which answer with one line. */
#ifndef STAND_IN_CLI_H
#define STAND_IN_CLI_H

void stand_in_command(const char *words, const char *(*answer)(void));

#endif
