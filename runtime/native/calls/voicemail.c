/*
 * Voicemail, which a module provides (asterisk/app.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

/* The functions of one module at a time, copied, so that its memory is not looked at when it is gone. */
struct provider {
	pthread_mutex_t lock;
	char *name;	/* NULL for none. */
	struct ast_module *module;
};
static struct provider mailboxes = { .lock = PTHREAD_MUTEX_INITIALIZER };
static struct provider greeter = { .lock = PTHREAD_MUTEX_INITIALIZER };
static struct ast_vm_functions functions;
static struct ast_vm_greeter_functions greeter_functions;

/* Takes the table of a module over: 0, or -1. */
static int provide(struct provider *provider, void *copy, const void *table, size_t size, const char *name,
	struct ast_module *module)
{
	int result = -1;

	pthread_mutex_lock(&provider->lock);
	if (provider->name) {
		ast_log(LOG_WARNING, "'%s' provides voicemail already\n", provider->name);
	} else if ((provider->name = strdup(name))) {
		memcpy(copy, table, size);
		provider->module = module;
		result = 0;
	}
	pthread_mutex_unlock(&provider->lock);
	return result;
}

static void unprovide(struct provider *provider, const char *name)
{
	pthread_mutex_lock(&provider->lock);
	if (name && provider->name && !strcmp(provider->name, name)) {
		free(provider->name);
		provider->name = NULL;
	}
	pthread_mutex_unlock(&provider->lock);
}

void asterism_voicemail_closing(const struct ast_module *module)
{
	struct provider *const all[] = { &mailboxes, &greeter };
	size_t i;

	for (i = 0; i < ARRAY_LEN(all); i++) {
		pthread_mutex_lock(&all[i]->lock);
		if (all[i]->name && all[i]->module == module) {
			free(all[i]->name);
			all[i]->name = NULL;
		}
		pthread_mutex_unlock(&all[i]->lock);
	}
}

static int is_provided(struct provider *provider)
{
	int result;

	pthread_mutex_lock(&provider->lock);
	result = provider->name != NULL;
	pthread_mutex_unlock(&provider->lock);
	return result;
}

int __ast_vm_register(const struct ast_vm_functions *vm_table, struct ast_module *module)
{
	if (!vm_table || ast_strlen_zero(vm_table->module_name) || vm_table->module_version != VM_MODULE_VERSION) {
		ast_log(LOG_ERROR, "voicemail needs the name of its module and version %d\n", VM_MODULE_VERSION);
		return -1;
	}
	return provide(&mailboxes, &functions, vm_table, sizeof(functions), vm_table->module_name, module);
}

int __ast_vm_greeter_register(const struct ast_vm_greeter_functions *vm_table, struct ast_module *module)
{
	if (!vm_table || ast_strlen_zero(vm_table->module_name)
		|| vm_table->module_version != VM_GREETER_MODULE_VERSION) {
		ast_log(LOG_ERROR, "a greeter needs the name of its module and version %d\n", VM_GREETER_MODULE_VERSION);
		return -1;
	}
	return provide(&greeter, &greeter_functions, vm_table, sizeof(greeter_functions), vm_table->module_name, module);
}

void ast_vm_unregister(const char *module_name)
{
	unprovide(&mailboxes, module_name);
}

void ast_vm_greeter_unregister(const char *module_name)
{
	unprovide(&greeter, module_name);
}

int ast_vm_is_registered(void)
{
	return is_provided(&mailboxes);
}

int ast_vm_greeter_is_registered(void)
{
	return is_provided(&greeter);
}

/* Says once that no module provides voicemail. */
static void tell_lack(void)
{
	static int is_told;

	if (!__atomic_exchange_n(&is_told, 1, __ATOMIC_RELAXED)) {
		ast_verb(3, "no module provides voicemail\n");
	}
}

/*
 * Calls a function of the module, which is used meanwhile and cannot be unloaded; without one the value that is given for
 * that.
 */
