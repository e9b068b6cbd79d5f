/* Function attributes under the names Asterisk gives them. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_COMPILER_H
#define ASTERISM_COMPILER_H

#define force_inline __attribute__((always_inline)) inline
#define attribute_pure __attribute__((pure))
#define attribute_const __attribute__((const))
#define attribute_deprecated __attribute__((deprecated))
#define attribute_unused __attribute__((unused))
#define attribute_malloc __attribute__((malloc))
#define attribute_sentinel __attribute__((sentinel))
#define attribute_warn_unused_result __attribute__((warn_unused_result))
#define attribute_may_alias __attribute__((may_alias))
#define attribute_noreturn __attribute__((noreturn))

/* The last argument of a variable list that is closed by NULL. */
#define SENTINEL ((char *) NULL)

#endif
