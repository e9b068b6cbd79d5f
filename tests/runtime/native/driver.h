/* What the parts of the driver share. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_TEST_DRIVER_H
#define ASTERISM_TEST_DRIVER_H

/* How many messages were logged. */
extern int logged;

/* Hexadecimal digits as bytes, to be freed; a text as digits, on standard output; the same, and the text is freed. */
char *unhex(const char *hex);
void hex(const char *text);
void hex_free(char *text);

void channel_variables(char *text);
void channel_fields(char *text);
void channel_mistakes(char *text);
void channel_hangups(char *text);
void channel_hammer(char *text);
void channel_hooks(char *text);
void json_try(char *text);
void json_object(char *text);
void json_array(char *text);
void json_pack(char *text);
void json_deep(char *text);
void json_hammer(char *text);
void stasis_try(char *text);
void stasis_hammer(char *text);
void manager_try(char *text);
void object_try(char *text);
void container_try(char *text);
void container_hammer(char *text);
void vector_try(char *text);
void vector_text(char *text);
void localtime_try(char *text);
void uuid_try(char *text);
void small_try(char *text);
void parse_try(char *text);
void md5_try(char *text);
void term_try(char *text);
void uri_try(char *text);
void list_try(char *text);
void dllist_try(char *text);
void fields_try(char *text);
void fields_mistakes(char *text);
void heap_try(char *text);
void hashtab_try(char *text);
void io_try(char *text);
void acl_try(char *text);
void tos_try(char *text);
void cdr_try(char *text);
void time_try(char *text);
void time_units(char *text);
void sched_try(char *text);
void sched_hammer(char *text);
void tasks_hammer(char *text);
void tasks_come_and_go(char *text);
void tasks_listen(char *text);
void tasks_mistakes(char *text);
void snapshot_hammer(char *text);
void snapshot_mistakes(char *text);

#endif