#define ASKED(provider, table, function, otherwise, ...) ({ \
	__typeof__(table) __now = { 0 }; \
	struct ast_module *__module = NULL; \
	__typeof__(__now.function(__VA_ARGS__)) __result = otherwise; \
	pthread_mutex_lock(&(provider).lock); \
	if ((provider).name) { \
		__now = table; \
		__module = ast_module_ref((provider).module); \
	} \
	pthread_mutex_unlock(&(provider).lock); \
	if (__now.function) { \
		__result = __now.function(__VA_ARGS__); \
	} else { \
		tell_lack(); \
	} \
	ast_module_unref(__module); \
	__result; \
})
#define MAILBOX(function, otherwise, ...) ASKED(mailboxes, functions, function, otherwise, __VA_ARGS__)

int ast_app_has_voicemail(const char *boxes, const char *folder)
{
	return MAILBOX(has_voicemail, 0, boxes, folder);
}

static void clear_count(int *count)
{
	if (count) {
		*count = 0;
	}
}

int ast_app_inboxcount(const char *boxes, int *newmsgs, int *oldmsgs)
{
	clear_count(newmsgs);
	clear_count(oldmsgs);
	return MAILBOX(inboxcount, 0, boxes, newmsgs, oldmsgs);
}

int ast_app_inboxcount2(const char *boxes, int *urgentmsgs, int *newmsgs, int *oldmsgs)
{
	clear_count(urgentmsgs);
	clear_count(newmsgs);
	clear_count(oldmsgs);
	return MAILBOX(inboxcount2, 0, boxes, urgentmsgs, newmsgs, oldmsgs);
}

int ast_app_messagecount(const char *mailbox_id, const char *folder)
{
	return MAILBOX(messagecount, 0, mailbox_id, folder);
}

int ast_app_copy_recording_to_vm(struct ast_vm_recording_data *vm_rec_data)
{
	return MAILBOX(copy_recording_to_vm, -1, vm_rec_data);
}

const char *ast_vm_index_to_foldername(int id)
{
	return MAILBOX(index_to_foldername, NULL, id);
}

struct ast_vm_mailbox_snapshot *ast_vm_mailbox_snapshot_create(const char *mailbox, const char *context,
	const char *folder, int descending, enum ast_vm_snapshot_sort_val sort_val, int combine_INBOX_and_OLD)
{
	return MAILBOX(mailbox_snapshot_create, NULL, mailbox, context, folder, descending, sort_val, combine_INBOX_and_OLD);
}

struct ast_vm_mailbox_snapshot *ast_vm_mailbox_snapshot_destroy(struct ast_vm_mailbox_snapshot *mailbox_snapshot)
{
	return MAILBOX(mailbox_snapshot_destroy, NULL, mailbox_snapshot);
}

int ast_vm_msg_move(const char *mailbox, const char *context, size_t num_msgs, const char *oldfolder,
	const char *old_msg_ids[], const char *newfolder)
{
	return MAILBOX(msg_move, -1, mailbox, context, num_msgs, oldfolder, old_msg_ids, newfolder);
}

int ast_vm_msg_remove(const char *mailbox, const char *context, size_t num_msgs, const char *folder, const char *msgs[])
{
	return MAILBOX(msg_remove, -1, mailbox, context, num_msgs, folder, msgs);
}

int ast_vm_msg_forward(const char *from_mailbox, const char *from_context, const char *from_folder,
	const char *to_mailbox, const char *to_context, const char *to_folder, size_t num_msgs, const char *msg_ids[],
	int delete_old)
{
	return MAILBOX(msg_forward, -1, from_mailbox, from_context, from_folder, to_mailbox, to_context, to_folder, num_msgs,
		msg_ids, delete_old);
}

int ast_vm_msg_play(struct ast_channel *chan, const char *mailbox, const char *context, const char *folder,
	const char *msg_num, ast_vm_msg_play_cb *cb)
{
	return MAILBOX(msg_play, -1, chan, mailbox, context, folder, msg_num, cb);
}

int ast_app_sayname(struct ast_channel *chan, const char *mailbox_id)
{
	return ASKED(greeter, greeter_functions, sayname, -1, chan, mailbox_id);
}
