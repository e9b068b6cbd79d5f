/* What the modules of the stand-in include first. */
#ifndef STAND_IN_H
#define STAND_IN_H 1

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "asterisk/buildopts.h"

#endif
